"""A worker process: holds the snapshot, answers one query after another over its pipe.

Run as ``python -m peelserver.worker SNAPSHOT DEADLINE MEMORY``. A request is one line of JSON,
``{"query": …, "select": media type, "construct": media type}``; the answer is one line of JSON
and as many bytes as its ``length`` says. The kernel ends the worker when a query overruns its
deadline, so it needs nobody to do so. Once the snapshot is loaded it can open nothing more: no
file, no socket, whatever a query contains (``SERVICE``, ``FROM <file:…>``).
"""

import json
import resource
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

from peelgraph.namespaces import PREFIXES
from peelgraph.snapshot import load

#: how long a worker may take to write an answer that nobody reads, beyond the deadline
GRACE = 5.0


def main(snapshot: str, deadline: str, memory: str) -> None:
    """Answer until the pipe is closed."""
    store = load(Path(snapshot))
    _confine(int(memory))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    _send(answers, {"status": "ready"}, b"")
    for line in requests:
        signal.setitimer(signal.ITIMER_REAL, float(deadline))
        head, body = _answer(store, json.loads(line))
        signal.setitimer(signal.ITIMER_REAL, GRACE)
        _send(answers, head, body)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _confine(memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _answer(store: ox.Store, request: dict[str, str]) -> tuple[dict[str, Any], bytes]:
    try:
        results = store.query(request["query"], prefixes=PREFIXES)
        if isinstance(results, ox.QueryTriples):
            media = request["construct"]
            form = ox.RdfFormat.from_media_type(media)
            assert form is not None
            names = PREFIXES if form == ox.RdfFormat.TURTLE else None
            body = ox.serialize(results, format=form, prefixes=names)
        else:
            media = request["select"]
            shape = ox.QueryResultsFormat.from_media_type(media)
            assert shape is not None
            body = results.serialize(format=shape)
    except SyntaxError as error:
        return {"status": "syntax", "message": str(error)}, b""
    except (OSError, ValueError) as error:
        return {"status": "failed", "message": str(error)}, b""
    assert body is not None
    return {"status": "ok", "media": media}, body


def _send(pipe: BinaryIO, head: dict[str, Any], body: bytes) -> None:
    pipe.write(json.dumps(head | {"length": len(body)}).encode() + b"\n" + body)
    pipe.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
