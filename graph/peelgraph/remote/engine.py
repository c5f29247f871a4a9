"""An engine elsewhere, behind the same interface as the embedded one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph.engine import EngineError, Results
from peelgraph.namespaces import BASE, GRAPH, PEEL, PREFIXES
from peelgraph.remote import describing, dialect
from peelgraph.remote.connection import (
    AnswerTooLarge,
    Connection,
    DamagedAnswer,
    Reply,
    TooSlow,
    checked,
)
from peelgraph.snapshot import SNAPSHOT
from peelgraph.sparqlwords import reaches_out

#: the merge, where it cannot be the default graph
MERGE = GRAPH + "merge"

#: how the names of graphs begin that are being pushed
STAGES = BASE + "push/"

_JSON, _TRIPLES = "application/sparql-results+json", "application/n-triples"

_DIGESTS = f"""SELECT DISTINCT ?graph ?digest {{
  {{ <{SNAPSHOT}> <{PEEL}digest> ?digest }}
  UNION {{
    VALUES ?graph {{ <{MERGE}> <{GRAPH}derived> }}
    GRAPH ?graph {{ <{SNAPSHOT}> <{PEEL}digest> ?digest }}
  }}
}}"""


class NoSnapshot(EngineError):
    """An engine that holds no whole snapshot."""


@dataclass(frozen=True, slots=True)
class Held:
    """Which snapshot an engine holds.

    :param merge: the named graph with the merge; None where it is the default graph
    """

    digest: str
    merge: str | None


class Remote:
    """A snapshot in an engine that answers SPARQL 1.1 over HTTP.

    :param address: of its queries
    :raises ValueError: the address is none, or has a password in it
    """

    def __init__(self, address: str, connection: Connection | None = None) -> None:
        self.address = checked(address)
        self.connection = connection or Connection()
        self._held: Held | None = None
        self._empty = ox.Store()
        #: it is Virtuoso, as it says itself in every answer
        self.is_virtuoso = False

    def server(self) -> Mapping[str, str]:
        """Return the headers of an answer, their names in lower case.

        :raises EngineError: there is none
        """
        return self.connection.send(
            "POST", self.address, data={"query": "ASK { }"}, headers={"Accept": _JSON}
        ).headers

    @property
    def digest(self) -> str:
        """The digest of the snapshot that it holds.

        :raises EngineError: it cannot be reached, or holds none
        """
        return self.held().digest

    def held(self) -> Held:
        """Return which snapshot it holds; it is asked once.

        :raises EngineError: it cannot be reached, or holds none
        """
        if self._held is None:
            self._held = self.look()
        return self._held

    def look(self) -> Held:
        """Ask which snapshot it holds now.

        :raises EngineError: it cannot be reached, or holds none
        """
        found = self._asked(_DIGESTS)
        assert isinstance(found, ox.QuerySolutions)
        digests: dict[str, set[str]] = {}
        for row in found:
            name = row["graph"].value if row["graph"] is not None else ""
            digests.setdefault(name, set()).add(row["digest"].value)
        merge = MERGE if MERGE in digests else None
        merged, derived = digests.get(merge or "", set()), digests.get(f"{GRAPH}derived", set())
        if len(merged) != 1 or merged != derived:
            raise NoSnapshot(
                f"{self.address} holds no whole snapshot: none was pushed there, or one is being "
                "pushed just now, or a push was broken off. 'peelgraph push' brings one there."
            )
        return Held(merged.pop(), merge)

    def query(self, sparql: str) -> Results:
        """Answer one query. The prefixes of the graph need not be declared.

        :raises SyntaxError: the query does not parse
        :raises EngineError: there is no answer, or not a whole one
        """
        self._check(sparql)
        held = self.held()
        text = dialect.ours(dialect.declared(describing.constructing(sparql)), held.merge)
        if held.merge is not None:
            text = dialect.within(text, held.merge)
        return self._asked(text, sparql)

    def columns(self, sparql: str) -> list[str]:
        """Return the variables that a query selects; the engine is not asked.

        :raises SyntaxError: the query does not parse
        """
        shape = self._check(sparql)
        return (
            [variable.value for variable in shape.variables]
            if isinstance(shape, ox.QuerySolutions)
            else []
        )

    def raw(self, sparql: str) -> Results:
        """Answer a query over all that the engine holds, as it understands it."""
        return self._asked(sparql)

    def _check(self, sparql: str) -> Results:
        """Parse a query here, so that an update, or a mistake, never leaves.

        :raises SyntaxError: it does not parse, or reaches out
        """
        if reaches_out(sparql) == "SERVICE":
            raise SyntaxError("SERVICE does not work here: a query stays with the engine asked.")
        return self._empty.query(sparql, prefixes=PREFIXES)

    def _asked(self, text: str, sparql: str | None = None) -> Results:
        shape = self._check(sparql or text)
        is_graph = isinstance(shape, ox.QueryTriples)
        if self.is_virtuoso:
            text = dialect.protected(text)
        reply = self.connection.send(
            "POST",
            self.address,
            data={"query": text},
            headers={"Accept": _TRIPLES if is_graph else _JSON},
        )
        if not self.is_virtuoso and reply.headers.get("server", "").startswith("Virtuoso"):
            self.is_virtuoso = True
            return self._asked(text, sparql)  # now in its dialect
        return self._graph(reply) if is_graph else self._results(reply)

    def _results(self, reply: Reply) -> Results:
        try:
            answer = json.loads(reply.body)
            rows = answer["results"]["bindings"] if "results" in answer else ()
            if self.is_virtuoso:
                _refuse_cut(reply, len(rows))
                answer = dialect.corrected(answer)
                body = json.dumps(answer).encode()
            else:
                body = reply.body
            if not rows:
                answer["boolean" if "boolean" in answer else "head"]
            found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        except (ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError):
            raise DamagedAnswer(
                f"What {self.address} answered are no results of a query: is it a SPARQL endpoint?"
            ) from None
        return found

    def _graph(self, reply: Reply) -> Results:
        if self.is_virtuoso:
            _refuse_cut(reply, 0)
        try:
            body = dialect.corrected_triples(reply.body) if self.is_virtuoso else reply.body
            triples = {quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)}
        except (SyntaxError, ValueError):
            raise DamagedAnswer(f"What {self.address} answered are no N-Triples.") from None
        store = ox.Store()
        store.extend(ox.Quad(*triple) for triple in triples)
        found = store.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
        assert isinstance(found, ox.QueryTriples)
        return found


def _refuse_cut(reply: Reply, rows: int) -> None:
    """Refuse an answer that Virtuoso cut.

    :raises TooSlow: it stopped when its time was over, with a status of success
    :raises AnswerTooLarge: it says that it may have, with a status of success
    """
    if reply.headers.get("x-sql-state") == "S1TAT":
        raise TooSlow("The engine did not finish in time. Ask for less, or give it more time.")
    most = reply.headers.get("x-sparql-maxrows", "")
    if reply.headers.get("x-sql-state") or (most.isdigit() and rows >= int(most)):
        raise AnswerTooLarge(
            f"The engine cut its answer after {rows} rows. Ask page by page, or have "
            "ResultSetMaxRows and MaxQueryExecutionTime raised in its virtuoso.ini."
        )
