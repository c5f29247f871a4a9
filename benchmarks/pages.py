"""How long does a page take that is not in memory? Run ``python benchmarks/pages.py``.

Starts a server that remembers no answer, asks it for every kind of page (of each kind the page of
the thing with the most links, of one in the middle and of the one with the fewest), and prints a
table in Markdown: milliseconds, the median of all and that of the slowest page. Each is asked once
before, so that the labels that all pages share are there. Then the same pages are made within one
process, to tell where the time of the slowest goes: how many queries it asks, how long it waits for
their answers, what templates and pictures take; the rest is Python. Beside it stands what the
engine takes for the same queries one after another: two may be under way at a time.
"""

import argparse
import multiprocessing
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, urlencode, urlsplit

import jinja2
import pyoxigraph as ox
from flask import Flask

from peelgraph.build import ensure
from peelgraph.drawing import lineage as draw_lineage
from peelgraph.drawing import timeline as draw_timeline
from peelgraph.namespaces import BASE, PREFIXES
from peelgraph.questions import names, question
from peelserver import create_app
from peelserver.answering.jobs import Answered, Job
from peelserver.answering.pool import Pool, PoolEngine
from peelserver.config import Config
from peelserver.processes import supervisor, worker
from peelserver.processes.datasets import Datasets
from peelserver.processes.keepers import Keepers, digest_of
from peelserver.processes.stores import Stores, loaded

ACCEPT = {"Accept": "text/html"}

#: pages that are one of their kind
SINGLE = (
    *("/", "/status", "/about", "/questions", "/sparql", "/exports", "/feeds", "/vocabulary"),
    *("/ontology", "/shapes"),
)
_THINGS = """SELECT ?kind ?thing (COUNT(?link) AS ?links) {
  ?thing peel:kindToken ?kind . ?link ?property ?thing FILTER (STRSTARTS(STR(?thing), "BEGINNING"))
} GROUP BY ?kind ?thing ORDER BY ?kind DESC(?links) ?thing"""


@dataclass(slots=True)
class Spent:
    """What one page cost: seconds by part, and how many queries it asked."""

    whole: float = 0.0
    queries: int = 0
    parts: dict[str, float] = field(default_factory=dict)

    def add(self, part: str, seconds: float) -> None:
        """Add to a part."""
        self.parts[part] = self.parts.get(part, 0.0) + seconds


def addresses(store: ox.Store) -> dict[str, list[str]]:
    """Return the addresses of some pages by their kind."""
    found = {path: [path] for path in SINGLE}
    found["/status, narrowed"] = ["/status?kind=recommendation", "/status?theme=vetting"]
    for kind, things in _things(store).items():
        if kind not in ("concept", "concept-scheme", "passage"):
            found[f"/id/{kind}/…"] = _few(things)
    found["/passages/…"] = [_passage(each) for each in _few(_iris(store, "?it a peel:Passage"))]
    schemes = _iris(store, "?it a skos:ConceptScheme")
    found["/scheme/…"] = _few(schemes)
    themes = [each for each in _iris(store, "?it a skos:Concept") if "/scheme/theme/" in each]
    others = [each for each in _iris(store, "?it a skos:Concept") if "/scheme/theme/" not in each]
    found["/scheme/theme/…"], found["/scheme/…/…"] = _few(themes), _few(others)
    found["/graph/…"] = _few(_iris(store, "GRAPH ?it { ?s ?p ?o }"))
    found["/ontology/…"] = ["/ontology/followup", "/ontology/evidence"]
    found["/shapes/…"] = ["/shapes/items", "/shapes/evidence"]
    found["/questions/…"] = [f"/questions/{name}" for name in names() if question(name).required]
    found["/questions/…, answered"] = [_asked(name) for name in names()]
    found["/search?…"] = [f"/search?q={quote(each)}" for each in ("vetting", "vettign", "police")]
    found["/feeds/….atom"] = ["/feeds/force/west-midlands.atom", "/feeds/theme/vetting.atom"]
    query = "SELECT ?item ?label { ?item a peel:CauseOfConcern ; rdfs:label ?label }"
    found["/sparql?query=…"] = [f"/sparql?query={quote(query)}"]
    return found


def _things(store: ox.Store) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows(store, _THINGS.replace("BEGINNING", f"{BASE}id/")):
        found.setdefault(row["kind"].value, []).append(row["thing"].value)
    return found


def _iris(store: ox.Store, pattern: str) -> list[str]:
    rows = _rows(store, f"SELECT DISTINCT ?it {{ {pattern} }} ORDER BY ?it")
    return [row["it"].value for row in rows if row["it"].value.startswith(BASE)]


def _rows(store: ox.Store, query: str) -> ox.QuerySolutions:
    found = store.query(query, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    return found


def _few(iris: list[str]) -> list[str]:
    some = dict.fromkeys((iris[0], iris[len(iris) // 2], iris[-1]))
    return ["/" + each.removeprefix(BASE) for each in some]


def _passage(path: str) -> str:
    document, _, place = path.removeprefix("/id/document/").partition("#char=")
    return f"/passages/{document}/{place.replace(',', '-')}"


def _asked(name: str) -> str:
    asked = question(name)
    given = {each.name: each.example for each in asked.parameters if each.name in asked.required}
    return f"/questions/{name}?{urlencode(given or {'limit': '500'})}"


@contextmanager
def served(config: Config) -> Iterator[str]:
    """Run a whole server and yield its address."""
    context = multiprocessing.get_context("spawn")
    said: multiprocessing.Queue[str] = context.Queue()
    process = context.Process(target=_serve, args=(config, said))
    process.start()
    try:
        while not (line := said.get(timeout=60)).startswith("peelgraph is at "):
            pass
        yield line.split()[3]
    finally:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGTERM)
        process.join(30)


def _serve(config: Config, said: "multiprocessing.Queue[str]") -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    supervisor.serve(config, said.put)


def over_http(config: Config, pages: dict[str, list[str]], rounds: int) -> dict[str, list[float]]:
    """Return the seconds that each page took, by its address."""
    found: dict[str, list[float]] = {}
    with served(config) as address:
        place = urlsplit(address).netloc
        for number in range(rounds + 1):
            for path in (path for some in pages.values() for path in some):
                # a connection of its own each, so that both web processes are warm and measured
                connection = HTTPConnection(place, timeout=60)
                connection.connect()
                began = time.perf_counter()
                connection.request("GET", path, headers=ACCEPT)
                answer = connection.getresponse()
                answer.read()
                took = time.perf_counter() - began
                connection.close()
                if answer.status != 200:
                    raise SystemExit(f"{path} answers {answer.status}")
                found.setdefault(path, [])
                if number:  # the first time warms up
                    found[path].append(took)
    return found


def within(config: Config, stores: Stores, pages: dict[str, list[str]]) -> dict[str, Spent]:
    """Return where the time of each page goes, by its address."""
    found: dict[str, Spent] = {}
    with tempfile.TemporaryDirectory(prefix="peel-") as folder:
        keepers = Keepers(config, Path(folder))
        try:
            keepers.start(config.snapshot)
            keepers.publish(digest_of(config.snapshot))
            app = create_app(replace(config, run=Path(folder), log_level="error"))
            for path in (path for some in pages.values() for path in some):
                app.test_client().get(path, headers=ACCEPT)
                found[path] = _spent(app, Datasets(stores, config.merge_bound), path)
            app.extensions["peelgraph"].pool.close()
        finally:
            keepers.close()
    return found


def _spent(app: Flask, datasets: Datasets, path: str) -> Spent:
    spent, asked = Spent(), list[Job]()
    answer = Pool.answer

    def counted(self: Pool, job: Job, **given: Any) -> Answered:
        asked.append(job)
        return answer(self, job, **given)

    def timed(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **more: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*given, **more)
            finally:
                spent.add(part, time.perf_counter() - began)

        return run

    drawn = [(module, name) for module in (draw_lineage, draw_timeline) for name in ("svg", "text")]
    patches = [patch.object(Pool, "answer", counted)]
    patches.append(patch.object(PoolEngine, "query", timed("waiting", PoolEngine.query)))
    patches += [patch.object(m, name, timed("pictures", getattr(m, name))) for m, name in drawn]
    rendered = timed("templates", jinja2.Template.render)
    patches.append(patch.object(jinja2.Template, "render", rendered))
    for each in patches:
        each.start()
    try:
        began = time.perf_counter()
        app.test_client().get(path, headers=ACCEPT)
        spent.whole = time.perf_counter() - began
    finally:
        for each in patches:
            each.stop()
    for job in asked:
        began = time.perf_counter()
        worker.serialized(datasets, job, 64 << 20)
        spent.add("engine", time.perf_counter() - began)
    spent.queries = len(asked)
    return spent


def table(
    pages: dict[str, list[str]], times: dict[str, list[float]], spent: dict[str, Spent]
) -> Iterator[str]:
    """Yield the table in Markdown."""
    parts = ("waiting", "templates", "pictures")
    heads = ("p50 ms", "slowest ms", "queries", "engine", *parts)
    yield f"| page | {' | '.join(heads)} | Python |"
    yield "|---|" + "---:|" * 8
    for kind, paths in pages.items():
        every = [took for path in paths for took in times[path]]
        slowest = max(statistics.median(times[path]) for path in paths)
        most = max((spent[path] for path in paths), key=lambda each: each.whole)
        shares = [most.parts.get(name, 0.0) for name in parts]
        shares = [most.parts.get("engine", 0.0), *shares, most.whole - sum(shares)]
        yield (
            f"| `{kind}` | {1000 * statistics.median(every):.0f} | {1000 * slowest:.0f} "
            f"| {most.queries} | {' | '.join(f'{1000 * each:.1f}' for each in shares)} |"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each page (default: 5)")
    parser.add_argument("--snapshot", type=Path, help="that is served, if not the shipped graph's")
    options = parser.parse_args()
    snapshot = options.snapshot or ensure()
    config = Config(snapshot=snapshot, port=0, rate=0.0, cache_bytes=0)
    stores = loaded(snapshot)
    pages = addresses(stores.whole)
    times = over_http(config, pages, options.rounds)
    for line in table(pages, times, within(config, stores, pages)):
        print(line)


if __name__ == "__main__":
    main()
