"""The forms in which an answer to a question can be had, and the bytes of each.

>>> named("csv").media
'text/csv'
>>> named("text/csv").name
'csv'
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

from flask import abort, request

from peelgraph import tables
from peelgraph.asking import Answer
from peelgraph.values import BadValue
from peelserver.http.negotiation import pick

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_SRX = "http://www.w3.org/2005/sparql-results#"


@dataclass(frozen=True, slots=True)
class Format:
    """A form of an answer: what ``format=`` calls it, its media type, what people call it.

    :param raw: the terms are those of RDF, as SPARQL has them
    """

    name: str
    media: str
    label: str
    raw: bool = False


JSON = Format("json", "application/json", "JSON")
CSV = Format("csv", "text/csv", "CSV")
TSV = Format("tsv", "text/tab-separated-values", "TSV")
SRJ = Format("srj", "application/sparql-results+json", "SPARQL results in JSON", raw=True)
SRX = Format("srx", "application/sparql-results+xml", "SPARQL results in XML", raw=True)
HTML = Format("html", "text/html", "HTML")
ALL = (JSON, CSV, TSV, SRJ, SRX, HTML)


def named(name: str, among: Iterable[Format] = ALL) -> Format:
    """Return the format with a name or media type.

    :raises BadValue: there is none
    """
    among = tuple(among)
    for each in among:
        if name in (each.name, each.media):
            return each
    names = ", ".join(each.name for each in among)
    raise BadValue(f"There is no format '{name}'. There are: {names}.")


def chosen(name: str | None, among: Iterable[Format] = ALL) -> Format:
    """Return the format that the client wants, by *name* or else by what it accepts.

    :raises BadValue: there is none with that name
    :raises NotAcceptable: the client accepts none
    """
    among = tuple(among)
    if name:
        return named(name, among)
    accepts = ", ".join(request.headers.getlist("Accept")) or None
    media = pick(accepts, [each.media for each in among])
    if media is None:
        abort(406, f"Ask for one of: {', '.join(each.media for each in among)}.")
    return named(media, among)


def written(answer: Answer, output: Format, permalink: str) -> bytes:
    """Return an answer as JSON, CSV or TSV."""
    if output is JSON:
        found = answer.as_object() | {"sparql": answer.sparql, "permalink": permalink}
        return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
    return tables.as_csv(answer, delimiter="," if output is CSV else "\t").encode()


def settled(body: bytes, output: Format, several: tuple[str, ...]) -> bytes:
    """Return SPARQL results with the words of each cell of the columns *several* in order.

    An engine joins them in any order; the same question is to have the same bytes.
    """
    if not several:
        return body
    return (_settled_json if output is SRJ else _settled_xml)(body, several)


def _settled_json(body: bytes, several: tuple[str, ...]) -> bytes:
    for column in several:
        # in a string, a backslash stands before each quotation mark: so this is the cell itself
        begin = f'"{column}":{{"type":"literal","value":'.encode()
        before, *cells = body.split(begin)
        body = begin.join([before, *map(_settled_cell, cells)])
    return body


def _settled_cell(rest: bytes) -> bytes:
    """Return what begins with a string, with the words of that in order."""
    found = _STRING.match(rest)
    if found is None or b" " not in found[0]:
        return rest
    if b"\\" in found[0]:
        words = json.dumps(_in_order(json.loads(found[0])), ensure_ascii=False).encode()
    else:
        words = b'"%b"' % b" ".join(sorted(found[0][1:-1].split()))
    return words + rest[found.end() :]


def _settled_xml(body: bytes, several: tuple[str, ...]) -> bytes:
    ElementTree.register_namespace("", _SRX)
    found = ElementTree.fromstring(body)
    for binding in found.iter(f"{{{_SRX}}}binding"):
        literal = binding.find(f"{{{_SRX}}}literal")
        if binding.get("name") in several and literal is not None:
            literal.text = _in_order(literal.text or "")
    text = ElementTree.tostring(found, encoding="unicode")
    return f'<?xml version="1.0"?>{text}'.encode()


def _in_order(words: str) -> str:
    return " ".join(sorted(words.split()))
