"""The web face of the graph: pages, lineage questions and a read-only SPARQL endpoint.

The web process holds no store. Queries run in worker processes, which have a deadline and cannot
open a file or a connection: one for the stored questions, one for what users send to ``/sparql``.
"""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import waitress
from flask import Flask

from peelserver import health, pages, problems, questions, sparql
from peelserver.config import Config
from peelserver.engine import WorkerEngine


def create_app(config: Config) -> Flask:
    """Return the application that serves one snapshot.

    Call ``close()`` on the engines in ``app.extensions["peelgraph"]`` to end its workers.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = config.largest_request
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["peelgraph"] = {
        "questions": WorkerEngine(config.snapshot, config.deadline, config.memory),
        "queries": WorkerEngine(config.snapshot, config.deadline, config.memory),
    }
    for module in (health, pages, questions, sparql):
        app.register_blueprint(module.bp)
    problems.register(app)
    return app


def run(snapshot: Path, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve *snapshot* until interrupted.

    :param port: 0 for any that is free
    :param say: is told the address once it is listened on
    :raises OSError: the address cannot be listened on
    """
    app = create_app(Config(snapshot=snapshot))
    with ExitStack() as engines:
        for engine in app.extensions["peelgraph"].values():
            engines.enter_context(engine)
        server = waitress.create_server(app, host=host, port=port, threads=8, ident=None)
        say(f"peelgraph is at http://{_bracketed(host)}:{server.effective_port}/ (Ctrl+C stops it)")
        try:
            server.run()
        finally:
            server.close()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
