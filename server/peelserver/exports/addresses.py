"""The address of an export that stays, and the command that writes the same file."""

import shlex
from collections.abc import Mapping
from urllib.parse import urlencode

from peelgraph import __version__
from peelgraph.exports.scope import Scope
from peelserver.state import state


def permalink(name: str, found: Scope, digest: str) -> str:
    """Return the address of an export with every option resolved.

    :param name: of the format; the list of formats, if empty
    """
    given = found.options | {"snapshot": digest, "version": __version__}
    path = f"/exports/{name}" if name else "/exports"
    return (state().config.base_url or "").rstrip("/") + f"{path}?{urlencode(given, safe='/:,')}"


def command(name: str, given: Mapping[str, str]) -> str:
    """Return the command that writes the same file.

    >>> command("gexf", {"force": "kent", "known": "all"})
    'peelgraph export gexf --force kent --known all'
    >>> command("gexf", {"all": "true"})
    'peelgraph export gexf --all'
    """
    options = [
        part
        for key, value in given.items()
        for part in ([f"--{key}"] if key == "all" else [f"--{key}", value])
    ]
    return shlex.join(["peelgraph", "export", name, *options])
