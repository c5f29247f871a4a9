"""``/questions``: the lineage questions, in every form a program or a person may want."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from flask import Blueprint, Response, json, render_template, request

from peelgraph import __version__, asking, values
from peelgraph.asking import Prepared
from peelgraph.questions import Parameter, Question, names, question
from peelgraph.values import BadValue, check_form, today
from peelserver.answering.jobs import Job
from peelserver.http.caching import Key, respond
from peelserver.http.ways import FAILED
from peelserver.lineage import formats, meant, permalinks, views
from peelserver.lineage.formats import HTML, JSON, Format
from peelserver.lineage.groups import grouped
from peelserver.state import state

bp = Blueprint("questions", __name__)

#: seconds for which an answer from the current snapshot may be taken for fresh, and one that
#: names its snapshot
FRESH, LASTING = 60, 86400


@bp.get("/questions")
def index() -> Response:
    """List the questions."""
    given = _given()
    output = formats.chosen(given.pop("format", None), (JSON, HTML))
    if given:
        raise BadValue(f"There is no parameter '{next(iter(given))}' here; there is 'format'.")

    def made() -> tuple[str, bytes]:
        if output is HTML:
            return HTML.media, render_template("questions.html", groups=grouped()).encode()
        found = [question(name) for name in names()]
        listed = [each.as_object() | {"address": f"/questions/{each.name}"} for each in found]
        return JSON.media, (json.dumps(listed, ensure_ascii=False, indent=2) + "\n").encode()

    return _respond(state().digest(), "/questions", output, FRESH, made)


@bp.get("/questions/<name>")
def ask(name: str) -> Response:
    """Answer one question."""
    if (failed := request.environ.get(FAILED)) is not None:
        raise failed
    asked = question(name)
    given = _given()
    output = formats.chosen(given.pop("format", None))
    try:
        numbers = _numbers(given)
        snapshot = permalinks.Snapshot.taken_from(given)
        if not (output is HTML and asked.required and not given):
            _check_form(asked, given)
        again = given | {key: str(each) for key, each in numbers.items()}
        engine = snapshot.engine(permalinks.command(name, again))
        if output is HTML and asked.required and not given:
            return _form(asked, engine.digest)
        prepared = _prepared(engine.digest, today(), name, tuple(sorted(given.items())), **numbers)
    except BadValue as error:
        if output is not HTML:
            raise
        return _form(asked, state().digest(), given, str(error))
    digest = engine.digest
    permalink = permalinks.permalink(prepared, digest)

    def made() -> tuple[str, bytes]:
        return output.media, body(prepared, digest, output, permalink)

    lasts = LASTING if snapshot.digest else FRESH
    found = _respond(digest, permalink, output, lasts, made)
    if output not in (JSON, HTML) and found.status_code == 200:
        found.headers["Content-Disposition"] = f'attachment; filename="{name}.{output.name}"'
    found.headers["Link"] = link(permalink, output)
    return found


def plainly(name: str, given: dict[str, str], digest: str) -> Prepared:
    """Return a question as it is asked with parameters that name no snapshot.

    :raises BadValue: one cannot be what it is
    """
    numbers = _numbers(given)
    _check_form(question(name), given)
    return _prepared(digest, today(), name, tuple(sorted(given.items())), **numbers)


def body(prepared: Prepared, digest: str, output: Format, permalink: str) -> bytes:
    """Return the answer to a question in some form."""
    here = state()
    if output.raw:
        job = Job(prepared.sparql, select=output.media)
        answered = here.pool.answer(job, lane="question", digest=digest)
        return formats.settled(answered.body, output, prepared.question.several)
    engine = here.engine(digest)
    if output is HTML:
        return render_template("question.html", **views.answered(engine, prepared)).encode()
    answer = asking.answer(engine, prepared)
    return formats.written(answer, output, permalink)


def link(permalink: str, output: Format) -> str:
    """Return the header ``Link`` of an answer."""
    if output not in (JSON, HTML):
        permalink = permalinks.of_form(permalink, output.name)
    return f'<{permalink}>; rel="bookmark", </openapi.json>; rel="describedby"'


def key_of(digest: str, what: str, output: Format) -> Key:
    """Return what an answer is known by.

    :param what: its permalink, or the address of what is no answer
    """
    return Key(digest, __version__, what, None, output.media)


def _form(
    asked: Question, digest: str, given: dict[str, str] | None = None, wrong: str = ""
) -> Response:
    """Return the page of a question without an answer: what to fill in, or what is wrong."""

    def made() -> tuple[str, bytes]:
        near = meant.meant(asked, given, state().engine(digest)) if given and wrong else ()
        view = views.unanswered(asked, digest, given or {}, wrong, near)
        return HTML.media, render_template("question.html", **view).encode()

    if wrong:
        media, body = made()
        headers = {"Cache-Control": "no-store", "Vary": "Accept"}
        return Response(body, 400, headers, mimetype=media)
    return _respond(digest, permalinks.address(asked.name, {}), HTML, FRESH, made)


def _respond(
    digest: str, what: str, output: Format, lasts: int, made: Callable[[], tuple[str, bytes]]
) -> Response:
    return respond(key_of(digest, what, output), made, cacheable=True, max_age=lasts)


def _given() -> dict[str, str]:
    """Return the parameters of the request, those left empty left out."""
    for key, several in request.args.lists():
        if len(several) > 1:
            raise BadValue(f"Give '{key}' once.")
    return {key: value for key, value in request.args.items() if value}


def _check_form(asked: Question, given: Mapping[str, str]) -> None:
    """Check all of the parameters that can be checked without a snapshot.

    :raises BadValue: one is not known, ill-typed, or missing
    """
    known = {each.name: each for each in asked.parameters}
    for each in asked.required:
        if each not in given:
            example = known[each].example
            raise BadValue(f"'{asked.name}' needs '{each}', for example {each}={example}.")
    try:
        asking.check_names(asked, given)
        for name, value in given.items():
            check_form(known[name], value)
    except LookupError as error:
        raise BadValue(str(error.args[0])) from None


@lru_cache(maxsize=1024)
def _prepared(
    digest: str,
    day: str,
    name: str,
    given: tuple[tuple[str, str], ...],
    limit: int | None = None,
    offset: int = 0,
) -> Prepared:
    """Return a question with its parameters checked against a snapshot, on a day.

    :raises BadValue: one names nothing
    """
    asked = question(name)
    try:
        parameters = asking.checked(asked, dict(given), partial(_checked, digest))
        return asking.filled(asked, parameters, limit=limit, offset=offset)
    except LookupError as error:
        raise BadValue(str(error.args[0])) from None


def _checked(digest: str, parameter: Parameter, value: str) -> str:
    if parameter.type in ("thing", "concept"):
        return _named(digest, parameter, value)
    return check_form(parameter, value)  # "today" is not to be remembered


@lru_cache(maxsize=4096)
def _named(digest: str, parameter: Parameter, value: str) -> str:
    """Return the IRI of what a value names; what there is in a snapshot stays there."""
    return values.check(parameter, value, state().engine(digest))


def _numbers(given: dict[str, str]) -> dict[str, int]:
    """Take the numbers out of the parameters of a request."""
    return {key: _number(key, given.pop(key)) for key in ("limit", "offset") if key in given}


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadValue(f"'{name}' takes a whole number from 0, not '{text}'.")
    return int(text)
