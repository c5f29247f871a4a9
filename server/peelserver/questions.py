"""``/questions``: the lineage questions as JSON, CSV and TSV."""

from flask import Blueprint, Response, abort, current_app, jsonify, request

from peelgraph import asking, tables
from peelgraph.engine import Engine
from peelgraph.questions import names, question
from peelgraph.values import BadValue

bp = Blueprint("questions", __name__)

_TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}


@bp.get("/questions")
def index() -> Response:
    """List the questions."""
    return jsonify(
        [
            {
                "name": each.name,
                "question": each.question,
                "parameters": [parameter.name for parameter in each.parameters],
                "required": list(each.required),
                "columns": each.columns,
            }
            for each in map(question, names())
        ]
    )


@bp.get("/questions/<name>")
def ask(name: str) -> Response:
    """Answer one question."""
    question(name)
    given = request.args.to_dict()
    repeated = [key for key in request.args if len(request.args.getlist(key)) > 1]
    if repeated:
        abort(400, f"Give '{repeated[0]}' once.")
    output = given.pop("format", None) or _accepted()
    if output not in _TYPES:
        abort(400, f"There is no format '{output}'. There are: {', '.join(_TYPES)}.")
    limit, offset = _number(given, "limit"), _number(given, "offset")
    engine: Engine = current_app.extensions["peelgraph"]["questions"]
    try:
        answer = asking.ask(engine, name, given, limit=limit, offset=offset or 0)
    except LookupError as error:
        raise BadValue(str(error.args[0])) from None
    if output == "json":
        body = tables.as_json(answer)
    else:
        body = tables.as_csv(answer, delimiter="," if output == "csv" else "\t")
    found = Response(body, mimetype=_TYPES[output])
    found.headers["Access-Control-Allow-Origin"] = "*"
    found.headers["Vary"] = "Accept"
    return found


def _accepted() -> str:
    match = request.accept_mimetypes.best_match(list(_TYPES.values()))
    return next((name for name, media in _TYPES.items() if media == match), "json")


def _number(given: dict[str, str], name: str) -> int | None:
    text = given.pop(name, None)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadValue(f"'{name}' takes a whole number from 0, not '{text}'.")
    return int(text)
