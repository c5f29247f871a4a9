"""The dataset of a job: the snapshot's own, one graph of it, or several merged."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from peelgraph.engine import Results
from peelgraph.namespaces import PREFIXES
from peelserver.answering.jobs import Job, TooLarge
from peelserver.processes.stores import Stores

Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph

_Graphs = tuple[tuple[str, ...], tuple[str, ...]]

#: characters of a query from which on it takes longer to look for prefixes than to read them all
_LONG = 800

#: the well-known prefixes as they stand in a query, and what they mean
_PREFIXES = tuple((f"{name}:", name, iri) for name, iri in PREFIXES.items())


class Datasets:
    """Answers queries over the datasets of one snapshot.

    A default graph of several graphs is copied together, so that a triple that stands in two of
    them counts once. The last such copy is remembered.

    :param bound: how many triples a copy may have
    """

    def __init__(self, stores: Stores, bound: int) -> None:
        self._stores = stores
        self._store = stores.whole
        self._bound = bound
        self._names = {name.value for name in self._store.named_graphs()}
        self._merged: tuple[_Graphs, ox.Store] | None = None

    def query(self, job: Job) -> Results:
        """Return what a job's query finds in its dataset.

        :raises SyntaxError: the query does not parse
        :raises TooLarge: its dataset is too large to be merged
        """
        if job.default_graphs is None and job.named_graphs is None:
            return asked(self._stores.of(job.query), job.query)
        default = self._known(job.default_graphs)
        named = self._known(job.named_graphs)
        if len(default) > 1:
            merged = self._merge((default, named))
            return asked(merged, job.query, [ox.DefaultGraph()], _nodes(named))
        only: list[Graph] = [ox.NamedNode(name) for name in default]
        return asked(self._store, job.query, only, _nodes(named))

    def _known(self, names: Iterable[str] | None) -> tuple[str, ...]:
        """Return the graphs that there are, each once: any other is empty."""
        return tuple(sorted(self._names.intersection(names or ())))

    def _merge(self, graphs: _Graphs) -> ox.Store:
        if self._merged is None or self._merged[0] != graphs:
            self._merged = None
            merged = ox.Store()
            merged.extend(self._bounded(self._quads(graphs)))
            self._merged = graphs, merged
        return self._merged[1]

    def _quads(self, graphs: _Graphs) -> Iterator[ox.Quad]:
        default, named = graphs
        for name in default:
            for quad in self._store.quads_for_pattern(None, None, None, ox.NamedNode(name)):
                yield ox.Quad(quad.subject, quad.predicate, quad.object)
        for name in named:
            yield from self._store.quads_for_pattern(None, None, None, ox.NamedNode(name))

    def _bounded(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        for number, quad in enumerate(quads):
            if number >= self._bound:
                raise TooLarge(
                    f"These graphs have more than {self._bound:,} triples together, "
                    "too many to be merged. Name fewer, or none for all of them."
                )
            yield quad


def asked(
    store: ox.Store,
    query: str,
    default: list[Graph] | None = None,
    named: list[ox.NamedNode | ox.BlankNode] | None = None,
) -> Results:
    """Return what a query finds; the prefixes of the graph need not be declared.

    Who declares one mostly declares all, and the query is read faster without any other.

    :param default: the graphs of the default graph, if it is not the store's
    :param named: the named graphs, if they are not the store's
    :raises SyntaxError: the query does not parse
    """
    if "prefix" in query.lower():
        try:
            return store.query(query, default_graph=default, named_graphs=named)
        except SyntaxError:
            pass  # it may want ours
    return store.query(query, prefixes=used(query), default_graph=default, named_graphs=named)


def used(query: str) -> dict[str, str]:
    """Return the well-known prefixes that a query may use; fewer of them are read faster.

    >>> used("SELECT ?label { force:kent rdfs:label ?label }")["rdfs"]
    'http://www.w3.org/2000/01/rdf-schema#'
    >>> list(used("ASK {}"))
    []
    """
    escapes = "\\u" in query or "\\U" in query  # a prefix may be written with them
    if escapes or len(query) > _LONG:
        return PREFIXES
    return {name: iri for mark, name, iri in _PREFIXES if mark in query}


def _nodes(names: Iterable[str]) -> list[ox.NamedNode | ox.BlankNode]:
    return [ox.NamedNode(name) for name in names]
