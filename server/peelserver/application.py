"""The WSGI application: what it is made of, and what hangs on it."""

from collections.abc import Callable
from typing import Any

from flask import Flask, request

from peelserver.answering.jobs import QuerySyntax
from peelserver.answering.pool import CLIENT, Pool
from peelserver.config import Config
from peelserver.exports import views as exports
from peelserver.http import access_log, answers, bodies, headers, heads, health, problems, shortcut
from peelserver.http.caching import Cache
from peelserver.http.limits import Limits, client
from peelserver.http.metrics import Metrics
from peelserver.http.metrics import register as register_metrics
from peelserver.http.records import Records
from peelserver.http.ways import Way
from peelserver.lineage import openapi, questions
from peelserver.lineage.shortcut import Questions
from peelserver.linkeddata import description, things, vocabulary
from peelserver.pages import feeds, reference, search, site
from peelserver.sparql import endpoint, wrong
from peelserver.sparql.shortcut import Queries
from peelserver.state import State

_BLUEPRINTS = (
    health,
    site,
    search,
    reference,
    feeds,
    things,
    questions,
    openapi,
    endpoint,
    description,
    exports,
)


class Application(Flask):
    """Flask without a look, for each function at each request, whether it is a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return *func*: none here is a coroutine."""
        return func


def prepare() -> None:
    """Make what every process needs and no snapshot changes: the words of shapes and terms."""
    reference.prepare()
    vocabulary.prepare()


def create(config: Config) -> Flask:
    """Return the application of one web process.

    :param config: its ``run`` is the folder in which a supervisor has its keepers
    """
    if config.run is None:
        raise ValueError("An application needs the run folder of its keepers.")
    app = Application("peelserver")
    app.config["MAX_CONTENT_LENGTH"] = config.largest_request
    app.config["MAX_FORM_MEMORY_SIZE"] = config.largest_request
    app.json.sort_keys = False  # type: ignore[attr-defined]
    metrics = Metrics(config.run)
    limits = Limits(config.rate, config.burst)
    state = State(
        config=config,
        pool=Pool(config, config.run, metrics, limits),
        cache=Cache(config.cache_bytes // 2),
        limits=limits,
        metrics=metrics,
        records=Records(metrics, access_log.is_on(config)),
    )
    metrics.watch(state.pool.waiting)
    app.extensions["peelgraph"] = state

    answers.register(app, config)
    access_log.register(app, config, state.records.settle)
    register_metrics(app, metrics)

    @app.before_request
    def admit() -> None:
        asks = client(request, config)
        CLIENT.set(asks)
        if shortcut.ADMITTED not in request.environ:
            state.limits.admit(asks)

    heads.register(app)
    bodies.register(app, config)
    for module in _BLUEPRINTS:
        app.register_blueprint(module.bp)
    problems.register(app)
    app.register_error_handler(QuerySyntax, wrong.said)
    headers.register(app)
    ways: dict[str, Way] = {"/questions/": Questions(app)}
    if config.queries:
        ways["/sparql"] = Queries(state)
    app.wsgi_app = shortcut.Shortcut(  # type: ignore[method-assign,assignment]
        app.wsgi_app, state, ways, config.cache_bytes // 2
    )
    return app
