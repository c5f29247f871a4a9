"""What the page of a question shows: a form made from its parameters, and the answer as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from peelgraph import asking, tables
from peelgraph.asking import Prepared
from peelgraph.engine import Engine
from peelgraph.questions import Parameter, Question
from peelgraph.wording import a_span
from peelserver.lineage import cells, citing, formats, permalinks
from peelserver.lineage.choices import SUGGESTED, Choice, choices
from peelserver.linkeddata import census

#: how many rows a page shows at most, where the client does not say
PAGE = 500

#: bytes that the form and the rows of a page may have, about: with all else it is under 100 kB
ROOM = 75_000

#: of these, bytes that rows may have in any case
LEAST = 20_000

#: bytes that a suggestion takes beside its texts
_TAGS = 32

#: up to how many things of one kind are chosen from a list rather than typed
FEW = 100


@dataclass(frozen=True, slots=True)
class Input:
    """A field of the form: a date, a choice, or a text with suggestions.

    :param more: there are more things to choose from than are suggested
    """

    parameter: Parameter
    required: bool
    value: str
    choices: tuple[Choice, ...]
    more: bool = False

    @property
    def weight(self) -> int:
        """About how many bytes its choices have."""
        return sum(len(each.value) + len(each.label) + _TAGS for each in self.choices)

    @property
    def says(self) -> str:
        """Its value in words."""
        if self.parameter.type == "day":
            return a_span(self.value)
        return next((each.label for each in self.choices if each.value == self.value), self.value)

    @property
    def shape(self) -> str:
        """How it is filled in: ``date``, ``select`` or ``text``."""
        if self.parameter.type == "day":
            return "date"
        offered = {each.value for each in self.choices} | {""}
        few = len(self.parameter.kinds) == 1 and 1 < len(offered) <= FEW and not self.more
        if self.parameter.type == "thing" and not (few and self.value in offered):
            return "text"
        return "select"


@dataclass(frozen=True, slots=True)
class Other:
    """Another address to look at, and why."""

    says: str
    address: str


_CRUMBS = (cells.Part("Start", "/"), cells.Part("Questions", "/questions"))


def unanswered(
    asked: Question,
    digest: str,
    given: dict[str, str],
    wrong: str,
    meant: Sequence[Other] = (),
) -> dict[str, Any]:
    """Return what the page shows before there is an answer.

    :param wrong: what is wrong with what was given, as a sentence
    :param meant: the same question about what may have been meant
    """
    return {
        "question": asked,
        "crumbs": _CRUMBS,
        "inputs": _inputs(asked, digest, given),
        "wrong": wrong,
        "meant": meant,
        "answer": None,
    }


def answered(engine: Engine, prepared: Prepared) -> dict[str, Any]:
    """Ask, and return what the page shows; without a limit, the first rows."""
    asked, digest = prepared.question, engine.digest
    given = permalinks.arguments(prepared)
    first = prepared
    if prepared.limit is None:
        first = replace(prepared, sparql=f"{prepared.sparql}LIMIT {PAGE + 1}\n")
    answer = asking.answer(engine, first)
    shown = replace(answer, rows=answer.rows[:PAGE]) if prepared.limit is None else answer
    columns = [each for each in tables.telling(shown) if any(each in row for row in shown.rows)]
    labels = asking.labels(engine, asking.iris(shown))
    permalink = permalinks.permalink(prepared, digest)
    inputs = _inputs(asked, digest, given)
    room = max(LEAST, ROOM - sum(each.weight for each in inputs))
    rows = cells.drawn(shown.rows, columns, labels, room)
    return {
        "question": asked,
        "crumbs": _CRUMBS,
        "inputs": inputs,
        "wrong": "",
        "answer": shown,
        "asked": ", ".join(f"{each.parameter.name} {each.says}" for each in inputs if each.value),
        "headings": [cells.words(column) for column in columns],
        "columns": {cells.words(column): asked.columns.get(column, "") for column in columns},
        "rows": rows,
        "first": prepared.offset + 1,
        "pages": _pages(prepared, len(rows), len(answer.rows), given),
        "others": [] if shown.rows or prepared.offset else _others(engine, prepared),
        "files": _files(permalink),
        "sparql": prepared.sparql,
        "permalink": permalink,
        "command": permalinks.command(asked.name, given),
        "cited": citing.citation(
            asked.name, asked.question, given, digest, census.changed(engine), permalink
        ),
        "as_of": census.changed(engine),
        "digest": digest,
    }


def _inputs(asked: Question, digest: str, given: Mapping[str, str]) -> list[Input]:
    found = []
    for each in asked.parameters:
        value = given.get(each.name) or ("" if each.default == "all" else each.default)
        if each.type == "day" and value in ("all", "today"):
            value = ""
        offered = choices(each, digest)
        more = each.type == "thing" and len(offered) > SUGGESTED
        some = offered[:SUGGESTED] if more else offered
        found.append(Input(each, each.name in asked.required, value, some, more))
    return found


def _pages(prepared: Prepared, shown: int, count: int, given: dict[str, str]) -> list[Other]:
    """Return the addresses of the rows before and after.

    :param shown: how many rows the page shows
    :param count: how many there were to show, which tells whether there are more
    """
    size = PAGE if prepared.limit is None else prepared.limit
    found = []
    if prepared.offset:
        back = shown if 0 < shown < count else size
        before = given | {"offset": str(max(0, prepared.offset - back))}
        found.append(Other("Rows before", permalinks.address(prepared.question.name, before)))
    if size and (count > shown or (prepared.limit is not None and count == size)):
        after = given | {"offset": str(prepared.offset + shown)}
        found.append(Other("Next rows", permalinks.address(prepared.question.name, after)))
    return found


def _others(engine: Engine, prepared: Prepared) -> list[Other]:
    """Return which conditions, left out one at a time, leave rows."""
    asked, found = prepared.question, []
    for each in asked.parameters:
        value = prepared.parameters.get(each.name)
        if value in (None, "all") or each.name in asked.required or each.name == "on":
            continue
        given = {key: text for key, text in prepared.parameters.items() if key != each.name}
        wider = asking.prepare(engine, asked.name, given, limit=PAGE + 1)
        count = len(asking.answer(engine, wider).rows)
        if count:
            many = f"more than {PAGE} rows" if count > PAGE else f"{count} row{'s' * (count > 1)}"
            address = permalinks.address(
                asked.name, permalinks.arguments(replace(wider, limit=None))
            )
            found.append(Other(f"Without “{each.name}” there {_are(count)} {many}", address))
    return found


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _files(permalink: str) -> list[Other]:
    """Return the addresses of the same answer as files."""
    return [
        Other(each.label, permalinks.of_form(permalink, each.name))
        for each in formats.ALL
        if each is not formats.HTML
    ]
