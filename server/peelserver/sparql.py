"""``/sparql``: the query half of the SPARQL 1.1 Protocol."""

from flask import Blueprint, Response, abort, current_app, render_template, request
from werkzeug.datastructures import MIMEAccept

from peelserver.engine import WorkerEngine
from peelserver.problems import wants_page

bp = Blueprint("sparql", __name__)

SELECT = (
    *("application/sparql-results+json", "application/sparql-results+xml"),
    *("text/csv", "text/tab-separated-values"),
)
CONSTRUCT = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")

_EXAMPLE = """SELECT ?concern ?wording ?recommendation
WHERE {
  ?concern a peel:CauseOfConcern ;
           peel:wording ?wording .
  OPTIONAL { ?recommendation peel:addresses ?concern }
}
ORDER BY ?concern ?recommendation
"""


@bp.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer one query."""
    text = _query()
    if text is None:
        if wants_page():
            return Response(render_template("sparql.html", example=_EXAMPLE), mimetype="text/html")
        abort(400, "Give a query in the parameter 'query'.")
    accepts = request.accept_mimetypes or MIMEAccept([("*/*", 1)])
    if (wanted := request.values.get("format")) is not None:
        accepts = MIMEAccept([(wanted, 1)])
    select, construct = accepts.best_match(SELECT), accepts.best_match(CONSTRUCT)
    if select is None and construct is None and not accepts.accept_html:
        abort(406, f"Ask for one of: {', '.join(SELECT + CONSTRUCT)}.")
    engine: WorkerEngine = current_app.extensions["peelgraph"]["queries"]
    media, body = engine.serialized(text, select or SELECT[0], construct or CONSTRUCT[0])
    answer = Response(body, mimetype=media)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Vary"] = "Accept"
    return answer


def _query() -> str | None:
    if request.method == "POST" and request.mimetype == "application/sparql-query":
        try:
            return request.get_data().decode("utf-8")
        except UnicodeDecodeError:
            abort(400, "The query is not UTF-8.")
    if request.method == "POST" and request.mimetype == "application/sparql-update":
        abort(403, "The graph is read-only: updates are not accepted.")
    if request.values.get("update") is not None:
        abort(403, "The graph is read-only: updates are not accepted.")
    if request.method == "POST" and request.mimetype != "application/x-www-form-urlencoded":
        abort(415, "Post a form, or a query as application/sparql-query.")
    given = request.values.getlist("query")
    if len(given) > 1:
        abort(400, "Give one query, not several.")
    return given[0] if given else None
