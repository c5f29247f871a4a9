"""``/health``: whether the server lives, and which snapshot it serves."""

from flask import Blueprint, Response, current_app, jsonify

from peelgraph.engine import Engine

bp = Blueprint("health", __name__)


@bp.get("/health")
def health() -> Response:
    """Say that the worker answers, and for which snapshot."""
    engine: Engine = current_app.extensions["peelgraph"]["questions"]
    engine.query("ASK { ?s ?p ?o }")
    return jsonify(status="ok", snapshot=engine.digest)
