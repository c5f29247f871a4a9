"""Build a snapshot: read, check, derive, write; or say everything that is wrong.

A broken file leaves the snapshot that was there before. The same input gives the same bytes.
"""

import atexit
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from peelgraph import reading, snapshot
from peelgraph.alone import building
from peelgraph.derivation import publicity, rules
from peelgraph.derivation.derive import derive
from peelgraph.derivation.publicity import EDITORIAL, Sources
from peelgraph.manifest import check_manifest
from peelgraph.namespaces import PEEL, PREFIXES, RDF, RECORD_GRAPH, shorten
from peelgraph.reading import Progress, SourceError
from peelgraph.resources import Project, current

_TYPE = ox.NamedNode(RDF + "type")
_CLASS = ox.NamedNode(PREFIXES["owl"] + "Class")
_OUR_CLASS = f"SELECT ?class {{ GRAPH ?graph {{ ?class a <{_CLASS.value}> }} }}"


class BuildError(Exception):
    """A project that cannot be built; :attr:`problems` holds every reason."""

    def __init__(self, problems: Iterable[SourceError]) -> None:
        """Keep the *problems*, in the order of files and lines."""
        self.problems = tuple(
            sorted(problems, key=lambda each: (str(each.file), each.line or 0, each.message))
        )
        super().__init__("\n".join(str(each) for each in self.problems))


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built. ``quads`` are the lines of the snapshot; ``counts`` are things by kind."""

    digest: str
    path: Path
    quads: int
    records: int
    counts: dict[str, int] = field(default_factory=dict)

    def as_object(self) -> dict[str, object]:
        """Return the report as plain values."""
        return {**asdict(self), "path": str(self.path)}


def build(
    project: Project | None = None, out: Path | None = None, progress: Progress | None = None
) -> BuildReport:
    """Build the snapshot of *project* and write it.

    :param project: the current one, if None
    :param out: the folder to write to; the cache of this user, if None
    :param progress: is told what is being done
    :raises BuildError: a file is broken, or a record does not meet its manifest
    :raises BeingBuilt: another process is building the same snapshot
    :raises OSError: the snapshot cannot be written
    """
    project = project or current()
    path = snapshot.path_of(snapshot.digest(project), out)
    with building(path):
        return _build(project, path, progress)


def _build(project: Project, path: Path, progress: Progress | None) -> BuildReport:
    store = quads(project, progress=progress)
    if progress is not None:
        progress("writing")
    lines = snapshot.write(store, path)
    records = sum(1 for name in store.named_graphs() if str(name).startswith(f"<{RECORD_GRAPH}"))
    return BuildReport(path.name.partition(".")[0], path, lines, records, _things(store))


def ensure(project: Project | None = None, progress: Progress | None = None) -> Path:
    """Return the snapshot of *project* as it is now, built if it is missing or damaged.

    Where another process is building it, this one waits. Where the cache cannot be written to, the
    snapshot lasts as long as the process.

    :raises BuildError: a file is broken
    """
    project = project or current()
    if (found := snapshot.find(project)) is not None:
        return found
    path = snapshot.path_of(snapshot.digest(project))
    try:
        with building(path, wait=True):
            if snapshot.is_sound(path):
                return path
            return _build(project, path, progress).path
    except OSError:
        return build(project, Path(_temporary()), progress).path


def open_store(
    project: Project | None = None, progress: Progress | None = None
) -> tuple[ox.Store, str]:
    """Return a store with the snapshot of *project*, and its digest.

    The snapshot is kept where the cache can be written to, and only in memory where it cannot.

    :raises BuildError: a file is broken
    """
    project = project or current()
    digest = snapshot.digest(project)
    path = snapshot.path_of(digest)
    if snapshot.is_sound(path):
        return snapshot.load(path), digest
    store = quads(project, progress=progress)
    try:
        snapshot.write(store, path)
    except OSError:
        if progress is not None:
            progress(f"{path.parent} cannot be written to; the snapshot stays in memory")
    return store, digest


def quads(
    project: Project, known: date | None = None, progress: Progress | None = None
) -> ox.Store:
    """Return everything that a snapshot of *project* holds.

    :param known: leave out what was not public by that day, before anything is derived
    :raises BuildError: a file is broken, or a record does not meet its manifest
    """
    store, problems = reading.read(project, progress)
    if not problems:
        problems += _checked(project, store)
    if problems:
        raise BuildError(problems)
    if known is not None:
        store = restricted(store, known)
    try:
        derive(store, [each.rules for each in project.layers], progress)
    except rules.RuleError as error:
        raise BuildError([SourceError(error.path, error.line, str(error))]) from None
    digest = ox.Literal(snapshot.digest(project))
    node, predicate = ox.NamedNode(snapshot.SNAPSHOT), ox.NamedNode(PEEL + "digest")
    store.add(ox.Quad(node, predicate, digest))
    store.add(ox.Quad(node, predicate, digest, ox.NamedNode(publicity.DERIVED)))
    return store


def restricted(store: ox.Store, known: date) -> ox.Store:
    """Return only what was public by a day: of records and editorial statements, whole graphs."""
    sources = publicity.read(store)
    found = ox.Store()
    found.bulk_extend(quad for quad in store if sources.admit(quad, known))
    return found


def _checked(project: Project, store: ox.Store) -> list[SourceError]:
    """Return what is wrong between files that are each sound."""
    sources = publicity.read(store)
    problems = [*_undated(project, sources), *_groundless(project, sources)]
    rows = store.query(_OUR_CLASS)
    assert isinstance(rows, ox.QuerySolutions)
    classes = {
        row["class"].value.removeprefix(PEEL)
        for row in rows
        if isinstance(row["class"], ox.NamedNode) and row["class"].value.startswith(PEEL)
    }
    for file in reading.source_files(project):
        if file.is_record:
            manifest = file.path.with_suffix(".toml")
            counts = _counts(store, file.graph)
            problems += [
                SourceError(each.file, each.line, each.message)
                for each in check_manifest(manifest, counts, classes)
            ]
    return problems


def _undated(project: Project, sources: Sources) -> Iterable[SourceError]:
    for graph in sources.undated:
        file = project.records / f"{graph.removeprefix(RECORD_GRAPH)}.ttl"
        yield SourceError(
            file,
            1,
            "Nothing says when the document became public: "
            "give its peel:publicOn, peel:dated or peel:retrievedOn.",
        )


def _groundless(project: Project, sources: Sources) -> Iterable[SourceError]:
    files = [file.path for file in reading.source_files(project) if file.graph == EDITORIAL]
    lines = [
        (file, number, line)
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    ]
    for subject in sources.groundless:
        name = shorten(subject)
        written = re.compile(rf"{re.escape(name)}(?![\w-])|<{re.escape(subject)}>")
        file, line = next(
            ((file, number) for file, number, text in lines if written.search(text)),
            (project.editorial, None),
        )
        yield SourceError(
            file,
            line,
            f"{name} rests on no document: name them with prov:wasDerivedFrom, "
            "on it or on a peel:Inference that marks the triple.",
        )


def _counts(store: ox.Store, graph: str) -> Mapping[str, int]:
    """Return how many things of each of our classes a record describes."""
    found: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, _TYPE, None, ox.NamedNode(graph)):
        if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(PEEL):
            name = quad.object.value.removeprefix(PEEL)
            found.setdefault(name, set()).add(str(quad.subject))
    return {name: len(subjects) for name, subjects in found.items()}


def _things(store: ox.Store) -> dict[str, int]:
    rows = store.query(
        f"SELECT ?kind (COUNT(?thing) AS ?count) {{ ?thing <{PEEL}kindToken> ?kind }} "
        "GROUP BY ?kind ORDER BY ?kind"
    )
    assert isinstance(rows, ox.QuerySolutions)
    return {row["kind"].value: int(row["count"].value) for row in rows}


def _temporary() -> str:
    folder = TemporaryDirectory(prefix="peelgraph-")
    atexit.register(folder.cleanup)
    return folder.name
