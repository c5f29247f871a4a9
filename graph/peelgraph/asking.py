"""Ask a question: check the parameters, fill the row, run the query, return plain values."""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from peelgraph import values
from peelgraph.engine import Ahead, Engine, Remembering
from peelgraph.namespaces import PREFIXES, RDFS, XSD, shorten
from peelgraph.questions import Parameter, Question, UnknownName, question

if TYPE_CHECKING:
    import pandas

Value = str | int | float | bool

_INTEGER, _DECIMAL, _DOUBLE, _BOOLEAN = (
    XSD + name for name in ("integer", "decimal", "double", "boolean")
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question whose parameters are checked and filled in, with the defaults resolved."""

    question: Question
    parameters: dict[str, str]
    limit: int | None
    offset: int
    sparql: str = field(repr=False)


class Answered(Protocol):
    """Rows under columns; in a row, what is not known is absent."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""

    @property
    def rows(self) -> tuple[dict[str, Value], ...]:
        """The rows, in order."""


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """The answer to a question. In a row, what is not known is absent."""

    question: Question
    parameters: dict[str, str]
    snapshot: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, Value], ...]
    sparql: str

    def __repr__(self) -> str:
        """Say which question was asked, and how many rows answer it."""
        return f"<Answer to {self.question.name!r}, {len(self.rows)} rows>"

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Yield the rows, in order."""
        return iter(self.rows)

    def to_pandas(self) -> "pandas.DataFrame":
        """Return the rows as a table of pandas; see :func:`frame`."""
        return frame(self)

    def as_object(self) -> dict[str, object]:
        """Return what the JSON form says."""
        return {
            "question": self.question.name,
            "parameters": self.parameters,
            "snapshot": self.snapshot,
            "columns": list(self.columns),
            "rows": list(self.rows),
        }


def frame(answered: Answered) -> "pandas.DataFrame":
    """Return rows as a table of pandas, every column there, what is not known as missing.

    Days stay text, ``YYYY-MM-DD``: ``pandas.to_datetime`` reads them. Dates that may be less
    precise than a day (EDTF) stay as they are written.

    :raises ImportError: pandas is not installed; ``pip install pandas`` brings it
    """
    import pandas

    rows = pandas.DataFrame(list(answered.rows), columns=list(answered.columns))
    return rows.convert_dtypes()


def ask(
    engine: Engine,
    name: str,
    arguments: Mapping[str, str],
    *,
    limit: int | None = None,
    offset: int = 0,
) -> Answer:
    """Answer the question *name*.

    :param arguments: values by parameter, as people write them
    :param limit: how many rows at most; all, if None
    :param offset: how many rows to leave out at the beginning
    :raises UnknownName: no such question, parameter or thing
    :raises BadValue: a value of the wrong type, or a required one is missing
    """
    return answer(engine, prepare(engine, name, arguments, limit=limit, offset=offset))


def prepare(
    engine: Engine,
    name: str,
    arguments: Mapping[str, str],
    *,
    limit: int | None = None,
    offset: int = 0,
) -> Prepared:
    """Check the arguments of the question *name* and fill them in; nothing is asked yet.

    :raises UnknownName: no such question, parameter or thing
    :raises BadValue: a value of the wrong type, or a required one is missing
    """
    asked = question(name)
    return filled(asked, check(engine, asked, arguments), limit=limit, offset=offset)


def filled(
    asked: Question, parameters: dict[str, str], *, limit: int | None = None, offset: int = 0
) -> Prepared:
    """Fill checked parameters in.

    :raises BadValue: the limit or the offset is below 0
    """
    if (limit is not None and limit < 0) or offset < 0:
        raise values.BadValue("limit and offset take whole numbers from 0.")
    everything = limit is not None and parameters.keys() <= {"known"}
    end = offset + (limit or 0) if everything else None
    sparql = _filled(asked, parameters, end=end)
    if limit is not None or offset:
        sparql += (f"LIMIT {limit}\n" if limit is not None else "") + f"OFFSET {offset}\n"
    return Prepared(asked, parameters, limit, offset, sparql)


def answer(engine: Engine, prepared: Prepared) -> Answer:
    """Answer what was prepared."""
    columns, rows = _rows(engine, prepared.question, prepared.sparql)
    return Answer(
        prepared.question, prepared.parameters, engine.digest, columns, rows, prepared.sparql
    )


def rows_of_each(
    engine: Engine,
    name: str,
    parameter: str,
    iris: Sequence[str],
    arguments: Mapping[str, str],
    *,
    within: Mapping[str, Sequence[str]] | None = None,
) -> tuple[dict[str, Value], ...]:
    """Return the rows of the question *name* for each of several things, found by one query.

    :param parameter: which parameter takes each of the *iris*; they are not checked
    :param arguments: values for all the others that count; nothing has a default here
    :param within: by column, the IRIs of which it must have one
    """
    if not iris:
        return ()
    asked = question(name)
    sparql = _of_each(engine, asked, parameter, iris, arguments, within or {})
    return _rows(engine, asked, sparql)[1]


def rows_within(
    engine: Engine, name: str, column: str, iris: Sequence[str], arguments: Mapping[str, str]
) -> tuple[dict[str, Value], ...]:
    """Return the rows of the question *name* that have one of the *iris* in a column.

    :param column: one that the question binds by a pattern
    :param arguments: values for all the parameters that count; nothing has a default here
    """
    if not iris:
        return ()
    asked = question(name)
    return _rows(engine, asked, _within(engine, asked, column, iris, arguments))[1]


def begin(
    engine: Engine,
    name: str,
    parameter: str,
    iris: Sequence[str],
    arguments: Mapping[str, str],
    *,
    within: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Let an engine that can do so begin with what :func:`rows_of_each` will ask."""
    if iris and isinstance(engine, Ahead):
        asked = question(name)
        engine.ahead(_of_each(engine, asked, parameter, iris, arguments, within or {}))


def begin_within(
    engine: Engine, name: str, column: str, iris: Sequence[str], arguments: Mapping[str, str]
) -> None:
    """Let an engine that can do so begin with what :func:`rows_within` will ask."""
    if iris and isinstance(engine, Ahead):
        engine.ahead(_within(engine, question(name), column, iris, arguments))


def _of_each(
    engine: Engine,
    asked: Question,
    parameter: str,
    iris: Sequence[str],
    arguments: Mapping[str, str],
    within: Mapping[str, Sequence[str]],
) -> str:
    others = _checked(engine, asked, arguments)
    each = [{**others, parameter: iri} for iri in iris]
    return _narrowed(_filled(asked, *each), within)


def _within(
    engine: Engine, asked: Question, column: str, iris: Sequence[str], arguments: Mapping[str, str]
) -> str:
    parameters = _checked(engine, asked, arguments)
    return _narrowed(_filled(asked, parameters), {column: iris})


def _filled(asked: Question, *parameters: Mapping[str, str], end: int | None = None) -> str:
    """Return the query of a question for each of several sets of checked parameters.

    :param end: where the page ends that is asked for, if it is one of everything
    """
    of_all = all(each.get("known", "all") == "all" for each in parameters)
    terms = (_terms(asked, each) for each in parameters)
    return values.fill(values.paged(asked.of_all if of_all else asked.sparql, end), *terms)


def _checked(engine: Engine, asked: Question, arguments: Mapping[str, str]) -> dict[str, str]:
    by_name = {each.name: each for each in asked.parameters}
    return {key: values.check(by_name[key], value, engine) for key, value in arguments.items()}


def _narrowed(sparql: str, within: Mapping[str, Sequence[str]]) -> str:
    """Return a query whose answer has, in some columns, no values but those given."""
    rows = "".join(
        f" VALUES ?{column} {{ {' '.join(str(ox.NamedNode(iri)) for iri in iris)} }}"
        for column, iris in within.items()
    )
    return sparql.replace("WHERE {", f"WHERE {{{rows}", 1)


def check(engine: Engine, asked: Question, arguments: Mapping[str, str]) -> dict[str, str]:
    """Return the arguments in their full form, with the defaults, in the question's order.

    :raises UnknownName: no such parameter or thing
    :raises BadValue: a value of the wrong type, or a required one is missing
    """
    return checked(asked, arguments, lambda each, value: values.check(each, value, engine))


def checked(
    asked: Question, arguments: Mapping[str, str], full: Callable[[Parameter, str], str]
) -> dict[str, str]:
    """Return the arguments as :func:`check` does.

    :param full: returns one value in its full form, and raises as :func:`peelgraph.values.check`
    :raises UnknownName: no such parameter or thing
    :raises BadValue: a value of the wrong type, or a required one is missing
    """
    check_names(asked, arguments)
    found = {}
    for each in asked.parameters:
        value = arguments.get(each.name) or each.default
        if value:
            found[each.name] = full(each, value)
        elif each.name in asked.required:
            raise values.BadValue(
                f"'{asked.name}' needs --{each.name}, for example --{each.name} {each.example}."
            )
    return found


def check_names(asked: Question, arguments: Mapping[str, str]) -> None:
    """Check that the question has the parameters that are given.

    :raises UnknownName: it has not; says which are near
    """
    known = [each.name for each in asked.parameters]
    for name in arguments:
        if name not in known:
            raise UnknownName(f"parameter of '{asked.name}'", name, known)


def labels(engine: Engine, iris: Iterable[str]) -> dict[str, str]:
    """Return the English label of each of the *iris* that has one, and short names for the rest."""
    wanted = set(iris)
    known: MutableMapping[str, str] = engine.labels if isinstance(engine, Remembering) else {}
    names = {iri: label for iri in wanted if (label := known.get(iri)) is not None}
    missing = sorted(wanted - names.keys())
    if missing:
        rows = " ".join(str(ox.NamedNode(iri)) for iri in missing)
        found = engine.query(
            f"SELECT ?thing ?label {{ VALUES ?thing {{ {rows} }} "
            f"?thing <{RDFS}label>|<{PREFIXES['skos']}prefLabel> ?label }} ORDER BY DESC(?label)"
        )
        assert isinstance(found, ox.QuerySolutions)
        new = {row["thing"].value: row["label"].value for row in found}
        new |= {iri: shorten(iri) for iri in missing if iri not in new}
        known.update(new)
        names |= new
    return names


def objects(engine: Engine, iris: Sequence[str], *predicates: str) -> list[str]:
    """Return the IRIs that any of the *iris* has by some properties, each once, in order."""
    if not iris:
        return []
    rows = " ".join(str(ox.NamedNode(iri)) for iri in iris)
    path = "|".join(f"<{each}>" for each in predicates)
    found = engine.query(
        f"SELECT DISTINCT ?object {{ VALUES ?thing {{ {rows} }} ?thing {path} ?object }}"
    )
    assert isinstance(found, ox.QuerySolutions)
    return sorted(row["object"].value for row in found)


def iris(answer: Answered) -> set[str]:
    """Return every IRI in the rows of an answer."""
    cells = (str(value) for row in answer.rows for value in row.values())
    return {each for cell in cells if cell.startswith("http") for each in cell.split()}


def _terms(asked: Question, parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the checked values as SPARQL terms, by ask-variable."""
    by_name = {each.name: each for each in asked.parameters}
    return {
        by_name[key].variable: values.term(by_name[key], value) for key, value in parameters.items()
    }


def _rows(
    engine: Engine, asked: Question, sparql: str
) -> tuple[tuple[str, ...], tuple[dict[str, Value], ...]]:
    solutions = engine.query(sparql)
    assert isinstance(solutions, ox.QuerySolutions)
    columns = tuple(variable.value for variable in solutions.variables)
    return columns, tuple(_row(solution, columns, asked.several) for solution in solutions)


def _row(
    solution: ox.QuerySolution, columns: tuple[str, ...], several: tuple[str, ...]
) -> dict[str, Value]:
    row: dict[str, Value] = {}
    for column, term in zip(columns, solution, strict=True):
        if term is None:
            continue
        value = plain(term)
        if column in several:
            value = " ".join(sorted(str(value).split()))
        if value != "":
            row[column] = value
    return row


def plain(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Value:
    """Return an RDF term as a plain value; an IRI whole.

    >>> plain(ox.Literal("57", datatype=ox.NamedNode(_INTEGER)))
    57
    """
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.Literal):
        kind = term.datatype.value
        if kind == _INTEGER:
            return int(term.value)
        if kind in (_DECIMAL, _DOUBLE):
            return float(term.value)
        if kind == _BOOLEAN:
            return term.value in ("true", "1")
        return term.value
    return term.value if isinstance(term, ox.BlankNode) else str(term)
