"""Mermaid: a flowchart to put into Markdown.

Mermaid takes labels for Markdown and HTML, so all but letters, digits, spaces and commas is written
as an entity code.

>>> escaped('1. "x" #y')
'1#46; #34;x#34; #35;y'
"""

import re
from collections.abc import Iterator

from peelgraph.exports import palette
from peelgraph.exports.model import Export, Written
from peelgraph.values import BadValue
from peelgraph.wording import shortened

#: what Mermaid draws at most, unless it is told otherwise (its options maxEdges, maxTextSize)
MOST_EDGES, MOST_TEXT = 500, 50_000

#: how long a label may be, in characters
_LABEL = 120

_SPECIAL = re.compile(r"[\x00-\x1f\x21-\x2b\x2d-\x2f\x3a-\x40\x5b-\x60\x7b-\x9f]")


def write(export: Export) -> Written:
    """Return the export as a Mermaid flowchart.

    :raises BadValue: it is more than Mermaid draws; says what to do
    """
    text = "\n".join(_lines(export)) + "\n"
    if len(export.edges) > MOST_EDGES or len(text) > MOST_TEXT:
        raise BadValue(
            f"Mermaid draws at most {MOST_EDGES} links and {MOST_TEXT} characters; these are "
            f"{len(export.edges)} and {len(text)}. Choose an item, fewer steps (depth) or fewer "
            "kinds of thing, or take the format dot or graphml."
        )
    notes = ["Mermaid carries labels, kinds, relations and what is not stated; no other attribute."]
    cut = sum(len(node.label) > _LABEL for node in export.nodes)
    if cut:
        notes.append(f"Mermaid: {cut} labels of more than {_LABEL} characters are shortened.")
    return Written(text.encode(), tuple(notes))


def escaped(text: str) -> str:
    """Return a text as Mermaid draws it letter by letter, in one line."""
    line = " ".join(text.split())
    return _SPECIAL.sub(lambda found: _code(found[0]), line)


def _code(character: str) -> str:
    return f"#{ord(character)};" if character >= " " and character < "\x7f" else "\ufffd"


def _lines(export: Export) -> Iterator[str]:
    yield "flowchart LR"
    yield f"  %% {' '.join(export.title.split())}."
    yield f"  %% {export.provenance}"
    names = {node.id: f"n{number}" for number, node in enumerate(export.nodes)}
    for node in export.nodes:
        label = escaped(shortened(node.label, _LABEL)) or " "
        yield f'  {names[node.id]}["{label}"]:::{_class(node.kind)}'
    for edge in export.edges:
        arrow = "-->" if edge.basis == "stated" else "-.->"
        yield (f'  {names[edge.source]} {arrow}|"{escaped(edge.label)}"| {names[edge.target]}')
    for kind, colour in sorted({node.kind: node.colour for node in export.nodes}.items()):
        yield (f"  classDef {_class(kind)} fill:{colour},stroke:#333333,color:{palette.on(colour)}")


def _class(kind: str) -> str:
    return "k_" + re.sub(r"[^a-z]", "_", kind)
