"""The guard sees in a query what a real parser sees, whatever stands in strings and comments."""

import re
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from pyparsing import ParseException
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from peelgraph.namespaces import PREFIXES
from peelserver.answering.jobs import TooLarge
from peelserver.sparql.guard import (
    CLAUSES,
    DEEPEST,
    OPERATORS,
    TOKENS,
    NotAllowed,
    check,
    look,
    plain,
)
from peelserver.sparql.tokens import decoded, tokens

ELSEWHERE = "<http://127.0.0.1:1/>"
KENT = PREFIXES["force"] + "kent"

#: what tempts somebody who only searches for words
TEMPTING = ("SERVICE", "FROM", "FROM NAMED <urn:no>", "RAND()", "now ()", "INSERT DATA", "DROP ALL")
IRIS = (
    *("<urn:a>", "<http://e.example/SERVICE#FROM>", "<urn:RAND()>", "<b/c#NOW()>", "<../d>"),
    *(r"<urn:caf\u00e9>", "<urn:'INSERT'>", "<#x>", r"<\u0061>"),
)
NAMES = ("x:service", "x:from", "x:RAND", "from:x", "now:now", "x:a.b", "x:%53", "x:")
VARIABLES = ("?service", "$from", "?NAMED", "?rand", "?x")
VOLATILE = ("RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()", 'BNODE("a")')
PROLOGUE = (
    "BASE <http://base.example/one/two>\n"
    "PREFIX x: <http://x.example/#>\nPREFIX from: <y/>\nPREFIX now: <#now->\n"
)


class Writing:
    """Draws the parts of queries, with noise between them and letters escaped."""

    def __init__(self, draw: DrawFn) -> None:
        self.draw = draw
        self.variables = 0

    def one(self, *of: str) -> str:
        return self.draw(st.sampled_from(of))

    def maybe(self) -> bool:
        return self.draw(st.booleans())

    def space(self) -> str:
        if self.draw(st.integers(0, 3)):
            return self.one(" ", "\n", "\t", "  ")
        return f" # {self.one(*TEMPTING)} {{ ' \" <\n"

    def word(self, word: str) -> str:
        if not self.maybe():
            return word
        letters = []
        for letter in word:
            letter = letter.lower() if self.maybe() else letter
            escaped = letter.isalpha() and not self.draw(st.integers(0, 5))
            letters.append(f"\\u{ord(letter):04X}" if escaped else letter)
        return "".join(letters)

    def called(self, call: str) -> str:
        name, _, rest = call.partition("(")
        gap = "" if name == "BNODE" else self.one("", " ", self.space())  # the engine allows none
        return f"{self.word(name)}{gap}({rest}"

    def string(self) -> str:
        inside = self.one(*TEMPTING, "", "#", "<", "{", r"\"'", r"\\", r"\u0041")
        quote = self.one('"', "'", '"""', "'''")
        if quote[0] in inside.replace("\\" + quote[0], ""):
            inside = ""
        return f"{quote}{inside}{quote}" + self.one("", "@en", "^^x:from")

    def term(self) -> str:
        kind = self.draw(st.integers(0, 3))
        return self.string() if kind == 0 else self.one(*((IRIS, NAMES, VARIABLES)[kind - 1]))

    def expression(self, depth: int = 1) -> str:
        kind = self.draw(st.integers(0, 4 if depth else 1))
        if kind == 0:
            return self.term()
        if kind == 1:
            return self.called(self.one(*VOLATILE)) if self.maybe() else "1.5"
        inner = self.expression(depth - 1)
        if kind == 2:
            return f"{self.word('STR')}({inner})"
        other = self.expression(depth - 1)
        return f"({inner} {self.one('=', '<', '>', '&&', '||', '+')} {other})"

    def element(self, depth: int) -> str:
        kind = self.draw(st.integers(0, 7 if depth else 2))
        gap = self.space()
        if kind == 0:
            return f"?s{gap}{self.one('x:p', 'a', '<urn:p>')} {self.term()} . "
        if kind == 1:
            return f"{self.word('FILTER')}{gap}({self.expression()}) "
        if kind == 2:
            self.variables += 1
            return f"{self.word('BIND')}{gap}({self.expression()} AS ?v{self.variables}) "
        inner = self.group(depth - 1)
        if kind == 3:
            silent = self.word("SILENT") + " " if self.maybe() else ""
            return f"{self.word('SERVICE')}{gap}{silent}{ELSEWHERE}{inner}"
        if kind == 4:
            return f"{self.word('OPTIONAL')}{inner}"
        if kind == 5:
            return f"{inner}{self.word('UNION')}{gap}{self.group(depth - 1)}"
        if kind == 6:
            return f"{self.word('GRAPH')} {self.one('?g', 'x:g', 'from:g')}{gap}{inner}"
        return f"{{{self.word('SELECT')} * {inner}}}"

    def group(self, depth: int) -> str:
        parts = [self.element(depth) for _ in range(self.draw(st.integers(0, 3)))]
        return "{" + self.space() + self.space().join(parts) + "}"

    def query(self) -> str:
        dataset = ""
        for _ in range(self.draw(st.integers(0, 3))):
            named = f"{self.word('NAMED')}{self.space()}" if self.maybe() else ""
            dataset += f" {self.word('FROM')}{self.space()}{named}{self.one(*IRIS, *NAMES)}"
        start = self.one("SELECT *", "ASK", "CONSTRUCT { ?s x:p ?x }", "DESCRIBE ?s")
        where = f"{self.word('WHERE')}{self.group(1)}"
        return f"{PROLOGUE}{self.space()}{start}{self.space()}{dataset}{self.space()}{where}"


@st.composite
def queries(draw: DrawFn) -> str:
    return Writing(draw).query()


def parts(tree: Any) -> Iterator[str]:
    """Yield the name of each part of rdflib's parse tree."""
    if name := getattr(tree, "name", None):
        yield name
    for each in tree.values() if isinstance(tree, dict) else tree:
        if isinstance(each, dict | list | tuple) or hasattr(each, "asList"):
            yield from parts(each)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(max_examples=60, deadline=None)
@given(queries())
def test_it_sees_what_the_parser_of_rdflib_sees(query: str) -> None:
    try:
        parsed = parseQuery(query)
    except (ParseException, RecursionError):  # it does not take all that the grammar allows
        reject()
    names = set(parts(parsed))
    seen = look(query)
    assert seen.has_service == ("ServiceGraphPattern" in names)
    assert seen.volatile == any(
        f"Builtin_{name}" in names for name in ("RAND", "NOW", "UUID", "STRUUID", "BNODE")
    )
    assert not seen.update
    assert seen.form and f"{seen.form.capitalize()}Query" in names
    dataset = translateQuery(parsed).algebra.datasetClause or []
    default = [str(each.default) for each in dataset if each.default]
    named = [str(each.named) for each in dataset if each.named]
    assert seen.from_graphs == tuple(dict.fromkeys(default))
    assert seen.from_named == tuple(dict.fromkeys(named))


PIECES = (
    *("{", "}", "(", ")", "[", "]", "SER", "VICE", "FR", "OM ", "<urn:a>", "'a", '"', "#", "\n"),
    *(" ", "\\", "?s ?p ?o", "x:y", "FILTER(?x<3&&?y>2)", "LIMIT10", "ASK", "NO", "W()", "u0053"),
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(("", " ", "PREFIX x: <urn:x#>\n", "PREFIX:<u>", "BASE <urn:x>", "#\n", "{")),
    st.sampled_from(("SELECT", "ask", "Construct ", "DESCRIBE", "SELECT*", "SELEKT", "")),
    st.lists(st.sampled_from(PIECES)).map("".join),
)
def test_a_plain_query_is_seen_as_a_full_look_sees_it(start: str, form: str, rest: str) -> None:
    query = start + form + rest
    if (seen := plain(query)) is not None:
        full = look(query)
        assert seen._replace(depth=0) == full._replace(depth=0, clauses=0, operators=0)
        assert seen.depth >= full.depth


def test_what_is_notable_is_not_plain() -> None:
    assert plain("SELECT ?x { ?x a x:y }") is not None
    for each in (*TEMPTING, *VOLATILE, r"\u0041", "<<", "{" * 300):
        assert plain(f"SELECT * {{ {each} }}") is None


@settings(max_examples=60, deadline=None)
@given(queries())
def test_the_engine_takes_what_the_guard_hands_on(query: str) -> None:
    seen = look(query)
    store = ox.Store()
    if seen.has_service:  # asking would reach for the network
        return
    store.query(seen.text, default_graph=[], named_graphs=[])


@settings(deadline=None)
@given(st.lists(st.sampled_from([*"{}()<>\"'#\\ \n?:.@_aN9^|!-", *TEMPTING, r"\u0041"])))
def test_any_text_can_be_looked_at(pieces: list[str]) -> None:
    text = "".join(pieces)
    seen = look(text)
    assert seen.depth <= len(text)
    at = 0
    for token in tokens(decoded(text)):
        between = seen.text[at : token.at]
        assert re.fullmatch(r"(?:[ \t\r\n]|#[^\r\n]*)*", between)
        assert seen.text.startswith(token.text, token.at)
        at = token.at + len(token.text)


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT*{{SERVICE{ELSEWHERE}{{}}}}",
        f"SELECT * {{ sErViCe sIlEnT {ELSEWHERE} {{}} }}",
        "SELECT * { SERVICEforce:kent{} }",
        "SELECT * { SERVICE?x{} }",
        rf"SELECT * {{ \u0053ERVICE {ELSEWHERE} {{}} }}",
        rf"SELECT * {{ s\U00000065rvice {ELSEWHERE} {{}} }}",
        f"SELECT * {{ SERVICE # SILENT\n{ELSEWHERE} {{}} }}",
        f"SELECT * {{ SERVICE\r{ELSEWHERE} {{}} }}",
        f"SELECT * {{ ?s ?p true{'SERVICE'}{ELSEWHERE} {{}} }}",
        f"SELECT * {{ ?s ?p 'a\\'b' SERVICE {ELSEWHERE} {{}} }}",
        f"SELECT * {{ ?s ?p '''a''b''' SERVICE {ELSEWHERE} {{}} }}",
        f"SELECT * {{ ?s ?p <urn:#> SERVICE {ELSEWHERE} {{}} }}",
        f"SELECT * {{ FILTER EXISTS {{ SERVICE {ELSEWHERE} {{}} }} }}",
        f"SELECT * {{ FILTER(1<2)SERVICE{ELSEWHERE}{{}} }}",
        f"SELECT * {{ {{ SELECT * {{ GRAPH ?g {{ SERVICE {ELSEWHERE} {{}} }} }} }} }}",
        "PREFIX : <urn:x:> SELECT * { service:foo {} }",
    ],
)
def test_service_in_any_spelling_is_refused(query: str) -> None:
    with pytest.raises(NotAllowed, match="SERVICE"):
        check(query)


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX service: <urn:x:> SELECT * { GRAPH service:foo {} }",
        "SELECT ?service { ?service ?SERVICE '''SERVICE <x> {''' }",
        "SELECT * { ?s force:service 'SERVICE <x> {} \\' SERVICE <y> {}' } # SERVICE <x> {}",
        "SELECT * { ?s <urn:SERVICE> <http://e.example/#SERVICE> }",
        r"SELECT * { ?s ?p '\u0022 SERVICE <x> {}' }",
    ],
)
def test_service_in_strings_and_names_is_no_service(query: str) -> None:
    check(query)
    ox.Store().query(query, prefixes=PREFIXES)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "insert data { <a:b> <a:b> <a:b> }",
        r"\u0049NSERT DATA {}",
        "# a query\nPREFIX x: <urn:x>\n# really\nBASE <urn:y> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://e.example/>",
        "CLEAR ALL",
        "create graph <urn:g>",
        "DROP SILENT DEFAULT",
        "COPY DEFAULT TO <urn:g>",
        "MOVE <urn:g> TO <urn:h>",
        "ADD <urn:g> TO <urn:h>",
        "WITH <urn:g> DELETE { ?s ?p ?o } INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o } ; DROP ALL",
        "INSERTDATA{}",
        "\ufeffDROP ALL",
    ],
)
def test_an_update_in_any_disguise_is_refused(query: str) -> None:
    with pytest.raises(NotAllowed, match="read-only"):
        check(query)


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("SELECT * FROM <urn:g> FROM <urn:h> {}", ("urn:g", "urn:h"), ()),
        ("SELECT * FROM <urn:g> FROM <urn:g> {}", ("urn:g",), ()),
        ("SELECT*FROM<urn:g>FROM NAMED<urn:h>{}", ("urn:g",), ("urn:h",)),
        ("ASKFROM<urn:g>{}", ("urn:g",), ()),
        ("ASKFROMNAMED<urn:g>{}", (), ("urn:g",)),
        ("ASK FROM force:kent {}", (KENT,), ()),
        ("ASKFROMforce:kent{}", (KENT,), ()),
        ("ASK FROM NAMEDforce:kent{}", (), (KENT,)),
        (r"ASK FROM force:k\u0065nt {}", (KENT,), ()),
        ("PREFIX force: <urn:> ASK FROM force:kent {}", ("urn:kent",), ()),
        (r"PREFIX x: <urn:> ASK FROM x:a\-b {}", ("urn:a-b",), ()),
        (r"PREFIX x: <urn:> ASK FROM x:a\#\'b fr\u004Fm x:c {}", ("urn:a#'b", "urn:c"), ()),
        ("BASE <http://e.example/a/> ASK FROM <../g> {}", ("http://e.example/g",), ()),
        ("CONSTRUCT { ?s ?p ?o } FROM <urn:g> WHERE { ?s ?p ?o }", ("urn:g",), ()),
        ("DESCRIBE force:kent FROM <urn:g>", ("urn:g",), ()),
        ("SELECT ?from { ?from ?p 'FROM <urn:g>' } # FROM <urn:g>", (), ()),
        ("ASK FROM <g> {}", (), ()),
        ("ASK FROM nothing:x {}", (), ()),
    ],
)
def test_the_dataset_of_a_query(
    query: str, default: tuple[str, ...], named: tuple[str, ...]
) -> None:
    seen = look(query)
    assert (seen.from_graphs, seen.from_named) == (default, named)


@pytest.mark.parametrize(
    ("query", "volatile"),
    [
        ("SELECT (rand() AS ?x) {}", True),
        ("SELECT (NOW # ()\n () AS ?x) {}", True),
        (r"SELECT (N\u004FW() AS ?x) {}", True),
        ("SELECT * { FILTERRAND() }", True),
        ("SELECT * {} ORDER BYRAND()", True),
        ("SELECT(STRUUID()AS?x){}", True),
        ("SELECT * { ?x ?p ?y FILTER(?x<RAND()&&?y>0) }", True),
        ("SELECT ?now { ?now ?rand 'NOW()' } # RAND()", False),
        ("SELECT * { ?s <urn:RAND()> ?o }", False),
        ("PREFIX now: <urn:x> SELECT * { ?s now:now ( 1 ) }", False),
    ],
)
def test_what_may_answer_otherwise_next_time(query: str, volatile: bool) -> None:
    assert look(query).volatile is volatile


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * (DEEPEST + 1) + "}" * (DEEPEST + 1),
        "SELECT * { FILTER" + "(" * DEEPEST + "1" + ")" * DEEPEST + "}",
        "SELECT * {" + "OPTIONAL{?s ?p ?o}" * (CLAUSES + 1) + "}",
        "SELECT (1" + "+1" * (OPERATORS + 1) + " AS ?x) {}",
        "SELECT * { VALUES ?x {" + "1 " * TOKENS + "} }",
    ],
    ids=["braces", "parentheses", "clauses", "operators", "words"],
)
def test_what_would_end_the_engine_is_refused(query: str) -> None:
    with pytest.raises(TooLarge):
        check(query)


def test_nothing_is_looked_at_beyond_what_is_too_much() -> None:
    assert look("ASK " + "{" * 9000).depth == DEEPEST + 1
    assert look("ASK {" + "FILTER EXISTS {}" * 9000).clauses == CLAUSES + 1
    assert look("ASK { FILTER (" + "!" * 9000 + "true) }").operators == OPERATORS + 1
    with pytest.raises(NotAllowed):
        check("INSERT DATA { <a:a> <a:a> " + "-1 , " * (OPERATORS + 1) + "1 }")


def test_what_is_only_large_is_not() -> None:
    check("SELECT * { VALUES ?x {" + "<urn:a> " * 10_000 + "} }")
    check("SELECT * { FILTER(?x IN (1" + ",1" * 10_000 + ")) }")


@pytest.mark.parametrize(
    "inside",
    ["{{{}}}", "{{ FILTER EXISTS {} }}", "{{ SELECT * {} }}", "{{ OPTIONAL {} }}"],
)
def test_the_engine_bears_what_passes(inside: str) -> None:
    """In a process of its own it would end with a signal; here the test run would."""
    query = "{}"
    while look(f"ASK {inside.format(query)}").depth <= DEEPEST:
        query = inside.format(query)
    ox.Store().query(f"ASK {query}")
