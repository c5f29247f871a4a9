"""``/health``: whether the server lives and is ready, and what it counts (``/metrics``)."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, Response, jsonify

from peelserver.answering.jobs import QueryRefused
from peelserver.answering.snapshots import held
from peelserver.http.metrics import MEDIA
from peelserver.state import state

bp = Blueprint("health", __name__)


@bp.get("/health")
def health() -> tuple[Response, int]:
    """Say whether the server lives and is ready, and which snapshot and version it serves."""
    ready = _ready()
    digest, run = state().digest() if ready else None, state().config.run
    said = jsonify(
        status="ready" if ready else "not ready",
        live=True,
        ready=ready,
        snapshot=digest,
        held=held(run, digest) if run is not None and digest is not None else None,
        version=_version(),
    )
    return _fresh(said), 200 if ready else 503


@bp.get("/health/live")
def live() -> Response:
    """Say that the process answers."""
    return _fresh(jsonify(live=True))


@bp.get("/health/ready")
def ready() -> tuple[Response, int]:
    """Say whether queries are answered."""
    found = _ready()
    return _fresh(jsonify(ready=found)), 200 if found else 503


@bp.get("/metrics")
def metrics() -> Response:
    """Return what the web processes have counted."""
    state().records.settle()
    return _fresh(Response(state().metrics.text(), content_type=MEDIA))


def _fresh(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _ready() -> bool:
    """Ask the simplest question of all."""
    try:
        return bool(state().engine().query("ASK {}"))
    except (QueryRefused, OSError, LookupError):
        return False


@cache
def _version() -> str | None:
    try:
        return version("peelgraph")
    except PackageNotFoundError:
        return None
