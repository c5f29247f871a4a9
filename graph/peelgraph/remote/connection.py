"""The way to an engine over HTTP: who asks, how long one waits, what is tried again.

A password is only ever read from the environment, and only sent when the engine asks for it. No
redirection is followed, because it would lead queries, updates and the password elsewhere.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth, HTTPDigestAuth

from peelgraph.engine import EngineError

#: the variables of the environment with who asks
USER, PASSWORD = "PEELGRAPH_ENGINE_USER", "PEELGRAPH_ENGINE_PASSWORD"

#: seconds to wait for a connection
_CONNECT = 10.0

#: seconds before the second, third and fourth time that something is tried
_PAUSES = (0.5, 1.0, 2.0)

#: the longest pause in seconds that an engine may ask for with Retry-After
_LONGEST_PAUSE = 30.0

#: statuses of a server that may do better in a moment
_PASSING = (429, 502, 503, 504)

#: characters of what an engine says that are repeated
_SAID = 300


class Unreachable(EngineError):
    """Nobody answers at the address, or not for now."""


class Denied(EngineError):
    """The engine does not let this user do it."""


class TooSlow(EngineError):
    """It did not answer in time."""


class Rejected(EngineError):
    """It refused the request, and repeating it would not help."""


class AnswerTooLarge(EngineError):
    """More came than may, or the engine itself cut what it sent."""


class DamagedAnswer(EngineError):
    """What came is not a whole answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status, the headers, whose names are in lower case, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """Requests to one engine.

    :param timeout: seconds that an answer may take, from the request to its last byte
    :param largest: bytes that an answer may have
    :param pauses: seconds before each further time that a request is tried
    """

    def __init__(
        self, timeout: float = 60.0, largest: int = 1 << 30, pauses: tuple[float, ...] = _PAUSES
    ) -> None:
        #: seconds that an answer may take, from the request to its last byte
        self.timeout = timeout
        #: bytes that an answer may have
        self.largest = largest
        self._pauses = pauses
        self._session = requests.Session()
        self._session.trust_env = False  # nor a proxy, nor a password out of ~/.netrc
        self._session.headers["User-Agent"] = "peelgraph"

    def send(
        self,
        method: str,
        address: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        repeat: bool = True,
    ) -> Reply:
        """Send a request, and return the reply if it is one of success.

        :param repeat: it is safe to repeat, and is, if the engine is away for a moment
        :raises EngineError: it is not; says why, and never the password
        """
        pauses = iter(self._pauses if repeat else ())
        until = time.monotonic() + self.timeout
        while True:
            wait: float | None
            try:
                reply = self._once(method, address, params, data, headers)
                if reply.status not in _PASSING:
                    break
                error: EngineError = _unsuccessful(address, reply)
                wait = _asked_for(reply)
            except Unreachable as caught:
                error, wait = caught, None
            pause = next(pauses, None)
            if pause is not None and wait is not None:
                pause = wait
            if pause is None or time.monotonic() + pause > until:
                raise error
            time.sleep(pause)
        if not 200 <= reply.status < 300:
            raise _unsuccessful(address, reply)
        return reply

    def _once(
        self,
        method: str,
        address: str,
        params: Mapping[str, str] | None,
        data: Mapping[str, str] | bytes | None,
        headers: Mapping[str, str] | None,
    ) -> Reply:
        def ask() -> Reply:
            until = time.monotonic() + self.timeout
            with self._session.request(
                method,
                address,
                params=params,
                data=data,
                headers=headers,
                timeout=(min(_CONNECT, self.timeout), self.timeout),
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = self._read(answer, until)
                found = {name.lower(): value for name, value in answer.headers.items()}
                return Reply(answer.status_code, found, body)

        try:
            reply = ask()
            user = os.environ.get(USER)
            if reply.status == 401 and user and self._session.auth is None:
                offered = reply.headers.get("www-authenticate", "").lower()
                scheme: Callable[[str, str], HTTPBasicAuth | HTTPDigestAuth] = (
                    HTTPDigestAuth if "digest" in offered else HTTPBasicAuth
                )
                self._session.auth = scheme(user, os.environ.get(PASSWORD, ""))
                reply = ask()
        except requests.ConnectTimeout:
            raise Unreachable(f"Nobody answers at {address}.") from None
        except requests.Timeout:
            raise TooSlow(
                f"{address} did not answer within {self.timeout:g} seconds. "
                "Ask for less, or give it more time."
            ) from None
        except requests.exceptions.ChunkedEncodingError:
            raise DamagedAnswer(f"{address} broke off its answer.") from None
        except requests.exceptions.ContentDecodingError:
            raise DamagedAnswer(f"The answer of {address} cannot be unpacked.") from None
        except requests.exceptions.SSLError as error:
            raise EngineError(f"{address} cannot be trusted: {_reason(error)}.") from None
        except requests.ConnectionError as error:
            if "timed out" in str(error):
                raise TooSlow(
                    f"{address} did not answer within {self.timeout:g} seconds."
                ) from None
            raise Unreachable(f"{address} cannot be reached: {_reason(error)}.") from None
        except requests.RequestException as error:
            raise EngineError(f"{address} cannot be asked: {_reason(error)}.") from None
        return reply

    def _read(self, answer: requests.Response, until: float) -> bytes:
        parts, size = [], 0
        for part in answer.iter_content(1 << 16):
            parts.append(part)
            size += len(part)
            if size > self.largest:
                raise AnswerTooLarge("The answer is too large. Ask for less, or page by page.")
            if time.monotonic() > until:
                raise requests.Timeout
        return b"".join(parts)


def checked(address: str) -> str:
    """Return an address if it is one that can be asked.

    >>> checked("http://localhost:7878/query")
    'http://localhost:7878/query'

    :raises ValueError: it is none, or has a user or a password in it, which everybody could read
    """
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  # raises, if it is none
    except ValueError:
        raise ValueError("The address of the engine is none.") from None
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "No user and no password in the address, where others can read them: "
            f"set {USER} and {PASSWORD}."
        )
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
        raise ValueError(
            f"'{address[:200]}' is no address of an engine, such as http://127.0.0.1:7878/query."
        )
    return address


def _unsuccessful(address: str, reply: Reply) -> EngineError:
    said = " ".join(reply.body[: 4 * _SAID].decode("utf-8", "replace").split())[:_SAID]
    said = f" It says: {said}" if said else ""
    if reply.status in (401, 403):
        if os.environ.get(USER):
            why = f"the user and the password in {USER} and {PASSWORD} are not those of one who may"
        else:
            why = f"it asks who one is: set {USER} and {PASSWORD}"
        return Denied(f"{address} denies it (status {reply.status}); {why}.")
    if reply.status in _PASSING:
        return Unreachable(
            f"{address} cannot answer now (status {reply.status}). Try again later.{said}"
        )
    if 300 <= reply.status < 400:
        return Rejected(
            f"{address} leads elsewhere, to {reply.headers.get('location', 'nowhere')[:200]}. "
            "Give that address, if it is the right one."
        )
    if reply.status in (404, 405, 501):
        return Rejected(f"{address} is no such endpoint (status {reply.status}).{said}")
    return Rejected(f"{address} refused it (status {reply.status}).{said}")


def _asked_for(reply: Reply) -> float | None:
    """Return the seconds after which the engine wants to be asked again, if it says so."""
    text = reply.headers.get("retry-after", "")
    return min(float(text), _LONGEST_PAUSE) if text.isascii() and text.isdigit() else None


def _reason(error: Exception) -> str:
    """Return the innermost reason, without the addresses of objects."""
    inner: BaseException = error
    while inner.args and isinstance(inner.args[-1], BaseException):
        inner = inner.args[-1]
    inner = getattr(inner, "reason", None) or inner
    cause = inner.__cause__ or inner.__context__ or inner
    return str(getattr(cause, "strerror", None) or type(cause).__name__)
