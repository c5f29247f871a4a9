"""GEXF 1.3, dynamic: nodes and edges have intervals, and each status has those of its own.

A node is there from the first day on which it can have been until the last on which it can have
been open. That both are bounds, and how far apart, ``opened`` and ``closed`` declare (EDTF), and
``statusOverTime`` says *indeterminate* for as long as it cannot be told. Where one interval ends
the next begins, as in the examples of the specification. See https://gexf.net/.
"""

from collections.abc import Iterator

from peelgraph.exports.model import EDGE, NODE, Edge, Export, Node, Written, in_lines, text
from peelgraph.exports.xmltext import attribute, lost, notes, written

#: what has a place of its own in GEXF
_PLACED = {
    "node": ("id", "label", "colour"),
    "edge": ("id", "source", "target", "label", "start", "end"),
}
_OVER_TIME = "statusOverTime"

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
      xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">"""


def write(export: Export) -> Written:
    """Return the export as GEXF."""
    lacking = notes("GEXF", sum(map(lost, export.texts())))
    return Written(in_lines(lambda: _lines(export)), lacking)


def _lines(export: Export) -> Iterator[str]:
    yield _HEAD
    yield "  <meta>"
    yield "    <creator>peelgraph</creator>"
    yield "    <keywords>HMICFRS, police, inspection, lineage</keywords>"
    yield f"    <description>{written(f'{export.title}. {export.provenance}')}</description>"
    yield "  </meta>"
    yield (
        '  <graph mode="dynamic" defaultedgetype="directed" idtype="string" timeformat="date" '
        'timerepresentation="interval">'
    )
    for kind, names in (("node", NODE), ("edge", EDGE)):
        yield f'    <attributes class="{kind}" mode="static">'
        for name in names:
            if name not in _PLACED[kind]:
                form = "integer" if name == "weight" else "string"
                yield f'      <attribute id="{name}" title="{name}" type="{form}"/>'
        yield "    </attributes>"
    yield '    <attributes class="node" mode="dynamic">'
    yield f'      <attribute id="{_OVER_TIME}" title="{_OVER_TIME}" type="string"/>'
    yield "    </attributes>"
    yield f'    <nodes count="{len(export.nodes)}">'
    for node in export.nodes:
        yield f"      <node id={attribute(node.id)} label={attribute(node.label)}{_interval(node)}>"
        yield from _values("node", node)
        red, green, blue = (int(node.colour[at : at + 2], 16) for at in (1, 3, 5))
        yield f'        <viz:color r="{red}" g="{green}" b="{blue}"/>'
        yield f'        <viz:size value="{6 + 2 * node.weight**0.5:.2f}"/>'
        yield "      </node>"
    yield "    </nodes>"
    yield f'    <edges count="{len(export.edges)}">'
    for edge in export.edges:
        yield (
            f"      <edge id={attribute(edge.id)} source={attribute(edge.source)} "
            f"target={attribute(edge.target)} label={attribute(edge.label)} "
            f"kind={attribute(edge.relation)}{_interval(edge)}>"
        )
        yield from _values("edge", edge)
        yield f'        <viz:shape value="{"solid" if edge.basis == "stated" else "dashed"}"/>'
        yield "      </edge>"
    yield "    </edges>"
    yield "  </graph>"
    yield "</gexf>"


def _values(kind: str, thing: Node | Edge) -> Iterator[str]:
    yield "        <attvalues>"
    for name, value in thing.attributes():
        if name not in _PLACED[kind]:
            yield f'          <attvalue for="{name}" value={attribute(text(value))}/>'
    if isinstance(thing, Node):
        for period in thing.periods:
            bounds = _bounds(period.start, period.until)
            yield f'          <attvalue for="{_OVER_TIME}" value="{period.status}"{bounds}/>'
    yield "        </attvalues>"


def _interval(thing: Node | Edge) -> str:
    return _bounds(thing.start, thing.end)


def _bounds(start: str | None, end: str | None) -> str:
    return (f' start="{start}"' if start else "") + (f' end="{end}"' if end else "")
