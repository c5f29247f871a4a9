"""The answer to a query that does not parse: what is wrong, where, and what to do."""

from flask import Response, g

from peelserver.answering.jobs import QuerySyntax
from peelserver.http.problems import problem
from peelserver.sparql.mistakes import mistake


def said(error: QuerySyntax) -> Response:
    """Return the problem, with the place in the query that the request asked."""
    query = g.get("sparql")
    if query is None:
        return problem(400, error.message, line=error.line, column=error.column)
    found = mistake(query, error)
    return problem(
        *(400, found.detail),
        line=found.line,
        column=found.column,
        excerpt=found.excerpt,
        hint=found.hint,
    )
