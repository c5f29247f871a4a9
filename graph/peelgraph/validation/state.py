"""What was found in a project, kept so that after a change only what the change reaches is asked.

A state is a store on disk with all statements and the files that speak of each thing, and what
each shape found. From it to the project of today lead the statements that were added and removed;
:mod:`peelgraph.validation.reach` says to which things they can matter, and each shape looks at
these again. Where that cannot be told, it looks at everything, and where the change is of a kind
that makes it uncertain what was found (a class put under another, a shape that cannot be run),
there is no way from the state to today, and the project is validated from nothing.

Not kept are the statements that a rule found at odds: they are looked up for each finding anew.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from peelgraph.namespaces import RDF, RDFS
from peelgraph.validation import core, kept, rules
from peelgraph.validation.corpus import Source, UnreadableFileError, Wanted, read
from peelgraph.validation.finding import Finding
from peelgraph.validation.merged import Merged, Thing
from peelgraph.validation.placing import things
from peelgraph.validation.reach import CHANGED, Reach
from peelgraph.validation.running import Task, as_finding, run, tasks
from peelgraph.validation.shapes import Shapes
from peelgraph.validation.targets import Classes
from peelgraph.validation.vocabulary import unknown

#: with fewer triples than these, to begin from nothing is quicker than to go on from a state
LEAST = 50_000

#: beyond so many changed statements, or files to read again, nothing is gained
_MOST_STATEMENTS, _MOST_FILES = 5_000, 300
_AT_ONCE = 100_000
_MERGE, _INDEX = ox.DefaultGraph(), ox.NamedNode("urn:peelgraph:index")
_TYPE = ox.NamedNode(RDF + "type")
_CHANGED, _SUBCLASS = ox.NamedNode(CHANGED), ox.NamedNode(RDFS + "subClassOf")
_TASK, _FILE = "urn:peelgraph:task:", "urn:peelgraph:file:"

Digests = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a state: what was read, how much it stated, its terms that do not exist."""

    digest: str
    number: int
    triples: int
    unknown: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What the shapes found in a project, and what was looked at.

    ``sources`` are the files in which the places of findings can be, at least.
    """

    found: tuple[Finding, ...]
    unknown: tuple[Finding, ...]
    sources: tuple[Source, ...]
    paths: tuple[Path, ...]
    triples: int


@dataclass(frozen=True, slots=True)
class State:
    """What was found at some time; ``found`` goes by the address of the shape or rule."""

    path: Path
    entries: dict[str, Entry]
    found: dict[str, tuple[Finding, ...]]

    def away(self, digests: Digests) -> int:
        """Return how many files are others today."""
        same = sum(
            name in digests and digests[name] == each.digest for name, each in self.entries.items()
        )
        return len(self.entries) + len(digests) - 2 * same


def nearest(key: str, digests: Digests) -> State | None:
    """Return the state that is the least away from files with these *digests*.

    :param key: stands for all that a state depends on beside the files
    """
    read_ = (_read(path) for path in kept.folder("states").glob(f"{key[:24]}-*"))
    states = sorted((each for each in read_ if each), key=lambda each: each.away(digests))
    return next((each for each in states if kept.is_whole(each.path)), None)


def begin(
    key: str,
    sources: Sequence[Source],
    merged: Merged,
    found: Mapping[str, tuple[Finding, ...]],
    terms: Mapping[str, tuple[Finding, ...]],
) -> None:
    """Keep what was found in a project that was validated from nothing, if it is a large one.

    :param found: by the address of the shape or rule
    :param terms: by the name of the file, the terms that do not exist
    """
    if sum(len(each.triples) for each in sources) < LEAST:
        return
    entries = {
        each.name: Entry(each.digest, number, len(each.triples), terms.get(each.name, ()))
        for number, each in enumerate(sources)
    }
    with suppress(OSError), kept.written(_path(key, entries)) as partial:
        store = ox.Store(str(partial / "store"))
        _add(store, merged.store)
        _add(store, (quad for each in sources for quad in _index(each, entries[each.name].number)))
        store.flush()
        del store
        _write(partial, entries, found)


class _NoWay(Exception):
    """It does not lead from the state to today."""


def advance(
    state: State,
    key: str,
    wanted: Sequence[Wanted],
    digests: Digests,
    shapes: Shapes,
    declared: set[str],
    *,
    trusted: bool,
    keep: bool,
) -> Checked | None:
    """Return what is found in the files of today; ``None`` if that must be found from nothing.

    :param wanted: all files, of which those to report on are marked
    :param digests: of each of them, by its name
    :param declared: the addresses of what the vocabulary describes
    :param trusted: the shapes are the shipped ones
    :param keep: keep the state of today, too
    """
    try:
        return _Way(state, key, wanted, digests, shapes, declared, trusted).go(keep)
    except (_NoWay, UnreadableFileError, OSError):
        return None


class _Way:
    """From a state to the files of today."""

    def __init__(
        self,
        state: State,
        key: str,
        wanted: Sequence[Wanted],
        digests: Digests,
        shapes: Shapes,
        declared: set[str],
        trusted: bool,
    ) -> None:
        self._state, self._shapes, self._trusted = state, shapes, trusted
        self._key = key
        self._wanted = {each.name: each for each in wanted}
        self._digests = digests
        self._reach = self._reaches()
        self._read: dict[str, Source] = {}
        entries = state.entries
        changed = [
            name
            for name in self._wanted
            if name not in entries or entries[name].digest != digests[name]
        ]
        self._left = [
            *(n for n in entries if n not in digests),
            *(n for n in changed if n in entries),
        ]
        if len(changed) + len(self._left) > _MOST_FILES:
            raise _NoWay
        self._new = [self._source(name) for name in changed]
        if Merged(triple for each in self._new for triple in each.triples).rewritten:
            raise _NoWay
        free = max((each.number for each in entries.values()), default=-1) + 1
        self.entries = {n: each for n, each in entries.items() if n not in self._left} | {
            each.name: Entry(each.digest, free + at, len(each.triples), _unknown(each, declared))
            for at, each in enumerate(self._new)
        }
        self._by_number = {each.number: name for name, each in self.entries.items()}

    def go(self, keep: bool) -> Checked:
        """Ask again what has to be asked again."""
        keep = keep and bool(self._new or self._left)
        place = _path(self._key, self.entries)
        with kept.written(place) if keep else kept.beside(place) as partial:
            where = partial / "store"
            kept.copy(self._state.path / "store", where)
            store = ox.Store(str(where))
            todo = self._changed(store)
            store.flush()
            del store
            store = ox.Store.read_only(str(where))
            merged = Merged.of(store if self._trusted else _in_memory(store))
            found = dict(self._state.found) | {
                each.name: each.kept for each in todo if each.within is not None
            }
            for outcome in run(merged, todo, trusted=self._trusted, here=self._trusted):
                if outcome.failure is not None:
                    raise _NoWay
                found[outcome.task.name] = outcome.findings
            of_terms = [
                finding
                for name, each in self._wanted.items()
                if each.reported
                for finding in self.entries[name].unknown
            ]
            of_shapes = [each for findings in found.values() for each in findings]
            sources = self._speaking(store, [*of_shapes, *of_terms])
            del merged, store
            if keep:
                _write(partial, self.entries, found)
        reported = [each for each in self._wanted.values() if each.reported]
        return Checked(
            tuple(of_shapes),
            tuple(of_terms),
            tuple(sources),
            tuple(each.path for each in reported),
            sum(self.entries[each.name].triples for each in reported),
        )

    def _source(self, name: str) -> Source:
        """Read a file; what changes at the same moment is not what was asked for."""
        if name not in self._read:
            self._read[name] = read(self._wanted[name])
        if self._read[name].digest != self._digests[name]:
            raise _NoWay
        return self._read[name]

    def _changed(self, store: ox.Store) -> list[Task]:
        """Bring *store* to what is stated today, and return what has to be looked at again."""
        for graph in list(store.named_graphs()):  # of the run before
            if isinstance(graph, ox.NamedNode) and graph.value.startswith(_TASK):
                store.remove_graph(graph)
        said = {each.name: set(_said(each).items()) for each in self._new}
        for name in self._left:
            file = _file(self._state.entries[name].number)
            quads = list(store.quads_for_pattern(None, file, None, _INDEX))
            # of what a file says the same as before, nothing has changed by this file
            said[name] = said.get(name, set()) ^ {(each.subject, each.object) for each in quads}
            for quad in quads:
                store.remove(quad)
        subjects = {subject for each in said.values() for subject, _ in each}
        others = {
            self._by_number[number] for subject in subjects for number in _numbers(store, subject)
        }
        if len(others) > _MOST_FILES:
            raise _NoWay
        today = {
            triple
            for each in (*self._new, *map(self._source, sorted(others)))
            for triple in each.triples
            if triple.subject in subjects
        }
        before = {
            quad.triple
            for subject in subjects
            for quad in store.quads_for_pattern(subject, None, None, _MERGE)
        }
        added, removed = today - before, before - today
        both = added | removed
        if len(both) > _MOST_STATEMENTS or any(each.predicate == _SUBCLASS for each in both):
            raise _NoWay
        store.extend(_quad(triple, _MERGE) for triple in added)
        store.extend(_quad(triple, _CHANGED) for triple in both)
        todo = self._again(store, frozenset(each.predicate.value for each in both))
        for triple in removed:
            store.remove(_quad(triple, _MERGE))
        store.remove_graph(_CHANGED)
        for each in self._new:
            store.extend(_index(each, self.entries[each.name].number))
        return todo

    def _again(self, store: ox.Store, changed: frozenset[str]) -> list[Task]:
        """Return what each shape has to look at again; nothing, if that is nothing."""
        asked: dict[str, set[Thing]] = {}
        todo: list[Task] = []
        for number, task in enumerate(tasks(self._shapes)):
            reach = self._reach[task.name]
            again = _reached(store, reach, changed, asked)
            if again is None:
                todo.append(task)
                continue
            names = {each.value for each in again}
            old = self._state.found.get(task.name, ())
            rest = tuple(each for each in old if each.focus not in names)
            if again or (task.rule and rest):
                within = ox.NamedNode(f"{_TASK}{number}")
                store.extend(ox.Quad(each, _TYPE, within, within) for each in again)
                todo.append(replace(task, within=within.value, kept=rest))
        return todo

    def _reaches(self) -> dict[str, Reach | None]:
        """Return how a change reaches each shape; to read their queries takes a while."""
        place = kept.folder("answers") / f"reach-{self._key}.json"
        if (content := kept.read(place)) is not None:
            return {
                name: None if ways is None else Reach.from_object(ways)
                for name, ways in json.loads(content).items()
            }
        known = Classes(())  # the ways are the same whichever classes are under another
        found = {
            task.name: rules.reach(task.rule, known)
            if task.rule
            else core.reach(self._shapes, task.shapes.core[0].node, known)
            for task in tasks(self._shapes)
        }
        said = {name: None if each is None else each.as_object() for name, each in found.items()}
        kept.write(place, json.dumps(said).encode())
        return found

    def _speaking(self, store: ox.Store, findings: Iterable[Finding]) -> list[Source]:
        """Return the files that speak of what is at fault, in their order."""
        nodes = {node for each in findings for name in things(each) for node in _nodes(name)}
        names = {self._by_number[number] for node in nodes for number in _numbers(store, node)}
        return [self._source(name) for name in self._wanted if name in names]


def _reached(
    store: ox.Store,
    reach: Reach | None,
    changed: frozenset[str],
    asked: dict[str, set[Thing]],
) -> set[Thing] | None:
    """Return the things to which the changed statements can matter; ``None`` is all."""
    if reach is None:
        return None if changed else set()
    found: set[Thing] = set()
    for way in reach.ways:
        if not way.is_open(changed):
            continue
        if way.query is None:
            return None
        if way.query not in asked:
            asked[way.query] = set(Merged.of(store).select(way.query))
        found |= asked[way.query]
    return found


def _unknown(source: Source, declared: set[str]) -> tuple[Finding, ...]:
    return tuple(unknown([source], declared))


def _index(source: Source, number: int) -> Iterator[ox.Quad]:
    """Yield which things a file speaks of, and what stands for all that it says of them."""
    file = _file(number)
    for subject, said in _said(source).items():
        yield ox.Quad(subject, file, said, _INDEX)


def _said(source: Source) -> dict[Any, Any]:
    """Return what stands for all that a file says of a thing, by the thing."""
    found: dict[Any, set[str]] = {}
    for triple in source.triples:
        found.setdefault(triple.subject, set()).add(f"{triple.predicate} {triple.object}")
    return {
        subject: ox.Literal(sha256("\n".join(sorted(said)).encode()).hexdigest())
        for subject, said in found.items()
    }


def _quad(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _file(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"{_FILE}{number}")


def _numbers(store: ox.Store, node: Any) -> Iterator[int]:
    for quad in store.quads_for_pattern(node, None, None, _INDEX):
        yield int(quad.predicate.value.removeprefix(_FILE))


def _nodes(name: str) -> Iterator[ox.NamedNode | ox.BlankNode]:
    """Yield the nodes that findings call so."""
    with suppress(ValueError):
        yield ox.NamedNode(name) if ":" in name else ox.BlankNode(name)


def _add(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Add many quads, few of them in memory at a time."""
    waiting = iter(quads)
    while some := list(islice(waiting, _AT_ONCE)):
        store.bulk_extend(some)


def _in_memory(store: ox.Store) -> ox.Store:
    """Return a copy for a confined process, which can open no file, those of a store neither."""
    found = ox.Store()
    _add(found, (quad for quad in store if quad.graph_name != _INDEX))
    return found


def _path(key: str, entries: Mapping[str, Entry]) -> Path:
    named = sorted((name, each.digest) for name, each in entries.items())
    digest = sha256(json.dumps(named).encode()).hexdigest()
    return kept.folder("states") / f"{key[:24]}-{digest[:24]}"


def _write(
    partial: Path, entries: Mapping[str, Entry], found: Mapping[str, tuple[Finding, ...]]
) -> None:
    files = {
        name: (each.digest, each.number, each.triples, [asdict(term) for term in each.unknown])
        for name, each in entries.items()
    }
    said = {
        name: [asdict(replace(each, statements=())) for each in findings]
        for name, findings in found.items()
    }
    text = json.dumps({"files": files, "found": said})
    (partial / "state.json").write_text(text, encoding="utf-8")


def _read(path: Path) -> State | None:
    try:
        said = json.loads((path / "state.json").read_text("utf-8"))
        entries = {
            name: Entry(digest, number, triples, tuple(map(as_finding, terms)))
            for name, (digest, number, triples, terms) in said["files"].items()
        }
        found = {name: tuple(map(as_finding, each)) for name, each in said["found"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return State(path, entries, found)
