"""Which snapshot an engine elsewhere holds: looked at all the time, by a thread of its own.

The supervisor follows a lookout as it follows a pointer. An engine that does not answer, or holds
no whole snapshot while one is being pushed, changes nothing: what is served stays that, and its
relays say that they have no answer.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from peelgraph import __version__
from peelgraph.engine import EngineError
from peelgraph.namespaces import BASE
from peelgraph.remote.connection import Connection, checked
from peelgraph.remote.engine import Remote

#: seconds between two looks
EVERY = 1.0

#: seconds that an engine may take to say which snapshot it holds
PATIENCE = 10.0

#: seconds after which a snapshot is offered again that could not be served
AGAIN = 30.0

_VERSION = f"SELECT ?version {{ <{BASE}ontology> owl:versionInfo ?version }}"


class AnotherFormat(EngineError):
    """A snapshot that another release built, which this one cannot read."""


class Lookout:
    """Leads to the snapshot that an engine holds.

    :param address: of the queries of the engine
    :param say: is told when the engine goes away, and when it is back
    :raises ValueError: the address is none, or has a password in it
    """

    def __init__(self, address: str, say: Callable[[str], None]) -> None:
        self._address = checked(address)
        self._say = say
        self._connection = Connection(PATIENCE, pauses=())
        self._newest = ""
        self._followed = ""
        self._not_before = 0.0

    def first(self) -> Path:
        """Look for the first time, go on looking, and return the snapshot.

        :raises EngineError: there is none that can be served; says what to do
        """
        self._newest = self._looked()
        threading.Thread(target=self._watch, name="lookout", daemon=True).start()
        return self.snapshot()

    def snapshot(self) -> Path:
        """Return the snapshot that the engine holds: no file, but a path that is named so."""
        self._followed = self._newest
        return Path(f"{self._followed}.engine")

    def changed(self) -> bool:
        """Whether the engine holds another snapshot than the one last followed."""
        return self._newest != self._followed and time.monotonic() > self._not_before

    def refused(self) -> None:
        """Lead there again after a while: the engine may have been away, or slow."""
        self._followed = ""
        self._not_before = time.monotonic() + AGAIN

    def _looked(self) -> str:
        remote = Remote(self._address, self._connection)
        if remote.digest != self._newest:
            _check_format(remote)
        return remote.digest

    def _watch(self) -> None:
        trouble = ""
        while True:
            time.sleep(EVERY)
            try:
                self._newest, now = self._looked(), ""
            except EngineError as error:
                now = str(error)
            if now != trouble:
                trouble = now
                self._say(now or "The engine answers again.")


def _check_format(remote: Remote) -> None:
    """Make sure that a snapshot is of this release, whose questions and pages fit no other.

    :raises AnotherFormat: it is not
    """
    found = remote.query(_VERSION)
    assert isinstance(found, ox.QuerySolutions)
    versions = sorted({row["version"].value for row in found})
    if versions != [__version__]:
        raise AnotherFormat(
            f"The snapshot at {remote.address} is of {' and '.join(versions) or 'no'} version of "
            f"the vocabulary, and this is peelgraph {__version__}. "
            "'peelgraph push' brings one there that fits."
        )
