"""One client over one connection that stays open: how long an answer takes, and what it says."""

import http.client
import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

JSON = "application/sparql-results+json"
_NUMBERS = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double")
)
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_STRING = "http://www.w3.org/2001/XMLSchema#string"

Row = frozenset[tuple[str, str]]


class Refused(Exception):
    """An answer that is none: too late, or an error."""


@dataclass(frozen=True, slots=True)
class Got:
    """An answer, and the seconds from the request to its last byte."""

    seconds: float
    body: bytes


class Client:
    """A connection to one server.

    :param patience: seconds within which an answer must have come
    """

    def __init__(self, url: str, patience: float) -> None:
        parts = urlsplit(url)
        self._path = parts.path or "/"
        self._connection = http.client.HTTPConnection(parts.netloc, timeout=patience)
        self._patience = patience

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()

    def query(self, sparql: str) -> Got:
        """Post a query.

        :raises Refused: there was no answer in time, or an error
        """
        body = urlencode({"query": sparql})
        headers = {"Accept": JSON, "Content-Type": "application/x-www-form-urlencoded"}
        return self._got("POST", self._path, body.encode(), headers)

    def get(self, path: str, accept: str = JSON) -> Got:
        """Get something.

        :raises Refused: there was no answer in time, or an error
        """
        return self._got("GET", path, None, {"Accept": accept})

    def _got(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Got:
        for again in (False, True):
            started = time.perf_counter()
            try:
                self._connection.request(method, path, body, headers)
                answer = self._connection.getresponse()
                found = answer.read()
                break
            except TimeoutError:
                self.close()
                raise Refused(f"> {self._patience:.0f} s") from None
            except (OSError, http.client.HTTPException) as error:
                self.close()  # the server may have closed a connection that was long unused
                if again:
                    raise Refused(f"no answer ({type(error).__name__})") from None
        took = time.perf_counter() - started
        if answer.status != 200:
            said = " ".join(found.decode("utf-8", "replace").split())[:120]
            raise Refused(f"{answer.status} {said}")
        return Got(took, found)


def rows(body: bytes, several: Iterable[str] = ()) -> list[Row]:
    """Return the bindings of an answer, written alike whoever wrote them.

    Numbers without needless digits, booleans as words, no empty strings, and the words of a cell
    that holds several in order; of a literal its value, since engines differ in naming its type.

    >>> rows(b'{"results": {"bindings": [{"n": {"type": "literal", "value": "1.50",'
    ...      b'"datatype": "http://www.w3.org/2001/XMLSchema#decimal"}}]}}')
    [frozenset({('n', '1.5')})]
    """
    words = set(several)
    return [
        frozenset(
            (name, text)
            for name, term in row.items()
            if (text := _text(term, several=name in words))
        )
        for row in json.loads(body)["results"]["bindings"]
    ]


def _text(term: dict[str, str], *, several: bool) -> str:
    value, kind = term["value"], term.get("datatype", _STRING)
    if several:
        return " ".join(sorted(value.split()))
    if term["type"] == "uri":
        return f"<{value}>"
    if kind == _BOOLEAN:
        return {"1": "true", "0": "false"}.get(value, value)
    if kind in _NUMBERS:
        return f"{float(value):.15g}"
    return f"{value}@{term['xml:lang'].lower()}" if "xml:lang" in term else value


def difference(one: list[Row], other: list[Row]) -> str:
    """Return how two answers differ; nothing, if they do not.

    >>> difference([frozenset({("n", "1")})], [])
    '0 rows instead of 1'
    """
    if one == other:
        return ""
    if len(one) != len(other):
        return f"{len(other)} row{'s' * (len(other) != 1)} instead of {len(one)}"
    apart = sum(((Counter(one)) - Counter(other)).values())
    return f"{apart} of {len(one)} rows differ" if apart else "the same rows in another order"
