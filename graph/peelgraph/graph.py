"""The graph as Python sees it: ask, analyse, query, hand over to pandas, networkx and rdflib."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from peelgraph import asking, snapshot
from peelgraph.asking import Answer
from peelgraph.engine import Embedded, Engine, Results
from peelgraph.namespaces import PREFIXES, shorten
from peelgraph.resources import current
from peelgraph.values import thing

if TYPE_CHECKING:
    import networkx
    import rdflib

    from peelgraph.analysis.result import Analysis
    from peelgraph.exports.model import Export


class Graph:
    """One snapshot of the graph, behind the engine that answers for it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __repr__(self) -> str:
        """Say which snapshot it is."""
        return f"<peelgraph.Graph, snapshot {self.digest[:12]}>"

    @property
    def digest(self) -> str:
        """The digest of the snapshot."""
        return self.engine.digest

    def ask(
        self, name: str, /, *, limit: int | None = None, offset: int = 0, **arguments: str
    ) -> Answer:
        """Answer the question *name*.

        A parameter that is a word of Python takes an underscore behind it: ``from_="2024-01-01"``.

        :param limit: how many rows at most
        :param offset: how many rows to leave out at the beginning
        :raises UnknownName: no such question, parameter or thing; says which are near
        :raises BadValue: a value of the wrong type, or a required one is missing
        """
        given = {key.rstrip("_"): value for key, value in arguments.items()}
        return asking.ask(self.engine, name, given, limit=limit, offset=offset)

    def analyse(
        self,
        name: str,
        /,
        *,
        force: str | None = None,
        on: str = "today",
        known: str = "all",
        limit: int | None = None,
    ) -> "Analysis":
        """Make the analysis *name*; ``peelgraph analyse --help`` lists them.

        What its numbers mean and cannot mean is in ``about``, what was left out in ``left_out``.

        :raises UnknownName: no such analysis or force; says which are near
        :raises BadValue: a day is none
        """
        from peelgraph.analysis import analyse  # loads networkx, which to ask does not need

        return analyse(self.engine, name, force=force, on=on, known=known, limit=limit)

    def query(self, sparql: str) -> Results:
        """Answer a SPARQL query. The prefixes of the graph need not be declared.

        :raises SyntaxError: the query does not parse
        """
        return self.engine.query(sparql)

    def find(self, name: str) -> str:
        """Return the IRI of a thing given as an IRI, ``kind/slug``, ``prefix:slug`` or unique slug.

        :raises UnknownName: there is none; says which are near
        :raises BadValue: there are several
        """
        return thing(name, self.engine)

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Return a label for each of the *iris*."""
        return asking.labels(self.engine, iris)

    def to_rdflib(self) -> "rdflib.Dataset":
        """Return the whole snapshot as an rdflib dataset: the merge, and every named graph."""
        import rdflib
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

        found = rdflib.Dataset()
        for prefix, namespace in PREFIXES.items():
            found.bind(prefix, namespace)
        for query, graph in (
            ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", DATASET_DEFAULT_GRAPH_ID),
            *(
                (
                    f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{name}> {{ ?s ?p ?o }} }}",
                    rdflib.URIRef(name),
                )
                for name in self._named_graphs()
            ),
        ):
            triples = self.query(query)
            assert isinstance(triples, ox.QueryTriples)
            text = triples.serialize(format=ox.RdfFormat.N_TRIPLES)
            assert text is not None
            found.graph(graph).parse(data=text, format="nt")
        return found

    def to_networkx(self, item: str) -> "networkx.MultiDiGraph[str]":
        """Return the lineage of *item* as a directed graph, from what led to what came of it.

        Nodes are IRIs with ``label`` and ``kind``; edges have ``relation``, ``basis`` and, where it
        is known, ``date``.

        :raises UnknownName: there is no such item
        """
        import networkx

        rows = self.ask("lineage", item=item).rows
        found: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        ends = {str(row[end]): str(row[f"{end}Kind"]) for row in rows for end in ("from", "to")}
        labels = self.labels(ends)
        for iri, kind in sorted(ends.items()):
            found.add_node(iri, label=labels[iri], kind=kind)
        for row in rows:
            dated = {"date": row["date"]} if "date" in row else {}
            relation = shorten(str(row["relation"]))
            found.add_edge(
                str(row["from"]), str(row["to"]), relation=relation, basis=row["basis"], **dated
            )
        return found

    def export(self, **options: str) -> "Export":
        """Return a part of the graph as nodes and edges; ``export().to_networkx()`` is all of it.

        :param options: ``item``, ``force`` or ``theme``, and ``depth``, ``on``, ``known`` and
            ``kinds`` (joined by commas), as ``peelgraph export`` takes them
        :raises UnknownName: one names nothing; says which are near
        :raises BadValue: a value of the wrong type, or several parts at once
        """
        from peelgraph.exports.gathering import gather
        from peelgraph.exports.scope import resolve

        return gather(self.engine, resolve(self.engine, options))

    def _named_graphs(self) -> list[str]:
        rows = self.query("SELECT DISTINCT ?graph { GRAPH ?graph { ?s ?p ?o } } ORDER BY ?graph")
        assert isinstance(rows, ox.QuerySolutions)
        return [row["graph"].value for row in rows]


def open_graph(path: Path | None = None, *, engine: str | None = None) -> Graph:
    """Return the graph of the snapshot at *path*; the shipped one, built where missing, if None.

    :param engine: the address of a SPARQL endpoint that a snapshot was pushed to, to ask instead
    :raises BuildError: a shipped file is broken
    :raises ValueError: the address of the engine is none, or has a password in it
    """
    if engine is not None:
        from peelgraph.remote.engine import Remote  # most need no HTTP

        return Graph(Remote(engine))
    found = path or snapshot.find(current())
    if found is None:
        from peelgraph.build import ensure  # to build takes modules that to ask does not

        found = ensure()
    return Graph(Embedded(found))
