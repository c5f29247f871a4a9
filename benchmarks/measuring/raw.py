"""What derivation gains: questions put to the raw records, which know no standing and no lineage.

The records are merged as they are, and each date in them is given its first and last day as plain
``xsd:date``; without those, no engine could compare them. The queries are in ``raw/``, written as
well as we could. Each is whole: it finds the rows and the columns of its question, in its order, as
they are known today, and is compared with it row by row. What several of them need stands in
``raw/parts/``, and ``raw/cannot.toml`` says which questions are not put, and why.
"""

import tomllib
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox

from measuring import client
from measuring.asking import ALL, Compared, Running, Say, Timed
from measuring.client import Row
from peelgraph import asking, reading, values
from peelgraph.derivation import statements
from peelgraph.engine import Embedded
from peelgraph.namespaces import EDTF
from peelgraph.questions import question
from peelgraph.resources import Project
from questions import Asked

FOLDER = Path(__file__).with_name("raw")


def queries() -> dict[str, str]:
    """Return the queries, by the name of their question."""
    return {file.stem: _read(file) for file in sorted(FOLDER.glob("*.rq"))}


def _read(file: Path) -> str:
    """Return a query, with the parts that it names; ``$items`` in them is what its header says."""
    lines = file.read_text("utf-8").splitlines()
    header = tomllib.loads("\n".join(line[2:] for line in lines if line.startswith("#+")))
    sparql = "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
    for part in sorted((FOLDER / "parts").iterdir()):
        sparql = sparql.replace(f"${part.stem}\n", part.read_text("utf-8"))
    return sparql.replace("$items", header.get("items", ""))


def reasons() -> dict[str, str]:
    """Return why the other questions are not put, by name."""
    found: dict[str, str] = tomllib.loads((FOLDER / "cannot.toml").read_text("utf-8"))
    return found


def write(corpus: Path, out: Path) -> Path:
    """Write the raw records of a project, with the days of their dates, as N-Quads."""
    store, problems = reading.read(Project(corpus))
    assert not problems
    triples = {quad.triple for quad in store}
    dates = {
        each.object.value
        for each in triples
        if isinstance(each.object, ox.Literal) and each.object.datatype.value == EDTF
    }
    triples |= {each for date in dates for each in statements.of_span(date)}
    with out.open("w", encoding="utf-8") as file:
        file.writelines(f"{each} .\n" for each in triples)
    return out


def compare(
    snapshot: Path,
    data: Path,
    folder: Path,
    names: Iterable[str],
    patience: float,
    asked: Iterable[Compared],
    say: Say,
) -> tuple[Compared, ...]:
    """Ask the peers *names* over the raw records in *data*, and compare with what we answered."""
    engine = Embedded(snapshot)
    raw = queries()
    found = []
    with ExitStack() as stack:
        running = Running(stack, data, folder, names, patience, say)
        for ours in asked:
            if ours.asked.question not in raw:
                continue
            query = raw[ours.asked.question]
            rows = answer(engine, ours.asked)

            def text(number: int, case: Asked = ours.asked, query: str = query) -> str:
                return filled(engine, query, case) + f"LIMIT {(case.limit or ALL) + number}\n"

            def differs(body: bytes, rows: list[Row] = rows, case: Asked = ours.asked) -> str:
                theirs = client.rows(body, question(case.question).several)
                return client.difference(rows, theirs)

            timed = running.ask(text, differs)
            found.append(Compared(ours.asked, ours.rows, ours.ours, ours.cached, timed))
            said = ", ".join(f"{name} {_told(each)}" for name, each in timed.items())
            say(f"raw {ours.asked.question}, {ours.asked.manner}: {said}")
    return tuple(found)


def answer(engine: Embedded, case: Asked) -> list[Row]:
    """Return the rows of our answer."""
    prepared = asking.prepare(engine, case.question, case.parameters, limit=case.limit)
    solutions = engine.query(prepared.sparql)
    assert isinstance(solutions, ox.QuerySolutions)
    body = solutions.serialize(format=ox.QueryResultsFormat.JSON)
    assert body is not None
    return client.rows(body, prepared.question.several)


def filled(engine: Embedded, query: str, case: Asked) -> str:
    """Return a raw query about what a question is asked about."""
    asked = question(case.question)
    given = asking.check(engine, asked, case.parameters)
    by_name = {each.name: each for each in asked.parameters}
    terms = {by_name[name].variable: values.term(by_name[name], given[name]) for name in given}
    return values.fill(query, terms)


def _told(timed: Timed) -> str:
    said = timed.refused if timed.seconds is None else f"{1000 * timed.seconds:.1f} ms"
    return f"{said} ({timed.difference})" if timed.difference else said
