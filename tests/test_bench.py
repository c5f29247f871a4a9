"""``make bench``, at the smallest size: it runs to its end, the engines agree, nothing is left."""

import json
import re
import subprocess
import sys
from pathlib import Path

import bench
import engines
import pyoxigraph as ox
import pytest
from measuring import client, raw
from measuring.asking import Compared, Timed

from peelgraph.engine import Embedded
from peelgraph.questions import names, question
from questions import Asked, asked

BENCH = Path(__file__).parents[1] / "benchmarks" / "bench.py"
WHOLE = Asked("status", "country", {}, 100)


def bindings(*rows: dict[str, dict[str, str]]) -> bytes:
    return json.dumps({"results": {"bindings": rows}}).encode()


def test_answers_are_compared_by_what_they_say_and_in_their_order() -> None:
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    boolean = "http://www.w3.org/2001/XMLSchema#boolean"
    ours = client.rows(
        bindings(
            {"n": {"type": "literal", "value": "7", "datatype": integer}},
            {"b": {"type": "literal", "value": "true", "datatype": boolean}},
            {"s": {"type": "literal", "value": "two one"}, "no": {"type": "literal", "value": ""}},
        ),
        several=("s",),
    )
    same = client.rows(
        bindings(
            {"n": {"type": "typed-literal", "value": "07", "datatype": integer}},
            {"b": {"type": "typed-literal", "value": "1", "datatype": boolean}},
            {"s": {"type": "literal", "value": "one two"}},
        ),
        several=("s",),
    )
    assert client.difference(ours, same) == ""
    assert client.difference(ours, same[::-1]) == "the same rows in another order"
    assert client.difference(ours, same[:1]) == "1 row instead of 3"
    thing = client.rows(bindings({"n": {"type": "uri", "value": "7"}}))
    assert client.difference(ours, [*thing, *same[1:]]) == "1 of 3 rows differ"


def test_a_peer_that_answers_something_else_is_not_the_best() -> None:
    peers = {"wrong": Timed(0.1, difference="1 row instead of 0"), "slow": Timed(refused="> 10 s")}
    one = Compared(WHOLE, 1, Timed(0.2), 0.1, peers)
    assert one.best is None
    two = Compared(WHOLE, 1, Timed(0.2), 0.1, {**peers, "right": Timed(0.4)})
    assert two.best == ("right", 0.4)


def test_every_question_is_put_to_the_raw_records_or_it_is_said_why_not() -> None:
    put, not_put = set(raw.queries()), set(raw.reasons())
    assert put | not_put == set(names()) and not put & not_put


def test_a_raw_query_uses_nothing_that_is_derived() -> None:
    for name, sparql in raw.queries().items():
        for derived in ("ofForce", "kindToken", "knownFrom", "leadsTo", "standingOf", "rdfs:label"):
            assert derived not in sparql, (name, derived)


def test_a_raw_query_finds_all_columns_of_its_question() -> None:
    for name, sparql in raw.queries().items():
        found = ox.Store().query(sparql)
        assert isinstance(found, ox.QuerySolutions)
        assert [each.value for each in found.variables] == list(question(name).columns), name


@pytest.mark.slow
def test_a_raw_query_answers_as_its_question_does(
    shipped_snapshot: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = raw.write(Path(__file__).parents[1], tmp_path_factory.mktemp("raw") / "raw.nq")
    store, engine = ox.Store(), Embedded(shipped_snapshot)
    store.bulk_load(path=data, format=ox.RdfFormat.N_TRIPLES)
    for name, sparql in raw.queries().items():
        for case in (each for each in asked(engine, (name,)) if each.aimed_at):
            limit = f"LIMIT {case.limit}\n" if case.limit else ""
            found = store.query(raw.filled(engine, sparql, case) + limit)
            assert isinstance(found, ox.QuerySolutions)
            body = found.serialize(format=ox.QueryResultsFormat.JSON)
            assert body is not None
            theirs = client.rows(body, question(name).several)
            assert client.difference(raw.answer(engine, case), theirs) == "", case


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--only", "rwa"], "there is no 'rwa'; there are build, questions"),
        (["--peers", "Fuseki"], "there is no 'Fuseki'; there are Oxigraph on disk"),
        (["--sizes", "5"], "a corpus has 20000 quads at least"),
    ],
)
def test_what_is_wrong_is_named(
    wrong: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(wrong)
    assert ended.value.code == 2 and said in capsys.readouterr().err


@pytest.mark.slow
def test_it_runs_to_its_end_and_the_engines_agree(tmp_path: Path) -> None:
    if engines.VIRTUOSO is None or engines.OXIGRAPH is None:
        pytest.skip("virtuoso-t or oxigraph is not installed: apt-get install virtuoso-opensource")
    page = tmp_path / "benchmarks.md"
    command = [sys.executable, str(BENCH), "--sizes", "20000", "--output", str(page)]
    command += ["--peers", "Oxigraph on disk,Oxigraph in memory,Virtuoso"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = page.read_text("utf-8")
    for title in ("Aims", "Build and start", "Questions over HTTP", "What derivation gains"):
        assert f"## {title}" in text
    assert "## Serving" in text and "## Validation, exports and search" in text
    questions, _, raw = text.partition("## What derivation gains")
    assert "All answers agree." in questions, text
    # Virtuoso cannot compile some raw queries, and walks paths of its own (decisions 35 and 46)
    differing = [line for line in raw.splitlines() if re.match(r"- [\w-]+, \w+: ", line)]
    assert all(": Virtuoso: " in line for line in differing), text
