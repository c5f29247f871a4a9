"""Bring a snapshot to an engine elsewhere: stage it, verify it, and only then put it in service.

1.  The quads go, in chunks, into graphs whose names nobody asks for (:data:`STAGES`). To send a
    chunk twice changes nothing, so what fails for a moment is tried again.
2.  Each staged graph is verified: how many triples it has, and how many characters their terms.
3.  One update takes the digest out of service, moves every staged graph into its place, and puts
    the digest back, last. An engine that keeps to SPARQL's "a request should be atomic" (Oxigraph,
    GraphDB, Stardog, Neptune) lets nobody see anything between. In one that does not (Virtuoso),
    who asks through :class:`~peelgraph.remote.engine.Remote` in these moments is told to wait,
    and a push that is broken off there is completed by pushing again.
4.  What is then in service is verified as before.

Whatever fails before step 3 leaves the old snapshot in service and takes away what was staged.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph as ox

from peelgraph import snapshot
from peelgraph.engine import EngineError
from peelgraph.namespaces import GRAPH, PEEL
from peelgraph.reading import Progress
from peelgraph.remote import dialect
from peelgraph.remote.connection import DamagedAnswer, TooSlow
from peelgraph.remote.contents import DIGEST, Contents, chunks, measures
from peelgraph.remote.endpoints import Endpoints, Writer
from peelgraph.remote.engine import MERGE, STAGES, Held, NoSnapshot, Remote


class NotPushed(EngineError):
    """A push that failed; says what is in service now."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did.

    :param quads: of the snapshot
    :param graphs: its named graphs
    :param protocol: how the quads went, ``graph-store`` or ``update``
    :param merge: the named graph with the merge; None where it is the default graph
    :param already: the engine held it before, and nothing was sent
    """

    digest: str
    quads: int
    graphs: int
    protocol: str
    merge: str | None
    already: bool

    def as_object(self) -> dict[str, object]:
        """Return the report as plain values."""
        return asdict(self)


def push(
    path: Path,
    remote: Remote,
    endpoints: Endpoints,
    *,
    chunk: int | None = None,
    overwrite: bool = False,
    progress: Progress = lambda message, done=0, total=0: None,
) -> Pushed:
    """Bring the snapshot at *path* into service in an engine.

    :param chunk: quads that one request has; as many as suit the protocol, if None
    :param overwrite: replace a default graph that is no snapshot
    :raises DamagedSnapshot: the snapshot is not there, or not what was written
    :raises NotPushed: it is not in service; says what is
    """
    if not snapshot.is_sound(path):
        raise snapshot.DamagedSnapshot(f"{path} is not a whole snapshot; build it again.")
    expected = Contents.read(path)
    progress(f"looking at what {remote.address} holds")
    before = _held(remote)
    writer = Writer(remote.connection, endpoints)

    def report(merge: str | None, already: bool) -> Pushed:
        named = len(expected.by_graph) - 1
        return Pushed(expected.digest, expected.quads, named, writer.protocol, merge, already)

    if (
        before is not None
        and before.digest == expected.digest
        and measures(remote, _places(expected, before.merge)) == expected.by_graph
    ):
        return report(before.merge, already=True)
    kept = dialect.stored if remote.is_virtuoso else str
    stages = {name: f"{STAGES}{number}" for number, name in enumerate(expected.by_graph)}
    try:
        _drop(writer, _named(remote, STAGES))
        merge = _merge(remote, writer)
        old = set(_named(remote, GRAPH)) - {merge}
        if merge is None and before is None and not old and not overwrite:
            _refuse_strangers(remote)
        for sent, (name, triples) in chunks(path, chunk or writer.chunk):
            writer.add(stages[name], [kept(triple) for triple in triples])
            progress("sending", sent, expected.quads)
        progress("verifying what was sent")
        if measures(remote, stages) != expected.by_graph:
            raise DamagedAnswer("What the engine took in is not what was sent.")
    except EngineError as error:
        _take_away(remote, writer)
        raise NotPushed(f"{error} {_still(before)}") from None
    progress("putting it in service")
    _switch(remote, writer, expected, stages, merge, old)
    return report(merge, already=False)


def _switch(
    remote: Remote,
    writer: Writer,
    expected: Contents,
    stages: dict[str, str],
    merge: str | None,
    old: set[str],
) -> None:
    """Put what is staged into service, by one update, and see that it is.

    :raises NotPushed: it is not, or nobody can tell
    """
    places = _places(expected, merge)

    def within(place: str, pattern: str) -> str:
        return f"GRAPH <{place}> {{ {pattern} }}" if place else pattern

    steps = [
        f"DELETE WHERE {{ {within(places[name], f'{DIGEST} ?digest')} }}"
        for name in expected.marked
    ]
    steps += [f"DROP SILENT GRAPH <{name}>" for name in sorted(old - set(places.values()))]
    for name, place in places.items():
        into = f"GRAPH <{place}>" if place else "DEFAULT"
        if expected.by_graph[name].triples:
            steps.append(f"MOVE GRAPH <{stages[name]}> TO {into}")
        else:
            steps.append(f"DROP SILENT {into}")
    steps += [
        f"""INSERT DATA {{ {within(places[name], f'{DIGEST} "{expected.digest}"')} }}"""
        for name in expected.marked
    ]
    failed: EngineError | None = None
    try:
        # not tried again, because it may be under way: what was moved is no longer to be moved
        writer.update(" ;\n".join(steps), repeat=False)
    except EngineError as error:
        failed = error
    why = f"{failed} " if failed else ""
    try:
        held = _held(remote)
        if held is not None and held.digest == expected.digest:
            if measures(remote, places) == expected.by_graph:
                return
            raise NotPushed("What is in service is not what was sent. Push again.")
    except NotPushed:
        raise
    except EngineError as error:
        raise NotPushed(
            f"{why or error} Which snapshot is in service cannot be told now. Push again."
        ) from None
    if isinstance(failed, TooSlow):
        raise NotPushed(
            f"{why}It may be under way still. Push again in some minutes, with a longer --timeout."
        )
    if held is None:
        raise NotPushed(
            f"{why}The engine broke off while the new snapshot took the place of the old one, "
            "and holds neither whole. Push again."
        )
    _take_away(remote, writer)
    raise NotPushed(f"{why}{_still(held)}")


def _held(remote: Remote) -> Held | None:
    try:
        return remote.look()
    except NoSnapshot:
        return None


def _still(before: Held | None) -> str:
    if before is None:
        return "No snapshot is in service there."
    return f"The snapshot {before.digest[:12]} is still in service there."


def _merge(remote: Remote, writer: Writer) -> str | None:
    """Return where the merge goes: into a named graph, if the default one is the union of those.

    A mark tells it. It is also the first that is written: who may not write, is told now.
    """
    mark = f"<{STAGES}mark> <{PEEL}digest> 'mark'"
    writer.update(f"INSERT DATA {{ GRAPH <{STAGES}mark> {{ {mark} }} }}")
    union = bool(remote.raw(f"ASK {{ {mark} }}"))
    _drop(writer, [f"{STAGES}mark"])
    return MERGE if union else None


def _refuse_strangers(remote: Remote) -> None:
    if remote.raw("ASK { ?s ?p ?o }"):
        raise EngineError(
            "The default graph there holds something that is no snapshot, and would be lost. "
            "Give the address of an empty store, or --overwrite."
        )


def _places(expected: Contents, merge: str | None) -> dict[str, str]:
    """Return the graph in service of each graph of the snapshot; ``""`` is the default graph."""
    return {name: name or merge or "" for name in expected.by_graph}


def _named(remote: Remote, beginning: str) -> list[str]:
    """Return the named graphs whose names begin so."""
    rows = remote.raw(
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } "
        f'FILTER (STRSTARTS(STR(?g), "{beginning}")) }} ORDER BY ?g'
    )
    assert isinstance(rows, ox.QuerySolutions)
    return [row["g"].value for row in rows]


def _drop(writer: Writer, names: Iterable[str]) -> None:
    for name in names:
        writer.update(f"DROP SILENT GRAPH <{name}>")


def _take_away(remote: Remote, writer: Writer) -> None:
    """Take away what was staged; if that fails too, the next push does it."""
    with suppress(EngineError):
        _drop(writer, _named(remote, STAGES))
