r"""A look at a query before any worker has it: clear refusals early, and what the answer needs.

It tells the query's words apart (:mod:`peelserver.sparql.tokens`) and parses no more than its
prologue and its ``FROM``. It is a courtesy: what holds is that a worker can open nothing and is
ended by its deadline, whatever passed here.

>>> look(r"SELECT * { \u0053ervice <http://elsewhere.example/> {} }").has_service
True
>>> look("SELECT * { ?s ?p 'SERVICE <x> {}' } # FROM <x>").has_service
False
"""

import re
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import pyoxigraph as ox

from peelgraph.namespaces import PREFIXES
from peelserver.answering.jobs import QueryRefused, TooLarge
from peelserver.sparql.tokens import (
    BRACKETS,
    QUERY_FORMS,
    UPDATES,
    Token,
    decoded,
    scanned,
    unglued,
)

#: how deep brackets may nest; the engine's stack ends at 800 and more, by what nests
DEEPEST = 200

#: how many clauses there may be; the engine's stack ends at 2,600 and more
CLAUSES = 1000

#: how many operators there may be; the engine's stack ends at 6,000 and more
OPERATORS = 3000

#: how many words, terms and marks there may be
TOKENS = 30_000

#: characters in which neither clauses nor operators can be too many
_SHORT = 2000

#: a query without any of these in its text has nothing that is looked for
_NOTABLE = (
    *("\\", "<<", "service", "from"),
    *(each.lower() for each in sorted(UPDATES | {"RAND", "NOW", "UUID", "BNODE"})),
)
_BEGINS = re.compile(
    r"(?:[ \t\r\n]|PREFIX[ \t\r\n]+[A-Za-z0-9]*:[ \t\r\n]*+<[^<>\"{}|^`\\\x00-\x20]*+>)*+"
    r"(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![A-Za-z0-9_:.-])",
    re.IGNORECASE | re.ASCII,
)

_VOLATILE = frozenset({"RAND", "NOW", "UUID", "STRUUID", "BNODE"})
_CALLED = re.compile(r"(?:RAND|NOW|UUID|BNODE)\(", re.IGNORECASE)
_CLAUSES = QUERY_FORMS.union(
    ("OPTIONAL", "UNION", "MINUS", "FILTER", "BIND", "LATERAL", "GRAPH", "VALUES", "EXISTS")
)
_OPERATORS = frozenset(
    (*"+-*/|^!=<>", "&&", "||", "!=", "<=", ">=", "^^"),
)
_OPERANDS = frozenset({"variable", "number", "string", "name", "iri", "language"})
_OPENING = frozenset((*BRACKETS.values(), "<<", "{|"))
_CLOSING = frozenset((*BRACKETS, ">>", "|}"))
_SERVICE = re.compile(r"SERVICE(?:SILENT)?", re.IGNORECASE)
_FROM = re.compile(r"FROM(NAMED)?", re.IGNORECASE)


#: held for a look at a long query: it takes up to a tenth of a second in which other threads have
#: Python's lock now and then only, the more seldom the more look
_one_at_a_time = threading.Lock()


class NotAllowed(QueryRefused):
    """What no query may do here."""

    status = 403


class Seen(NamedTuple):
    """What was seen in a query.

    :param text: the query as the engine is to have it: with codepoint escapes decoded
    :param form: ``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``; None if it begins as none
    :param from_graphs: the IRIs after ``FROM``, each once
    :param from_named: the IRIs after ``FROM NAMED``, each once
    :param volatile: the same query may give another answer (``RAND``, ``NOW``, ``UUID`` …)
    :param update: it is an update, or has one in it
    :param depth: how deep its brackets nest
    :param clauses: how many clauses it has
    :param operators: how many operators it has

    Where one of these is too many, nothing was looked at beyond it.
    """

    text: str
    form: str | None
    has_service: bool
    from_graphs: tuple[str, ...]
    from_named: tuple[str, ...]
    volatile: bool
    update: bool
    depth: int
    clauses: int
    operators: int


def look(query: str) -> Seen:
    """Return what is to be seen in a query.

    :raises TooLarge: it has more words than anybody looks at
    """
    if len(query) <= 4096:
        return _remembered(query)
    with _one_at_a_time:
        return _look(query)


def check(query: str) -> Seen:
    """Return what is to be seen in a query that may be asked.

    :raises QueryRefused: it may not
    """
    seen = plain(query) or look(query)
    if seen.update:
        raise NotAllowed("The graph is read-only: updates are not accepted.")
    if seen.has_service:
        raise NotAllowed(
            "SERVICE does not work here: this server asks no other. Ask the other endpoint "
            "yourself, or have a client that federates (such as Comunica) ask both."
        )
    if seen.depth > DEEPEST:
        raise TooLarge(f"The query's brackets nest more than {DEEPEST} deep.")
    if seen.clauses > CLAUSES:
        raise TooLarge(
            f"The query has more than {CLAUSES:,} clauses. "
            "Give values in one VALUES, or ask in parts."
        )
    if seen.operators > OPERATORS:
        raise TooLarge(
            f"The query has more than {OPERATORS:,} operators. "
            "Give values with IN or VALUES, or ask in parts."
        )
    return seen


def plain(query: str) -> Seen | None:
    """Return what is to be seen in a short query in which nothing that is looked for can be.

    Of its counts there is only the one of its brackets, as if each stood in the one before.
    """
    if len(query) > _SHORT:
        return None
    lowered = query.lower()
    for each in _NOTABLE:  # any() takes twice as long
        if each in lowered:
            return None
    begins = _BEGINS.match(query)
    depth = query.count("{") + query.count("(") + query.count("[")
    if begins is None or depth > DEEPEST:
        return None
    return Seen(query, begins[1].upper(), False, (), (), False, False, depth, 0, 0)


@lru_cache(maxsize=1024)
def _remembered(query: str) -> Seen:
    return _look(query)


def _look(query: str) -> Seen:
    text = decoded(query)
    found = list(islice(_bearable(scanned(text)), TOKENS + 1))
    if len(found) > TOKENS:
        raise TooLarge(f"The query has more than {TOKENS:,} words. Ask in parts.")
    prologue, rest = split(found)
    declared = {*PREFIXES, *(each.text[:-1] for each in prologue if each.kind == "name")}
    rest = list(unglued(rest, declared))
    first = rest[0].upper if rest else ""
    nesting = list(_depths(rest))
    words = [each.upper for each in rest]
    from_graphs, from_named = _dataset(prologue, rest, nesting, declared)
    return Seen(
        text=text,
        form=first if first in QUERY_FORMS else None,
        has_service="SERVICE" in words or _hidden_service(rest, declared),
        from_graphs=from_graphs,
        from_named=from_named,
        volatile=_is_volatile(rest),
        update=any(
            word in UPDATES and not depth for word, depth in zip(words, nesting, strict=True)
        ),
        depth=max(nesting, default=0),
        clauses=sum(word in _CLAUSES for word in words),
        operators=sum(each.kind == "mark" and each.text in _OPERATORS for each in rest),
    )


def _bearable(found: Iterable[Token]) -> Iterator[Token]:
    """Yield tokens up to the first with which a query is refused for its counts."""
    depth = clauses = operators = 0
    for token in found:
        yield token
        text = token.text
        if token.kind == "word":
            clauses += text.upper() in _CLAUSES
        elif text in _OPENING:
            depth += 1
        elif text in _CLOSING:
            depth = max(0, depth - 1)
        elif token.kind == "mark":
            operators += text in _OPERATORS
        if depth > DEEPEST or clauses > CLAUSES or operators > OPERATORS:
            return


def split(found: list[Token]) -> tuple[list[Token], list[Token]]:
    """Return the tokens of the prologue (``PREFIX``, ``BASE``, ``VERSION``), and the rest."""
    at = 0
    kinds = {"PREFIX": ("name", "iri"), "BASE": ("iri",), "VERSION": ("string",)}
    while at < len(found) and (rest := kinds.get(found[at].upper)) is not None:
        if tuple(each.kind for each in found[at + 1 : at + 1 + len(rest)]) != rest:
            break
        at += 1 + len(rest)
    return found[:at], found[at:]


def _depths(found: list[Token]) -> Iterator[int]:
    """Yield how deep each token stands; a bracket stands within itself."""
    depth = 0
    for _, text, _ in found:
        if text in _OPENING:
            depth += 1
            yield depth
        else:
            yield depth
            if text in _CLOSING:
                depth = max(0, depth - 1)


def _hidden_service(found: list[Token], declared: set[str]) -> bool:
    """Whether ``service:x {`` is there, which the engine reads as ``SERVICE :x {`` if it can."""
    for before, this, after in zip([None, *found], found, found[1:], strict=False):
        glued = _SERVICE.match(this.text) if this.kind == "name" else None
        if glued is None or after.text != "{":
            continue
        named = before is not None and before.upper in ("GRAPH", "FROM", "NAMED", "DESCRIBE")
        if not named and this.text[glued.end() :].partition(":")[0] in declared:
            return True
    return False


def _is_volatile(found: list[Token]) -> bool:
    opened: list[str] = []
    before = nothing = Token("", "", 0)
    for this, after in zip(found, [*found, nothing][1:], strict=True):
        if this.upper in _VOLATILE and after.text == "(":
            return True
        # ?x<RAND()&&?y> is an IRI to the grammar, but a comparison to the engine
        compared = before.kind in _OPERANDS or before.text == ")"
        if this.kind == "iri" and compared and opened[-1:] == ["("] and _CALLED.search(this.text):
            return True
        if this.text in BRACKETS.values():
            opened.append(this.text)
        elif this.text in BRACKETS and opened:
            opened.pop()
        before = this
    return False


def _dataset(
    prologue: list[Token], found: list[Token], nesting: list[int], declared: set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the IRIs of ``FROM`` and ``FROM NAMED``; none, if they are not IRIs."""
    graphs: list[tuple[bool, str]] = []
    for at, this in enumerate(found):
        if nesting[at]:
            continue
        glued = _FROM.match(this.text) if this.kind == "name" and at else None
        if glued is not None and this.text[glued.end() :].partition(":")[0] in declared:
            if found[at - 1].upper not in ("FROM", "NAMED", "DESCRIBE"):
                graphs.append((glued[1] is not None, this.text[glued.end() :]))
        elif this.upper == "FROM":
            after = at + 1
            named = after < len(found) and found[after].upper == "NAMED"
            after += named
            if after < len(found) and found[after].kind in ("iri", "name"):
                graphs.append((named, found[after].text))
    if not graphs:
        return (), ()
    iris = _resolved(prologue, [text for _, text in graphs])
    both = list(zip((named for named, _ in graphs), iris, strict=True)) if iris else []
    return (
        tuple(dict.fromkeys(iri for named, iri in both if not named)),
        tuple(dict.fromkeys(iri for named, iri in both if named)),
    )


def _resolved(prologue: list[Token], names: list[str]) -> list[str]:
    """Return the IRIs that the prologue makes of *names*; none, if one of them is none.

    The prologue and names of SPARQL are those of Turtle, for which there is a reader.
    """
    used = {name.partition(":")[0] for name in names if not name.startswith("<")}
    lines = [f"PREFIX {name}: <{PREFIXES[name]}>" for name in used if name in PREFIXES]
    at = 0
    while at < len(prologue):
        size = 3 if prologue[at].upper == "PREFIX" else 2
        if prologue[at].upper != "VERSION":
            lines.append(" ".join(each.text for each in prologue[at : at + size]))
        at += size
    lines.append(f"<urn:x> <urn:x> {' , '.join(names)} .")
    try:
        quads = list(ox.parse("\n".join(lines), format=ox.RdfFormat.TURTLE))
    except SyntaxError:
        return []
    return [quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)]
