"""The machine that was measured on, and the versions of what was measured."""

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import engines

_PACKAGES = ("peelgraph", "pyoxigraph", "oxigraph", "rdflib", "rdflib-endpoint", "granian")


def machine() -> str:
    """Return processor, cores, memory and kernel, in a line."""
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    name = " ".join(found[1].split()) if found else platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores of {name}, {memory:.0f} GB, {platform.system()}, Python {_python()}"


def versions() -> str:
    """Return the versions, in a line."""
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    if engines.VIRTUOSO is not None:
        said = subprocess.run([engines.VIRTUOSO, "-?"], capture_output=True, text=True, check=False)
        if match := re.search(r"Version (\d+(?:\.\d+)+)", said.stdout + said.stderr):
            found.append(f"Virtuoso {match[1]}")
    return ", ".join(found)


def _python() -> str:
    return platform.python_version()
