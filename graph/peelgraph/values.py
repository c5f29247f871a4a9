"""Parameter values: checked against their declared type, then written as SPARQL terms.

A value enters a query in one place only, the row ``VALUES (?askForce …) { (UNDEF …) }``.

>>> fill("VALUES (?askOn ?askForce) { (UNDEF UNDEF) }", {"askOn": day_term("2024-06-01")})
'VALUES (?askOn ?askForce) { ("2024-06-01"^^<http://www.w3.org/2001/XMLSchema#date> UNDEF) }'
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import pyoxigraph as ox

from peelgraph.engine import Engine
from peelgraph.namespaces import ID, KINDS, PREFIXES, SCHEME, XSD
from peelgraph.questions import Parameter, UnknownName

#: the last day that any standing covers: "known" when it is not restricted
ALL = "9999-12-30"

_ROW = re.compile(r"VALUES\s*\((?P<names>(?:\s*\?ask\w+)+\s*)\)\s*\{\s*\((?:\s*UNDEF)+\s*\)\s*\}")
_PAGE = re.compile(r"^( *)#\| ?(.*\n)", re.MULTILINE)
#: the rows up to which a page is worth finding out where it ends
_FIRST = 5000
#: how many names are looked at for those near a wrong one
_NEAR = 2000

_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class BadValue(ValueError):
    """A value that its parameter cannot take; the message says what it takes."""


def today() -> str:
    """Return today's date in London, as ``YYYY-MM-DD``."""
    from zoneinfo import ZoneInfo  # most commands do not need it

    return datetime.now(ZoneInfo("Europe/London")).date().isoformat()


def check(parameter: Parameter, value: str, engine: Engine) -> str:
    """Return *value* in its full form: a day, a token, or an IRI that exists.

    :raises BadValue: it is not of the parameter's type
    :raises UnknownName: it names nothing; the message suggests the nearest
    """
    value = check_form(parameter, value)
    if parameter.type == "concept":
        return _concept(parameter.scheme, value, engine)
    if parameter.type == "thing":
        return thing(value, engine, parameter.kinds, parameter.prefer)
    return value


def check_form(parameter: Parameter, value: str) -> str:
    """Return a day or a token in its full form; anything else as it is, since it needs an engine.

    :raises BadValue: it is no day
    :raises UnknownName: it is none of the tokens
    """
    if parameter.type == "day":
        return _day(parameter, value)
    if parameter.type == "token" and value not in parameter.choices:
        raise UnknownName(parameter.name, value, list(parameter.choices))
    return value


def term(parameter: Parameter, value: str) -> str:
    """Return the checked *value* as a SPARQL term."""
    if parameter.type == "day":
        return day_term(value)
    if parameter.type == "token":
        return str(ox.Literal(value))
    return str(ox.NamedNode(value))


def day_term(value: str) -> str:
    """Return a day as a typed literal; ``all`` is the last day there is."""
    day = ALL if value == "all" else value
    return str(ox.Literal(day, datatype=ox.NamedNode(XSD + "date")))


def fill(sparql: str, *rows: Mapping[str, str]) -> str:
    """Return the query with every ``VALUES`` row of ask-variables replaced by *rows* of terms."""

    def filled(match: re.Match[str]) -> str:
        names = match["names"].split()
        cells = [" ".join(terms.get(name[1:], "UNDEF") for name in names) for terms in rows]
        return f"VALUES ({' '.join(names)}) {{ {' '.join(f'({row})' for row in cells)} }}"

    return _ROW.sub(filled, sparql)


def paged(sparql: str, rows: int | None) -> str:
    r"""Return the query with the lines that it has for a page of everything, or without them.

    These lines stand behind ``#|``, and keep the query from reading much beyond the last row.

    :param rows: how many rows there are up to the end of the page; None, if the lines do not hold

    >>> paged("  #| {SELECT ?x {?x a ?y} LIMIT ?askRows}\n", 200)
    '  {SELECT ?x {?x a ?y} LIMIT 200}\n'
    """
    if rows is None or rows > _FIRST:
        return _PAGE.sub("", sparql)
    return _PAGE.sub(lambda line: line[1] + line[2].replace("?askRows", str(rows)), sparql)


def thing(
    value: str, engine: Engine, kinds: tuple[str, ...] = (), prefer: tuple[str, ...] = ()
) -> str:
    """Return the IRI of a thing given as an IRI, ``kind/slug``, ``prefix:slug`` or a unique slug.

    :param kinds: the kinds it may be of; any, if none is given
    :param prefer: the kinds that a slug means where it is the name of several things
    :raises BadValue: it is of another kind, or there are several
    :raises UnknownName: there is none; the message suggests the nearest
    """
    what = " or ".join(kind.replace("-", " ") for kind in kinds) or "thing"
    found = _meant(value, engine, kinds, prefer)
    if len(found) > 1:
        ways = ", ".join(sorted(iri.removeprefix(ID) for iri in found))
        raise BadValue(f"'{value}' is the name of several things. Say which: {ways}.")
    if not found:
        known = near(engine, [f"{ID}{kind}/" for kind in prefer or kinds or KINDS], value)
        raise UnknownName(what, value, sorted({name.rpartition("/")[2] for name in known}))
    if kinds and _kind(found[0]) not in kinds:
        raise BadValue(f"'{value}' is a {_kind(found[0]).replace('-', ' ')}, not a {what}.")
    return found[0]


def is_thing(
    value: str, engine: Engine, kinds: tuple[str, ...] = (), prefer: tuple[str, ...] = ()
) -> bool:
    """Whether :func:`thing` would find one; it does not look for what is near."""
    found = _meant(value, engine, kinds, prefer)
    return len(found) == 1 and (not kinds or _kind(found[0]) in kinds)


def _meant(
    value: str, engine: Engine, kinds: tuple[str, ...], prefer: tuple[str, ...]
) -> list[str]:
    """Return the things that a value may name; only one, if just that is of a preferred kind."""
    found = _existing(_candidates(value, kinds or tuple(KINDS)), engine)
    preferred = [iri for iri in found if _kind(iri) in prefer]
    return preferred if len(preferred) == 1 else found


def _kind(iri: str) -> str:
    return iri.removeprefix(ID).partition("/")[0]


def _candidates(value: str, kinds: tuple[str, ...]) -> list[str]:
    if _IRI.fullmatch(value):
        return [value] if _is_iri(value) else []
    prefix, colon, local = value.partition(":")
    if colon and prefix in PREFIXES and _SLUG.fullmatch(local):
        return [PREFIXES[prefix] + local]
    kind, slash, slug = value.partition("/")
    if slash and kind in KINDS and _SLUG.fullmatch(slug):
        return [f"{ID}{kind}/{slug}"]
    return [f"{ID}{kind}/{value}" for kind in kinds] if _SLUG.fullmatch(value) else []


def _is_iri(value: str) -> bool:
    try:
        ox.NamedNode(value)
    except ValueError:
        return False
    return True


def _existing(iris: Iterable[str], engine: Engine) -> list[str]:
    rows = " ".join(str(ox.NamedNode(iri)) for iri in iris)
    if not rows:
        return []
    found = engine.query(f"SELECT ?thing {{ VALUES ?thing {{ {rows} }} ?thing <{_TOKEN}> ?kind }}")
    assert isinstance(found, ox.QuerySolutions)
    return sorted({row["thing"].value for row in found})


def near(engine: Engine, bases: Iterable[str], name: str) -> list[str]:
    """Return names among which those near a wrong one are, however many things there are.

    They begin with the same word; if none does, they are the first ones of all.

    :param bases: how the IRIs of the things begin
    """
    bases = sorted(bases)
    word = re.match(r"[a-z0-9]{0,80}", name)
    assert word is not None
    if word[0] and (found := _beginning(engine, bases, word[0], _NEAR)):
        return found
    found = []
    for base in bases:  # in order, so that no more are read than are returned
        found += _beginning(engine, [base], "", _NEAR - len(found))
        if len(found) == _NEAR:
            break
    return found


def _beginning(engine: Engine, bases: list[str], word: str, limit: int) -> list[str]:
    """Return the first names of things that begin with a word, in the order of their IRIs."""
    rows = " ".join(f"({ox.Literal(base)} {_kind_below(base)})" for base in bases)
    found = engine.query(
        f"SELECT ?thing ?base {{ VALUES (?base ?kind) {{ {rows} }} ?thing <{_TOKEN}> ?kind "
        f'FILTER (STRSTARTS(STR(?thing), CONCAT(?base, "{word}"))) }} ORDER BY ?thing LIMIT {limit}'
    )
    assert isinstance(found, ox.QuerySolutions)
    return [row["thing"].value.removeprefix(row["base"].value) for row in found]


def _kind_below(base: str) -> str:
    """Return, as a SPARQL term, the kind of the things below an address, if it says that."""
    kind = base.removeprefix(ID).removesuffix("/")
    return str(ox.Literal(kind)) if base.startswith(ID) and kind else "UNDEF"


_TOKEN = PREFIXES["peel"] + "kindToken"


def _concept(scheme: str, value: str, engine: Engine) -> str:
    base = f"{SCHEME}{scheme}/"
    slug = value.removeprefix(base).removeprefix(f"{scheme}:").removeprefix(f"{scheme}/")
    found = engine.query(
        "SELECT ?concept { ?concept <http://www.w3.org/2004/02/skos/core#prefLabel> ?label "
        f'FILTER (STRSTARTS(STR(?concept), "{base}")) }}'
    )
    assert isinstance(found, ox.QuerySolutions)
    known = sorted({row["concept"].value.removeprefix(base) for row in found} - {""})
    if slug not in known:
        raise UnknownName(scheme, value, known)
    return base + slug


def _day(parameter: Parameter, value: str) -> str:
    if value == "today":
        return today()
    if value == "all" and parameter.default == "all":
        return value
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise BadValue(
            f"'{parameter.name}' takes a day such as 2024-09-18, not '{value}'."
        ) from None
