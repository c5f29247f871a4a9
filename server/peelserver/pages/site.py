"""Plain pages: how each force stands, and the lineage of one thing."""

from flask import Blueprint, Response, render_template, request

from peelgraph import __version__, asking, phrases
from peelgraph import trace as tracing
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.namespaces import ID
from peelgraph.questions import names, parameter, question
from peelgraph.values import check, today
from peelgraph.wording import a_span
from peelserver.http.caching import Key, respond
from peelserver.state import state

bp = Blueprint("pages", __name__)
bp.add_app_template_filter(a_span, "a_span")

_HTML = "text/html"


@bp.get("/")
def start() -> Response:
    """Show what was raised against each force, and how it stands on a day."""
    engine = state().engine()
    on = check(parameter("on"), request.args.get("on") or "today", engine)
    known = check(parameter("known"), request.args.get("known") or "all", engine)
    key = Key(engine.digest, __version__, f"/ on {on} known {known} at {today()}", None, _HTML)
    return respond(
        key, lambda: (_HTML, _start(engine, on, known).encode()), cacheable=True, max_age=60
    )


def thing_page(kind: str, slug: str) -> str:
    """Return the page of one thing: its lineage, and where it says so.

    It says how the thing stands today, so that it is another one tomorrow.

    :raises UnknownName: there is none; says which are near
    """
    engine = state().engine()
    found = tracing.trace(engine, f"{kind}/{slug}")
    evidence = asking.rows_of_each(engine, "evidence", "thing", [found.item.iri], {"known": "all"})
    return render_template("thing.html", trace=found, evidence=evidence, local=_local)


def _start(engine: Engine, on: str, known: str) -> str:
    rows = asking.ask(engine, "status", {"on": on, "known": known}).rows
    forces = sorted({str(row["force"]) for row in rows})
    labels = asking.labels(engine, forces)
    return render_template(
        "start.html",
        on=on,
        known="" if known == "all" else known,
        today=today(),
        forces=[
            {
                "label": labels[force],
                "slug": force.rpartition("/")[2],
                "phase": _phase(engine, force, on, known),
                "kinds": _kinds([row for row in rows if row["force"] == force]),
            }
            for force in forces
        ],
        questions=[question(name) for name in names()],
        digest=engine.digest,
    )


def _local(iri: str) -> str:
    """Return the address of a thing's page on this server."""
    return "/id/" + iri.removeprefix(ID)


def _phase(engine: Engine, force: str, on: str, known: str) -> str:
    rows = asking.ask(engine, "phase", {"force": force, "on": on, "known": known}).rows
    if not rows:
        return "No document says in which monitoring phase it was."
    names = asking.labels(engine, [str(row["phase"]) for row in rows])
    said = []
    for row in rows:
        began = [str(row[key]) if key in row else None for key in ("since", "sinceLatest")]
        since = f" since {phrases.between(*began)}" if any(began) else ""
        basis = "" if row["basis"] == "stated" else f" ({row['basis']})"
        said.append(f"{names[str(row['phase'])]}{since}{basis}")
    return f"Monitoring phase: {' or '.join(said)}."


def _kinds(rows: list[dict[str, Value]]) -> list[dict[str, object]]:
    headings = {
        "cause-of-concern": "Causes of concern",
        "recommendation": "Recommendations",
        "area-for-improvement": "Areas for improvement",
    }
    return [
        {
            "heading": heading,
            "items": [
                {
                    "label": row["label"],
                    "address": _local(str(row["item"])),
                    "raised": phrases.between(
                        *(
                            str(row[key]) if key in row else None
                            for key in ("raisedEarliest", "raisedLatest")
                        )
                    ),
                    "status": phrases.status(row),
                    "token": str(row["status"]).rpartition("/")[2],
                }
                for row in rows
                if row["kind"] == kind
            ],
        }
        for kind, heading in headings.items()
    ]
