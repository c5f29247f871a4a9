"""What the web processes count adds up, whichever of them is asked."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from tests.server.conftest import Served

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]

COUNT = """
import sys
from pathlib import Path
from peelserver.http.metrics import Metrics
metrics = Metrics(Path(sys.argv[1]))
for _ in range(10):
    metrics.observe("/sparql", 200, 0.01, question=None)
metrics.kill("slow")
metrics.cache(True)
metrics.refused("TooSlow")
metrics.queue(7)
if len(sys.argv) > 2:
    print(metrics.text().decode())
"""


def read(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((name, frozenset(labels.items())), 0.0)


def count(run: Path, *more: str) -> str:
    command = [sys.executable, "-c", COUNT, str(run), *more]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_processes_add_up_and_the_dead_wait_for_nothing(tmp_path: Path) -> None:
    count(tmp_path)
    count(tmp_path)
    found = read(count(tmp_path, "show"))
    assert value(found, "peelgraph_requests_total", route="/sparql", status="200") == 30
    assert value(found, "peelgraph_request_seconds_count", route="/sparql", question="") == 30
    assert value(found, "peelgraph_kills_total", lane="slow") == 3
    assert value(found, "peelgraph_cache_total", result="hit") == 3
    assert value(found, "peelgraph_refusals_total", reason="TooSlow") == 3
    assert value(found, "peelgraph_queue") == 7


def test_requests_are_counted_by_route_and_question(served: "Served") -> None:
    client = served.app.test_client()
    question = "/questions/phase?force=west-midlands"
    before = read(client.get("/metrics").get_data(as_text=True))
    for path in (question, question, "/questions/no-such", "/nothing", "/nothing/else"):
        client.get(path)
    answer = client.get("/metrics")
    assert answer.mimetype == "text/plain"
    after = read(answer.get_data(as_text=True))

    def grew(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    route = "/questions/<name>"
    assert grew("peelgraph_requests_total", route=route, status="200") == 2
    assert grew("peelgraph_requests_total", route=route, status="404") == 1
    assert grew("peelgraph_requests_total", route="none", status="404") == 2
    assert grew("peelgraph_request_seconds_count", route=route, question="phase") == 2
    assert grew("peelgraph_cache_total", result="hit") >= 1
    assert not [labels for _, labels in after if "no-such" in dict(labels).values()]


def test_what_a_process_said_of_the_moment_ends_with_it(tmp_path: Path) -> None:
    count(tmp_path)
    (dead,) = (tmp_path / "metrics").glob("gauge_live*.db")
    count(tmp_path, "show")
    (live,) = (tmp_path / "metrics").glob("gauge_live*.db")
    assert live != dead
