"""What the build computes from what is stated, into the derived graph and the merge."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from peelgraph.derivation import chronicle as chronicles
from peelgraph.derivation import clock, lateness, phases, rules, standing, statements, things
from peelgraph.derivation.chronicle import Chronicle
from peelgraph.derivation.labels import Labels
from peelgraph.derivation.publicity import ALWAYS, DERIVED, REFERENCE, Sources
from peelgraph.namespaces import DOCUMENT, EDTF, PEEL, PREFIXES, RDFS, RECORD_GRAPH
from peelgraph.reading import Progress

_DERIVED = ox.NamedNode(DERIVED)
_REGISTER = REFERENCE.replace("reference", "register")
_TOPIC = ox.NamedNode(PREFIXES["foaf"] + "primaryTopic")
_LABEL, _KIND = ox.NamedNode(RDFS + "label"), ox.NamedNode(PEEL + "kindToken")
_MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"
_DATES = f"SELECT DISTINCT ?date {{ ?s ?p ?date FILTER (DATATYPE(?date) = <{EDTF}>) }}"


def derive(
    store: ox.Store, folders: Path | Iterable[Path], progress: Progress | None = None
) -> Chronicle:
    """Merge the named graphs of *store* into its default graph and add what is derived.

    :param folders: where the rules are
    :param progress: is told what is being derived
    :raises RuleError: a rule cannot be read or run
    """
    say = progress or (lambda _: None)
    where = [folders] if isinstance(folders, Path) else folders
    applied = [rule for folder in where for rule in rules.read(folder)]
    say("reading what is known from when")
    chronicle = chronicles.read(store)
    say("merging")
    store.update(_MERGE)
    say("deriving standings, phases and clocks")
    classes = chronicles.item_classes(store)
    _add(
        store,
        chain(
            _of_sources(chronicle.sources),
            *(
                statements.of_standing(each)
                for item in chronicle.instances(classes)
                for each in standing.standings(chronicle, item, classes)
            ),
            *(
                statements.of_phase(each)
                for force in phases.forces(chronicle)
                for each in phases.phases(chronicle, force)
            ),
            *(
                statements.of_clock(each)
                for report in clock.reports(chronicle)
                for each in clock.clock(chronicle, report)
            ),
        ),
    )
    for rule in applied:
        say(f"rule {rule.path.stem}")
        rules.run(store, rule, lambda triples: _add(store, triples))
    say("naming")
    _add(store, _spans(store))
    told = list(things.things(store, chronicle.sources))
    _name(store, chronicle.sources, told)
    known = {thing.iri: thing.known for thing in told}
    _add(store, lateness.marks(store, chronicle.sources, known))
    return chronicle


def _add(store: ox.Store, triples: Iterable[ox.Triple]) -> int:
    """Put what is not in the merge yet into it and into the derived graph."""
    new = {
        quad
        for triple in triples
        if (quad := ox.Quad(triple.subject, triple.predicate, triple.object)) not in store
    }
    store.bulk_extend(new)
    store.bulk_extend(ox.Quad(each.subject, each.predicate, each.object, _DERIVED) for each in new)
    return len(new)


def _of_sources(sources: Sources) -> Iterable[ox.Triple]:
    """Return from when each graph is known; the register and the reference facts always are."""
    for graph in (_REGISTER, REFERENCE):
        yield from statements.about(graph, knownFrom=ALWAYS)
    for graph, source in sources.records.items():
        document = ox.NamedNode(DOCUMENT + graph.removeprefix(RECORD_GRAPH))
        yield from statements.about(graph, knownFrom=source.known, basis=sources.day_bases[graph])
        yield ox.Triple(ox.NamedNode(graph), _TOPIC, document)


def _spans(store: ox.Store) -> Iterable[ox.Triple]:
    rows = store.query(_DATES)
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        literal = row["date"]
        assert isinstance(literal, ox.Literal)
        yield from statements.of_span(literal.value)


def _name(store: ox.Store, sources: Sources, found: list[things.Thing]) -> None:
    """Add to each thing its kind, its label, and the day from which it is known."""
    labels = Labels(store, sources, {thing.iri: thing.kind for thing in found})
    dated = things.of_knowledge(store)
    named = {
        quad.subject for quad in store.quads_for_pattern(None, _LABEL, None, ox.DefaultGraph())
    }

    def names() -> Iterable[ox.Triple]:
        for thing in found:
            subject = ox.NamedNode(thing.iri)
            yield ox.Triple(subject, _KIND, ox.Literal(thing.kind))
            if subject not in named:
                label = ox.Literal(labels.of(thing.iri), language="en")
                yield ox.Triple(subject, _LABEL, label)
            if thing.known is not None and thing.iri not in dated:
                yield from statements.about(thing.iri, knownFrom=thing.known)

    _add(store, names())
