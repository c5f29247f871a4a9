"""Where a project's ``.ttl``, ``.toml`` and ``.rq`` files are.

A wheel carries the repository's data folders inside the package, in ``_data/``. A checkout
(``pip install -e .``) has them at its root. Nothing else in the code knows the difference.
"""

from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).parent
_PACKAGED = _PACKAGE / "_data"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder that holds ``ontology/``, ``shapes/`` and ``graph/``."""

    root: Path

    @property
    def ontology(self) -> Path:
        """The vocabulary, with ``schemes/`` and ``alignments/`` below it."""
        return self.root / "ontology"

    @property
    def shapes(self) -> Path:
        """The SHACL shapes, with ``examples/`` below them."""
        return self.root / "shapes"

    @property
    def register(self) -> Path:
        """Identities shared by many documents."""
        return self.root / "graph" / "register"

    @property
    def reference(self) -> Path:
        """Cited facts and rules from outside the documents."""
        return self.root / "graph" / "reference"

    @property
    def editorial(self) -> Path:
        """Our inferences across documents."""
        return self.root / "graph" / "editorial"

    @property
    def records(self) -> Path:
        """One ``.ttl`` a source document, each with its manifest (``.toml``)."""
        return self.root / "graph" / "records"

    @property
    def rules(self) -> Path:
        """CONSTRUCT queries that derive what no document needs to say."""
        return self.root / "graph" / "rules"

    @property
    def questions(self) -> Path:
        """The lineage questions."""
        return self.root / "graph" / "questions"


#: the project that this package ships
SHIPPED = Project(_PACKAGED if _PACKAGED.is_dir() else _PACKAGE.parents[1])
