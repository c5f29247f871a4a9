"""Answers: remembered, conditional, compressed, and with the headers that say so.

An answer is known by its key: the snapshot, the version, the question with all its parameters,
the dataset and the media type. From one key come the same triples or rows always, but not always
in the same order, so that the ETag (the hash of the key, one for each encoding) is a weak one.
"""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from flask import Response, request

from peelserver.http.access_log import note
from peelserver.http.negotiation import pick_encoding
from peelserver.state import state

#: bytes from which an answer is compressed
_WORTH = 1024

#: bytes that an entry takes beside its bodies, about
_OVERHEAD = 400


@dataclass(slots=True)
class Key:
    """All that an answer depends on.

    :param digest: of the snapshot
    :param version: of peelgraph
    :param text: the query or address, with every parameter resolved
    :param dataset: what the query is asked over, if not over the snapshot's own dataset
    :param media: the media type
    :param hash: what stands for the key: 32 hexadecimal digits
    """

    digest: str
    version: str
    text: str
    dataset: str | None
    media: str

    hash: str = field(init=False)

    def __post_init__(self) -> None:
        """Make the hash."""
        parts = (self.digest, self.version, self.dataset or "", self.media, self.text)
        coded = "".join([f"{len(part)} {part}" for part in parts])
        self.hash = sha256(coded.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer: its content type, its bytes, and these compressed, once somebody wanted that."""

    media: str
    body: bytes
    compressed: bytes | None = None

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return len(self.body) + len(self.compressed or b"") + _OVERHEAD


class Cache:
    """The answers used last, within a bound in bytes; thread-safe.

    :param most: bytes that all answers may take together; one of them a quarter of it
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._stored: OrderedDict[str, Stored] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        """Return how many answers are remembered."""
        return len(self._stored)

    @property
    def size(self) -> int:
        """About how many bytes the answers take."""
        return self._size

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._stored.clear()
            self._size = 0

    def get(self, key: Key) -> Stored | None:
        """Return the answer with a key, if it is remembered."""
        with self._lock:
            found = self._stored.get(key.hash)
            if found is not None:
                self._stored.move_to_end(key.hash)
            return found

    def put(self, key: Key, stored: Stored) -> None:
        """Remember an answer, and forget what was not used for longest."""
        with self._lock:
            old = self._stored.pop(key.hash, None)
            self._size -= old.size if old else 0
            if stored.size > self._most // 4:
                return
            self._stored[key.hash] = stored
            self._size += stored.size
            while self._size > self._most:
                self._size -= self._stored.popitem(last=False)[1].size


def etag(key: Key, encoding: str) -> str:
    """Return the ETag of an answer in an encoding, as the header has it.

    >>> etag(Key("0" * 64, "1", "ASK {}", None, "text/csv"), "gzip")
    'W/"6ea1572451f888386ba4e97f18b89671-gzip"'
    """
    return f'W/"{key.hash}{"" if encoding == "identity" else "-" + encoding}"'


def encoding_of(body: bytes, accepted: str | None) -> str:
    """Return the encoding in which an answer is sent: ``gzip``, if that is worth it.

    :param accepted: the header ``Accept-Encoding``
    """
    return pick_encoding(accepted) if len(body) >= _WORTH else "identity"


def compressed(body: bytes) -> bytes:
    """Return an answer in gzip."""
    return gzip.compress(body, compresslevel=1, mtime=0)


def respond(
    key: Key, make: Callable[[], tuple[str, bytes]], *, cacheable: bool, max_age: int = 0
) -> Response:
    """Answer with what *make* returns, from memory or not at all where that will do.

    A conditional ``GET`` is answered before anything is looked up or made.

    :param make: returns the media type and the bytes; what it raises is not remembered
    :param cacheable: whether the same key always gives the same answer
    :param max_age: seconds for which the answer need not be asked for again
    """
    encoding = pick_encoding(request.headers.get("Accept-Encoding"))
    safe = request.method in ("GET", "HEAD")
    if cacheable and safe and (known := _known(key, encoding)) is not None:
        return _described(Response(status=304), known, max_age)
    stored = _found(key, make) if cacheable else Stored(*make())
    if cacheable and safe and request.headers.get("If-None-Match", "").strip() == "*":
        return _described(Response(status=304), etag(key, encoding), max_age)
    body = stored.body
    encoding = encoding_of(body, request.headers.get("Accept-Encoding"))
    if encoding == "gzip":
        if stored.compressed is None:
            stored = replace(stored, compressed=compressed(body))
            if cacheable:
                state().cache.put(key, stored)
        body = stored.compressed or b""
    answer = Response(body, content_type=_with_charset(stored.media))
    if encoding != "identity":
        answer.headers["Content-Encoding"] = encoding
    if not cacheable:
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Vary"] = "Accept, Accept-Encoding"
        return answer
    return _described(answer, etag(key, encoding) if safe else None, max_age)


def _known(key: Key, encoding: str) -> str | None:
    """Return the ETag that the client has, if it has the answer."""
    if (header := request.headers.get("If-None-Match")) is None:
        return None
    given = {piece.strip().removeprefix("W/") for piece in header.split(",")}
    for each in dict.fromkeys((encoding, "identity")):
        if etag(key, each).removeprefix("W/") in given:
            return etag(key, each)
    return None


def _found(key: Key, make: Callable[[], tuple[str, bytes]]) -> Stored:
    here = state()
    found = here.cache.get(key)
    hit = found is not None
    note(cache="hit" if hit else "miss")
    here.metrics.cache(hit)
    if found is None:
        found = Stored(*make())
        here.cache.put(key, found)
    return found


def _described(answer: Response, tag: str | None, max_age: int) -> Response:
    if tag is not None:
        answer.headers["ETag"] = tag
    fresh = f"max-age={max_age}" if max_age else "no-cache"
    answer.headers["Cache-Control"] = f"public, {fresh}"
    answer.headers["Vary"] = "Accept, Accept-Encoding"
    return answer


def _with_charset(media: str) -> str:
    if media.startswith("text/") and "charset" not in media:
        return f"{media}; charset=utf-8"
    return media
