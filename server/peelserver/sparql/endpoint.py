"""``/sparql``: the query half of the SPARQL 1.1 Protocol.

What a request asks is read by ``protocol``, looked at by ``guard``, answered by a worker in the
form that ``results`` chooses, and sent by ``caching``. Prefixes of the graph need not be declared.
"""

from collections.abc import Iterable
from typing import NoReturn

import pyoxigraph as ox
from flask import Blueprint, Response, abort, g, request

from peelgraph import __version__
from peelserver.answering.jobs import Answered, Job, QueryRefused
from peelserver.answering.pool import Pool
from peelserver.http.caching import Key, respond
from peelserver.http.headers import preflight
from peelserver.http.negotiation import pick
from peelserver.http.ways import FAILED
from peelserver.linkeddata.description import describe, described_by
from peelserver.sparql import guard, prefixes, protocol, results, resultspage
from peelserver.sparql.editor import editor, known
from peelserver.sparql.examples import example
from peelserver.sparql.guard import Seen
from peelserver.sparql.protocol import Asked
from peelserver.sparql.results import Choice
from peelserver.state import State, state

bp = Blueprint("sparql", __name__)
bp.app_context_processor(known)
bp.after_request(protocol.accepted_by_post)

METHODS = ("GET", "HEAD", "OPTIONS", "POST")

#: what answers depend on beside the snapshot and the query
VERSION = f"{__version__} {ox.__version__}"

_NO_QUERIES = (
    "This server takes no queries of one's own. The questions answer what is asked most; "
    "who runs the server can allow others with --sparql."
)

_DESCRIPTION = (results.TURTLE, results.NTRIPLES, results.RDFXML, results.JSONLD, results.HTML)


@bp.route("/sparql", methods=["OPTIONS"], provide_automatic_options=False)
def options() -> Response:
    """Say what may be sent."""
    return preflight(*METHODS)


@bp.route("/sparql", methods=["GET", "POST"], provide_automatic_options=False)
def sparql() -> Response:
    """Answer one query, or describe the service."""
    if not state().config.queries:
        raise guard.NotAllowed(_NO_QUERIES)
    asked = protocol.read()
    if asked.query is None:
        if request.method == "POST":
            abort(400, "Give a query in the parameter 'query'.")
        return _without_query(asked)
    g.sparql = asked.query
    if (failed := request.environ.get(FAILED)) is not None:
        raise failed
    here = state()
    try:
        seen = guard.check(asked.query)
    except QueryRefused as error:
        here.metrics.refused(type(error).__name__)
        raise
    kinds = (results.KINDS[seen.form],) if seen.form else tuple(results.OFFERS)
    choice = _choice(asked.format, kinds)
    digest = here.digest()
    job = _job(asked, seen, choice)
    dataset = None
    if job.default_graphs is not None and job.named_graphs is not None:
        where = "query" if asked.default_graphs is None else "protocol"
        dataset = f"{where} {sorted(job.default_graphs)} {sorted(job.named_graphs)}"
    return respond(
        Key(digest, VERSION, asked.query, dataset, choice.text),
        lambda: _answer(here, asked, job, choice, digest),
        cacheable=not seen.volatile,
    )


@bp.route("/sparql/declared", methods=["GET", "POST"])
def declare() -> Response:
    """Send the query back to its writer with all prefixes declared; nothing is asked."""
    asked = protocol.read()
    query = prefixes.declared(asked.query or "")
    if pick(_accept(), (results.HTML, "text/plain")) == results.HTML:
        return editor(query)
    return Response(query, content_type="text/plain; charset=utf-8")


def _without_query(asked: Asked) -> Response:
    """Send the page to write a query in a browser, else the service description."""
    if asked.format is not None:
        media = next((each for each in _named(asked.format) if each in _DESCRIPTION), None)
    else:
        media = pick(_accept(), _DESCRIPTION)
    if media is None:
        abort(
            406,
            "Give a query in the parameter 'query'. Without one, there is the description of "
            f"this service as: {', '.join(_DESCRIPTION[:-1])}.",
        )
    here = state()
    if media == results.HTML:
        return editor(example(request.args.get("example", "")).query)
    return respond(
        Key(here.digest(), VERSION, f"/sparql {described_by(here)}", None, media),
        lambda: describe(here, media),
        cacheable=True,
    )


def _job(asked: Asked, seen: Seen, choice: Choice) -> Job:
    """Return what a worker is asked; the dataset of the protocol overrules that of ``FROM``."""
    default, named = asked.default_graphs, asked.named_graphs
    if default is None and (seen.from_graphs or seen.from_named):
        default, named = seen.from_graphs, seen.from_named
    return Job(
        seen.text,
        select=choice.select(),
        construct=choice.asked("graph"),
        default_graphs=default,
        named_graphs=named,
    )


def _answer(here: State, asked: Asked, job: Job, choice: Choice, digest: str) -> tuple[str, bytes]:
    kind, body = evaluated(here.pool, job, choice, digest)
    media = choice.by_kind.get(kind)
    if media is None:
        _not_acceptable([kind])
    if media == results.HTML:
        return media, resultspage.page(asked, Answered(choice.asked(kind), body, kind), digest)
    return media, body


def evaluated(pool: Pool, job: Job, choice: Choice, digest: str) -> tuple[str, bytes]:
    """Return the kind of an answer, and its bytes in the form that was chosen."""
    answered = pool.answer(job, lane="fast", digest=digest)
    kind, body = answered.kind, answered.body
    if choice.by_kind.get(kind) == results.CSV and not results.is_table(body):
        again = job._replace(select=results.JSON)
        body = results.table(pool.answer(again, lane="fast", digest=digest).body)
    if kind == "boolean":
        body = results.boolean(body, choice.asked(kind))
    return kind, body


def _choice(name: str | None, kinds: tuple[str, ...]) -> Choice:
    if name is not None:
        _named(name)
    choice = results.choose(_accept(), name, kinds)
    if not choice.by_kind:
        _not_acceptable(kinds)
    return choice


def _named(name: str) -> tuple[str, ...]:
    try:
        return results.named(name)
    except KeyError:
        known = ", ".join(results.NAMES)
        abort(400, f"There is no format '{name[:100]}'. There are: {known}.")


def _not_acceptable(kinds: Iterable[str]) -> NoReturn:
    abort(406, f"Ask for one of: {results.listed(kinds)}.")


def _accept() -> str | None:
    return ", ".join(request.headers.getlist("Accept")) or None
