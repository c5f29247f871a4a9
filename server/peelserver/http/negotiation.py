"""Content negotiation: which of several media types, or encodings, a client wants most.

By RFC 9110, 12.5: the most specific range that fits decides how much an offer is wanted, wherever
it stands in the header; q=0 means not at all; a piece that is malformed is skipped. Of what is
wanted equally, what is named wins over what a wildcard covers, and then the order of the offers.

>>> pick("text/html;q=0.2, text/*, */*;q=0.1", ["text/html", "text/csv"])
'text/csv'
>>> pick("text/csv;q=0, */*", ["text/csv"]) is None
True
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PIECE = re.compile(r'(?:[^,"]++|"(?:[^"\\]|\\.)*+"|")++', re.DOTALL)
_RANGE = re.compile(rf"\s*({_TOKEN})(?:/({_TOKEN}))?\s*(?:;|$)")
_PARAMETER = re.compile(
    rf'\s*({_TOKEN})\s*=\s*({_TOKEN}|"(?:[^"\\]|\\.)*+")\s*(?:;|$)|\s*(?:;|$)', re.DOTALL
)
_QUALITY = re.compile(r"(?:0|1|0?\.\d+|0\.\d*|1\.0*)")


@dataclass(frozen=True, slots=True)
class _Wish:
    name: str
    quality: float
    specific: int


def pick(accept_headers: str | None, offers: Sequence[str]) -> str | None:
    """Return the offer that the client wants most, or None if it wants none.

    :param accept_headers: all ``Accept`` headers, joined by commas; None if there is none
    :param offers: media types, the server's favourite first
    """
    wishes = _wishes(accept_headers or "")
    return _best([(offer, *_wanted(offer, wishes)) for offer in offers])


@lru_cache(maxsize=512)
def pick_encoding(accept_encoding: str | None) -> str:
    """Return the encoding to send: ``gzip`` or ``identity``."""
    wishes = {wish.name: wish.quality for wish in _pieces(accept_encoding or "")}
    rest = wishes.get("*", 0.0)
    plain = wishes.get("identity", rest if wishes.get("*") == 0.0 else 0.001)
    return _best([("gzip", wishes.get("gzip", rest), 0), ("identity", plain, 0)]) or "identity"


def _best(found: list[tuple[str, float, int]]) -> str | None:
    offer, quality, _ = max(found, key=lambda each: each[1:], default=("", 0.0, 0))
    return offer if quality > 0 else None


def _wanted(offer: str, wishes: tuple[_Wish, ...]) -> tuple[float, int]:
    """Return how much an offer is wanted, and how specific the range is that says so."""
    name = offer.partition(";")[0].strip().lower()
    ranges = (name, name.partition("/")[0] + "/*", "*/*")
    fits = [wish for wish in wishes if wish.name in ranges]
    best = max(fits, key=lambda wish: (wish.specific, wish.quality), default=None)
    return (best.quality, min(best.specific, 3)) if best else (0.0, 0)


@lru_cache(maxsize=512)
def _wishes(header: str) -> tuple[_Wish, ...]:
    found = (
        _Wish("*/*", wish.quality, 1) if wish.name == "*" else wish for wish in _pieces(header)
    )
    named = tuple(wish for wish in found if "/" in wish.name)
    return named or (_Wish("*/*", 1.0, 1),)


def _pieces(header: str) -> list[_Wish]:
    return [wish for piece in _PIECE.findall(header) if (wish := _read(piece)) is not None]


def _read(piece: str) -> _Wish | None:
    """Return what one piece of a header says, or None if it is malformed.

    A range with parameters of its own (``;level=1``) counts as one without, save where the same
    type stands without them too: then that one decides. ``charset`` says nothing, since all we
    send is UTF-8.
    """
    head = _RANGE.match(piece)
    if head is None:
        return None
    kind, form = head[1].lower(), (head[2] or "").lower()
    if kind == "*" and form not in ("", "*"):
        return None
    quality, at, narrowed = 1.0, head.end(), False
    while at < len(piece):
        parameter = _PARAMETER.match(piece, at)
        if parameter is None:
            return None
        name, at = (parameter[1] or "").lower(), parameter.end()
        if name == "q":
            if not _QUALITY.fullmatch(parameter[2]):
                return None
            quality = float(parameter[2])
            break  # what follows is no parameter of the range
        narrowed = narrowed or name not in ("", "charset")
    if not form:  # an encoding, or the lone * that some old clients send for */*
        return _Wish("*", quality, 0) if kind == "*" else _Wish(kind, quality, 4)
    specific = 1 if kind == "*" else 2 if form == "*" else 3 if narrowed else 4
    return _Wish(f"{kind}/{form}", quality, specific)
