r"""What a query goes through for an engine elsewhere, and each thing with its reason.

1.  *Prefixes.* Those of the graph need not be declared with us; elsewhere they must be.
2.  *Where the merge is.* Our default graph is the merge of all records. In some engines the default
    graph is the union of all named graphs: all that the engine holds, also beside the snapshot. In
    Virtuoso a statement of two records counts twice in it (in Amazon Neptune once, as its guide
    says). There the merge is a named graph, and the whole pattern of a query is put into it; a
    ``GRAPH`` within reaches the others as before.
3.  *Which graphs are ours.* ``GRAPH ?any`` reaches the named graphs of the snapshot, and not the
    merge, nor what is being pushed, nor what an engine keeps beside it (Virtuoso does); nor does
    ``GRAPH <any>``, so that who may ask us may not ask for all that the engine holds.
4.  *Comparing with the day of knowing (Virtuoso).* ``?from <= ?askKnown``, where ``VALUES`` binds
    ``?askKnown``, may be taken for a range of an index, which then finds nothing, though the days
    compare rightly anywhere but in a filter. ``COALESCE(?from)`` is the same value, and in no
    index. (Elsewhere it is left out: Virtuoso cannot compile it around what ``MAX`` gives.)
5.  *Booleans (Virtuoso)* come back as ``1`` and ``0``, which is the same to XML Schema but not to
    who reads it.
6.  *Durations (Virtuoso)* lose their letters: ``P6M`` comes back as ``6``. They are kept under
    a datatype that it does not know, and have their own again in every answer.

>>> print(within("SELECT * { ?s ?p '}' } # {", "urn:m"))
SELECT * { GRAPH <urn:m> { ?s ?p '}' } } # {
>>> print(ours("SELECT * { GRAPH ?g { ?s ?p ?o } }", "urn:m").replace(GRAPH, ".../"))
SELECT * { GRAPH ?g { ?s ?p ?o } FILTER (STRSTARTS(STR(?g), ".../") && ?g != <urn:m>) }
>>> print(ours("ASK { GRAPH <x:y> { ?s ?p ?o } }", None).replace(GRAPH, ".../"))
ASK { GRAPH <x:y> { ?s ?p ?o } FILTER (STRSTARTS(STR(<x:y>), ".../")) }
>>> print(protected('FILTER (?from <= ?askKnown && ?a < ?b && "?a < ?askKnown" != ?x)'))
FILTER (COALESCE(?from) <= COALESCE(?askKnown) && ?a < ?b && "?a < ?askKnown" != ?x)
"""

import re
from typing import Any

from peelgraph.namespaces import BASE, GRAPH, PREFIXES, XSD

#: what is skipped: strings, IRIs, comments; and what is looked for: braces, words
TOKEN = re.compile(
    r'(?P<skipped>"""(?:[^"\\]|\\.|"{1,2}(?!"))*"""' + r"|'''(?:[^'\\]|\\.|'{1,2}(?!'))*'''"
    r'|"(?:[^"\\\r\n]|\\.)*"' + r"|'(?:[^'\\\r\n]|\\.)*'"
    r'|<[^<>"{}|^`\\\x00-\x20]*>|\#[^\r\n]*)'
    r"|(?P<mark>[(){}])|(?P<name>[\w.-]*:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)*|[?$]\w+)|(?P<word>[A-Za-z]+)",
    re.DOTALL,
)

_BOOLEAN, _DURATION = XSD + "boolean", XSD + "duration"
_KEPT_DURATION = BASE + "kept/duration"

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

_COMPARED = re.compile(r"(\?\w+)(\s*[<>]=?\s*)(\?\w+)")
_KNOWN = "?askKnown"


def declared(query: str) -> str:
    """Return a query with the prefixes of the graph that it uses and does not declare."""
    names = {
        match["name"].partition(":")[0]
        for match in TOKEN.finditer(query)
        if match["name"] and ":" in match["name"]
    }
    own = {name.lower() for name in re.findall(r"(?i)\bPREFIX\s+([\w.-]*):", query)}
    missing = sorted(names & set(PREFIXES) - own)
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in missing) + query


def within(query: str, graph: str) -> str:
    """Return a query whose pattern is put into a *graph*, unless it names its dataset itself.

    A query without a pattern, such as ``DESCRIBE <iri>``, stays as it is.
    """
    words = [
        (match["word"].upper(), match.start()) for match in TOKEN.finditer(query) if match["word"]
    ]
    groups = _groups(query)
    if not groups or any(word == "FROM" for word, _ in words):
        return query
    form = next((word for word, _ in words if word in _FORMS), "")
    begin, end = groups[0]
    where = next((start for word, start in words if word == "WHERE" and start < begin), None)
    if form == "CONSTRUCT" and where is not None:
        template = query[begin:end]  # the pattern is the template too
        return f"{query[:where]}{template} WHERE {{ GRAPH <{graph}> {template} }}{query[end:]}"
    # behind the pattern there may be a VALUES
    begin, end = groups[1 if form == "CONSTRUCT" else 0]
    return f"{query[:begin]}{{ GRAPH <{graph}> {query[begin:end]} }}{query[end:]}"


def ours(query: str, merge: str | None) -> str:
    """Return a query in which ``GRAPH`` reaches the named graphs of the snapshot only.

    :param merge: the named graph with the merge, if it is one
    """
    tokens = list(TOKEN.finditer(query))
    added: list[tuple[int, str]] = []
    for at, match in enumerate(tokens):
        if (match["word"] or "").upper() != "GRAPH" or query[match.start() - 1] == "@":
            continue
        opening = next((n for n in range(at, len(tokens)) if tokens[n]["mark"] == "{"), None)
        if opening is None:
            continue
        name = query[match.end() : tokens[opening].start()]
        for each in tokens[at:opening]:
            if each[0].startswith("#"):
                name = name.replace(each[0], "")
        name = name.strip()
        if _is_snapshots(name, merge):
            continue
        depth = 0
        for mark in tokens[opening:]:
            depth += {"{": 1, "}": -1}.get(mark["mark"] or "", 0)
            if depth == 0:
                apart = f" && {name} != <{merge}>" if merge else ""
                own = f'STRSTARTS(STR({name}), "{GRAPH}"){apart}'
                added.append((mark.end(), f" FILTER ({own})"))
                break
    for place, text in sorted(added, reverse=True):
        query = query[:place] + text + query[place:]
    return query


def _is_snapshots(name: str, merge: str | None) -> bool:
    """Whether a graph is named whose name tells that it is one of the snapshot's."""
    return re.fullmatch(f"<{GRAPH}[^\\\\>]*>", name) is not None and name != f"<{merge}>"


def _groups(query: str) -> list[tuple[int, int]]:
    """Return where the outermost groups begin and end."""
    depth = {"(": 0, "{": 0}
    found: list[tuple[int, int]] = []
    begin = 0
    for match in TOKEN.finditer(query):
        mark = match["mark"]
        if mark in ("(", "{"):
            if mark == "{" and not any(depth.values()):
                begin = match.start()
            depth[mark] += 1
        elif mark:
            depth["(" if mark == ")" else "{"] -= 1
            if mark == "}" and not any(depth.values()):
                found.append((begin, match.end()))
    return found


def protected(query: str) -> str:
    """Return a query in which no comparison with the day of knowing is taken for a range."""
    skipped = [match.span() for match in TOKEN.finditer(query) if match["skipped"] is not None]

    def coalesced(match: re.Match[str]) -> str:
        if _KNOWN not in (match[1], match[3]) or any(
            start <= match.start() < end for start, end in skipped
        ):
            return match[0]
        return f"COALESCE({match[1]}){match[2]}COALESCE({match[3]})"

    return _COMPARED.sub(coalesced, query)


def stored(triple: str) -> str:
    """Return a line of N-Triples as Virtuoso keeps it without loss."""
    return triple.replace(f"^^<{_DURATION}>", f"^^<{_KEPT_DURATION}>")


def corrected(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of Virtuoso, in SPARQL's JSON, with booleans and durations as they were."""
    for row in answer.get("results", {}).get("bindings", ()):
        for term in row.values():
            if term.get("datatype") == _BOOLEAN:
                term["value"] = {"1": "true", "0": "false"}.get(term["value"], term["value"])
            elif term.get("datatype") == _KEPT_DURATION:
                term["datatype"] = _DURATION
    return answer


def corrected_triples(text: bytes) -> bytes:
    """Return N-Triples of Virtuoso with booleans and durations as they were."""
    found = text.decode("utf-8").replace(f"^^<{_KEPT_DURATION}>", f"^^<{_DURATION}>")
    for number, word in (("1", "true"), ("0", "false")):
        found = found.replace(f'"{number}"^^<{_BOOLEAN}>', f'"{word}"^^<{_BOOLEAN}>')
    return found.encode()
