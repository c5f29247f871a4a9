"""Where a project's ``.ttl``, ``.toml`` and ``.rq`` files are.

A wheel carries the repository's data folders inside the package, in ``_data/``. A checkout
(``pip install -e .``) has them at its root. Nothing else in the code knows the difference.
"""

import os
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).parent
_PACKAGED = _PACKAGE / "_data"

#: names the project in the environment, for this process and those that it starts
PROJECT, ALONE = "PEELGRAPH_PROJECT", "PEELGRAPH_ALONE"


@dataclass(frozen=True, slots=True)
class Project:
    """A folder that holds ``ontology/``, ``shapes/`` and ``graph/``; each may be missing.

    :param base: the project that this one is added to, if it does not stand alone
    """

    root: Path
    base: "Project | None" = None

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

    @property
    def layers(self) -> tuple["Project", ...]:
        """The project that this one is added to, if any, and then this one."""
        return (*(self.base.layers if self.base else ()), self)

    def named(self, path: Path) -> str:
        """Return how a file of the project is called in it, with ``/``."""
        for layer in reversed(self.layers):
            if path.is_relative_to(layer.root):
                name = path.relative_to(layer.root).as_posix()
                return name if layer is self else f"base/{name}"
        return path.as_posix()


#: the project that this package ships
SHIPPED = Project(_PACKAGED if _PACKAGED.is_dir() else _PACKAGE.parents[1])


def current() -> Project:
    """Return the project that is asked for: the shipped one, or that of the environment.

    ``PEELGRAPH_PROJECT`` is a folder, added to the shipped project; with ``PEELGRAPH_ALONE`` it
    stands instead of it.
    """
    chosen = os.environ.get(PROJECT)
    if not chosen:
        return SHIPPED
    root = Path(chosen).resolve()
    return Project(root) if os.environ.get(ALONE) else Project(root, SHIPPED)
