r"""What a query goes through for an engine elsewhere, and each thing with its reason.

1.  *Prefixes.* Those of the graph need not be declared with us; elsewhere they must be.
2.  *Where the merge is.* Our default graph is the merge of all records. In some engines (Virtuoso,
    GraphDB, Neptune, QLever) the default graph is the union of all named graphs, in which a
    statement of two records would count twice. There the merge is a named graph, and the whole
    pattern of a query is put into it; a ``GRAPH`` within reaches the others as before.
3.  *Comparing with the day of knowing (Virtuoso).* ``?from <= ?askKnown``, where ``VALUES`` binds
    ``?askKnown``, may be taken for a range of an index, which then finds nothing, though the days
    compare rightly anywhere but in a filter. ``COALESCE(?from)`` is the same value, and in no
    index. (Elsewhere it is left out: Virtuoso cannot compile it around what ``MAX`` gives.)
4.  *Booleans (Virtuoso)* come back as ``1`` and ``0``, which is the same to XML Schema but not to
    who reads it.

>>> print(within("SELECT * { ?s ?p '}' } # {", "urn:m"))
SELECT * { GRAPH <urn:m> { ?s ?p '}' } } # {
>>> print(protected('FILTER (?from <= ?askKnown && ?a < ?b && "?a < ?askKnown" != ?x)'))
FILTER (COALESCE(?from) <= COALESCE(?askKnown) && ?a < ?b && "?a < ?askKnown" != ?x)
"""

import re

from peelgraph.namespaces import PREFIXES, XSD

#: what is skipped: strings, IRIs, comments; and what is looked for: braces, words
_TOKEN = re.compile(
    r'(?P<skipped>"""(?:[^"\\]|\\.|"{1,2}(?!"))*"""' + r"|'''(?:[^'\\]|\\.|'{1,2}(?!'))*'''"
    r'|"(?:[^"\\\r\n]|\\.)*"' + r"|'(?:[^'\\\r\n]|\\.)*'"
    r'|<[^<>"{}|^`\\\x00-\x20]*>|\#[^\r\n]*)'
    r"|(?P<mark>[(){}])|(?P<name>[\w.-]*:[\w.:-]*|[?$]\w+)|(?P<word>[A-Za-z]+)",
    re.DOTALL,
)

_COMPARED = re.compile(r"(\?\w+)(\s*[<>]=?\s*)(\?\w+)")
_KNOWN = "?askKnown"


def declared(query: str) -> str:
    """Return a query with the prefixes of the graph that it uses and does not declare."""
    names = {
        match["name"].partition(":")[0]
        for match in _TOKEN.finditer(query)
        if match["name"] and ":" in match["name"]
    }
    own = {name.lower() for name in re.findall(r"(?i)\bPREFIX\s+([\w.-]*):", query)}
    missing = sorted(names & set(PREFIXES) - own)
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in missing) + query


def within(query: str, graph: str) -> str:
    """Return a query whose pattern is put into a *graph*, unless it names its dataset itself.

    A query without a pattern, such as ``DESCRIBE <iri>``, stays as it is.
    """
    marks = [match for match in _TOKEN.finditer(query) if match["mark"] or match["word"]]
    words = [(match["word"] or "").upper() for match in marks]
    if "FROM" in words:
        return query
    depth = {"(": 0, "{": 0}
    groups: list[tuple[int, int]] = []  # the outermost, by where they begin and end
    for match in marks:
        mark = match["mark"]
        if mark in ("(", "{"):
            if mark == "{" and depth == {"(": 0, "{": 0}:
                begin = match.start()
            depth[mark] += 1
        elif mark:
            opening = "(" if mark == ")" else "{"
            depth[opening] -= 1
            if mark == "}" and depth == {"(": 0, "{": 0}:
                groups.append((begin, match.end()))
    form = next((word for word in words if word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")), "")
    if not groups:
        return query
    # of CONSTRUCT, the template comes first; a VALUES behind the pattern comes last
    full = form == "CONSTRUCT" and not _is_short(query, words)
    begin, end = groups[1 if full else 0]
    pattern = f"{{ GRAPH <{graph}> {query[begin:end]} }}"
    if form == "CONSTRUCT" and not full:
        return f"{query[: query.upper().rindex('WHERE', 0, begin)]}{query[begin:end]} WHERE " + (
            f"{pattern}{query[end:]}"
        )
    return query[:begin] + pattern + query[end:]


def _is_short(query: str, words: list[str]) -> bool:
    """Say whether CONSTRUCT has no template but ``WHERE`` directly behind it."""
    found = words.index("CONSTRUCT")
    return words[found + 1 : found + 2] == ["WHERE"]


def protected(query: str) -> str:
    """Return a query in which no comparison with the day of knowing is taken for a range."""
    skipped = [match.span() for match in _TOKEN.finditer(query) if match["skipped"] is not None]

    def coalesced(match: re.Match[str]) -> str:
        if _KNOWN not in (match[1], match[3]) or any(
            start <= match.start() < end for start, end in skipped
        ):
            return match[0]
        return f"COALESCE({match[1]}){match[2]}COALESCE({match[3]})"

    return _COMPARED.sub(coalesced, query)


def corrected(answer: dict[str, object]) -> dict[str, object]:
    """Return an answer in SPARQL's JSON with its booleans as words."""
    results = answer.get("results")
    rows = results.get("bindings", ()) if isinstance(results, dict) else ()
    for row in rows:
        for term in row.values():
            if term.get("datatype") == f"{XSD}boolean":
                term["value"] = {"1": "true", "0": "false"}.get(term["value"], term["value"])
    return answer
