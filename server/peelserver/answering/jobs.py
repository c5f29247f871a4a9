"""What is asked of a worker, what comes back, and the ways in which nothing does."""

from typing import NamedTuple

JSON = "application/sparql-results+json"
TRIPLES = "application/n-triples"


class Job(NamedTuple):
    """One query over one dataset.

    :param query: the SPARQL text; the prefixes of the graph need not be declared
    :param select: the media type for SELECT and ASK, as pyoxigraph names it
    :param construct: the media type for CONSTRUCT and DESCRIBE, as pyoxigraph names it
    :param default_graphs: the graphs that make up the default graph, each triple once
    :param named_graphs: the graphs that ``GRAPH`` reaches

    If both are None, the query is asked over the snapshot's own dataset (or its own ``FROM``).
    If one of them is given, they are the whole dataset, and ``FROM`` does not count.
    """

    query: str
    select: str = JSON
    construct: str = TRIPLES
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


class Answered(NamedTuple):
    """The serialised answer. ``kind`` is ``solutions``, ``boolean`` or ``graph``."""

    media: str
    body: bytes
    kind: str


class QuerySyntax(Exception):
    """A query that does not parse; line and column count from 1, where they are known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class QueryRefused(Exception):
    """A query that gets no answer.

    :param detail: why, and what to do, as a sentence
    :param status: the HTTP status
    :param retry_after: seconds after which to try again, if that can help
    """

    status = 400

    def __init__(
        self, detail: str, status: int | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status or self.status
        self.retry_after = retry_after


class TooSlow(QueryRefused):
    """It overran its deadline."""

    status = 504


class TooLarge(QueryRefused):
    """It, its dataset or its answer is too large."""

    status = 413


class Busy(QueryRefused):
    """There was no turn for it."""

    status = 503


class Away(QueryRefused):
    """The engine elsewhere that answers for this server does not, for now."""

    status = 503


class Crashed(QueryRefused):
    """It ended its worker."""

    status = 413


class Gone(QueryRefused):
    """The snapshot that it asks about is not kept any more, or never was."""

    status = 410
