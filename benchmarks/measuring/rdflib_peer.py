"""Serve a file with rdflib-endpoint; on SIGHUP, drop what is being answered and serve again.

Run by ``peers.py``. The data are loaded once, in the parent; who answers is a fork of it, so that a
query without end costs a fork and not another load.
"""

import os
import signal
import sys
from types import FrameType

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint


def main(path: str, port: int) -> None:
    """Serve, until SIGTERM."""
    data = Dataset()
    data.parse(path, format="nquads")
    child = 0

    def stop(number: int, frame: FrameType | None) -> None:
        os.kill(child, signal.SIGKILL)
        if number == signal.SIGTERM:
            os._exit(0)

    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            uvicorn.run(SparqlEndpoint(graph=data), host="127.0.0.1", port=port, log_level="error")
            return
        signal.signal(signal.SIGHUP, stop)
        signal.signal(signal.SIGTERM, stop)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
