r"""DOT, for Graphviz: every attribute is there, and what Graphviz draws is set besides.

Every name is quoted, since a colon would make a port of what follows it. In what Graphviz draws,
``&`` begins an entity and a backslash an escape; both are written to stand for themselves.

>>> quoted('say "no"')
'"say \\"no\\""'
>>> drawn("R&D \\n")
'"R&amp;D \\\\n"'
"""

import textwrap
from collections.abc import Iterator

from peelgraph.exports import palette
from peelgraph.exports.model import Attribute, Edge, Export, Node, Written, in_lines, text
from peelgraph.wording import shortened

#: what the whole label is called, since ``label`` is the one that is drawn
_WHOLE = "text"

#: what is set for an edge in another way
_EDGE_PLACED = ("source", "target", "label")

#: how many characters a line of a label has
_LINE = 28


def write(export: Export) -> Written:
    """Return the export as DOT."""
    lost = sum(line.count("\0") for line in _lines(export))
    note = f"DOT cannot carry the character NUL: {lost} replaced by U+FFFD."
    lines = in_lines(lambda: (line.replace("\0", "\ufffd") for line in _lines(export)))
    return Written(lines, (note,) if lost else ())


def quoted(value: str) -> str:
    """Return a text as a quoted string, to be read and not to be drawn."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def drawn(value: str) -> str:
    """Return a text as a quoted string that Graphviz draws as it is."""
    return quoted(value.replace("&", "&amp;"))


def _lines(export: Export) -> Iterator[str]:
    yield "/* " + f"{export.title}. {export.provenance}".replace("*/", "* /") + " */"
    yield f"digraph {quoted(export.title)} {{"
    yield '  graph [rankdir="LR", fontname="Helvetica", labelloc="b", fontsize="10",'
    yield f"    tooltip={drawn(export.title)}, snapshot={quoted(export.snapshot)},"
    yield f"    label={_wrapped(f'{export.title}. {export.provenance}', 110)}]"
    yield '  node [shape="box", style="filled,rounded", fontname="Helvetica", fontsize="11"]'
    yield '  edge [fontname="Helvetica", fontsize="9", color="#555555"]'
    for node in export.nodes:
        yield f"  {quoted(node.id)} [{_node(node)}]"
    for edge in export.edges:
        yield f"  {quoted(edge.source)} -> {quoted(edge.target)} [{_edge(edge)}]"
    yield "}"


def _node(node: Node) -> str:
    said = {_WHOLE if name == "label" else name: value for name, value in node.attributes()}
    found = [f"label={_wrapped(shortened(node.label), _LINE)}", f"tooltip={drawn(node.label)}"]
    found += [f"URL={drawn(node.page or node.iri)}", f"fillcolor={quoted(node.colour)}"]
    found.append(f"fontcolor={quoted(palette.on(node.colour))}")
    return ", ".join(found + _given(said))


def _edge(edge: Edge) -> str:
    said = {name: value for name, value in edge.attributes() if name not in _EDGE_PLACED}
    found = [f"label={drawn(edge.label)}"]
    if edge.basis != "stated":
        found.append('style="dashed"')
    return ", ".join(found + _given(said))


def _given(said: dict[str, Attribute]) -> list[str]:
    return [f"{name}={quoted(text(value))}" for name, value in said.items()]


def _wrapped(value: str, width: int) -> str:
    return r"\n".join(drawn(line)[1:-1] for line in textwrap.wrap(value, width) or [""]).join('""')
