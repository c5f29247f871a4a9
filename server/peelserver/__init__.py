"""The web face of the graph: pages, lineage questions and a read-only SPARQL endpoint.

``peelgraph serve`` starts a supervisor, which starts a keeper for each snapshot and the web
processes. The web processes hold no store: they have every query answered by a worker, a fork of
the keeper, which has a deadline and can open nothing. Nothing is imported here, because keepers
and workers need little of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from peelserver.config import Config


def create_app(config: Config) -> Flask:
    """Return the WSGI application; see :func:`peelserver.application.create`."""
    from peelserver.application import create

    return create(config)
