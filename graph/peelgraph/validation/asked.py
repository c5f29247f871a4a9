"""What a validation is asked to look at, and the digests by which its answer is remembered."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from peelgraph.reading import Progress
from peelgraph.resources import SHIPPED, Project
from peelgraph.validation import kept
from peelgraph.validation.corpus import Source, Wanted, wanted_files
from peelgraph.validation.shapes import shape_files


@dataclass(frozen=True, slots=True)
class Digests:
    """SHA-256 of every file that an answer depends on.

    ``files`` are those of the graph, by their names; ``state`` stands for what else decides what
    is found (the code, the shapes, the vocabulary), and ``answer`` for everything.
    """

    files: Mapping[str, str]
    state: str
    answer: str

    def are_of(self, sources: Iterable[Source]) -> bool:
        """Whether *sources* are what was digested; a file may change at any moment."""
        return all(self.files.get(each.name) == each.digest for each in sources)


@dataclass(frozen=True, slots=True)
class Asked:
    """The files of a validation; ``everything``, if no single ones were named.

    ``trusted`` says that all shapes are shipped ones.
    """

    files: tuple[Wanted, ...]
    shapes: tuple[Wanted, ...]
    rules: tuple[Wanted, ...]
    everything: bool
    trusted: bool

    @classmethod
    def of(cls, project: Project, files: Iterable[Path] | None) -> "Asked":
        """Return what there is to read for *project*, with *files* in their places."""

        def named(paths: Iterable[Path]) -> tuple[Wanted, ...]:
            return tuple(Wanted(path, project.named(path), True) for path in paths)

        return cls(
            tuple(wanted_files(project, files)),
            named(shape_files(*(layer.shapes for layer in project.layers))),
            named(path for layer in project.layers for path in sorted(layer.rules.glob("*.rq"))),
            files is None,
            _are_ours(path for layer in project.layers for path in shape_files(layer.shapes)),
        )

    def digests(self, progress: Progress) -> Digests | None:
        """Return the digests; ``None`` where a file cannot be read, or is named twice."""
        files, defining = {}, []
        for number, each in enumerate(self.files):
            progress("looking for changes", number, len(self.files))
            digest = _digest(each.path)
            if digest is None or each.name in files:
                return None
            files[each.name] = digest
            if each.defines:
                defining.append((each.name, digest))
        others = [(each.name, _digest(each.path)) for each in (*self.shapes, *self.rules)]
        if any(digest is None for _, digest in others):
            return None
        state = _sum([kept.tool(), others, defining])
        where = [
            (str(each.path), each.name, each.reported, files.get(each.name))
            for each in (*self.files, *self.shapes, *self.rules)
        ]
        return Digests(files, state, _sum([state, where]))


def _are_ours(paths: Iterable[Path]) -> bool:
    """Whether files of shapes are shipped ones, or copies of them."""
    shipped = shape_files(SHIPPED.shapes)
    others = [path for path in paths if path not in shipped]
    return not others or {*map(_digest, others)} <= {*map(_digest, shipped)}


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as content:
            return file_digest(content, "sha256").hexdigest()
    except OSError:
        return None


def _sum(said: object) -> str:
    return sha256(json.dumps(said).encode()).hexdigest()
