"""Where things are: an IRI of ours and its path, and the address by which a client knows us.

>>> path("https://w3id.org/peelgraph/id/force/kent")
'/id/force/kent'
>>> link("javascript:alert(1)") is None
True
"""

import re
from ipaddress import ip_address

from flask import request

from peelgraph.namespaces import BASE
from peelserver.config import Config

_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def base(config: Config) -> str:
    """Return the address of this server, with no slash at its end.

    It is the configured one. Where none is, the request's host is believed if it is an address or
    the name that the server was told to listen on; any other may be somebody else's.
    """
    if config.base_url:
        return config.base_url.rstrip("/")
    found = _HOST.fullmatch(request.host)
    if found and _is_ours(found["name"], config):
        return f"{request.scheme}://{request.host}"
    name = f"[{config.host}]" if ":" in config.host else config.host
    return f"http://{name}:{config.port}"


def path(iri: str) -> str | None:
    """Return the path at which this server answers for one of our IRIs; None for all others."""
    rest = iri.removeprefix(BASE)
    return f"/{rest}" if rest != iri and not rest.startswith(("/", "\\")) else None


def link(iri: str) -> str | None:
    """Return what a page may link to for an IRI: a path of ours, or an address of the web."""
    return path(iri) or (iri if _WEB.fullmatch(iri) else None)


def _is_ours(name: str, config: Config) -> bool:
    if name in ("localhost", config.host):
        return True
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
