"""GraphML, with the graphics that yEd shows beside the attributes that every reader takes.

yEd draws what stands in elements of yFiles; igraph and networkx pass those over or read the label
from them, which is the same. See http://graphml.graphdrawing.org/specification.html.
"""

from collections.abc import Iterator

from peelgraph.exports import palette
from peelgraph.exports.model import EDGE, LICENCE, NODE, Edge, Export, Node, Written, in_lines, text
from peelgraph.exports.xmltext import attribute, lost, notes, written
from peelgraph.wording import shortened

#: what has a place of its own in GraphML
_PLACED = {"node": ("id",), "edge": ("id", "source", "target")}

_GRAPH = ("title", "snapshot", "on", "known", "licence", "provenance")

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xmlns:y="http://www.yworks.com/xml/graphml"
         xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd">"""


def write(export: Export) -> Written:
    """Return the export as GraphML."""
    lacking = notes("GraphML", sum(map(lost, export.texts())))
    return Written(in_lines(lambda: _lines(export)), lacking)


def _lines(export: Export) -> Iterator[str]:
    yield _HEAD
    yield f"  <!-- {written(export.provenance).replace('--', '- -')} -->"
    yield from _keys()
    yield '  <graph id="graph" edgedefault="directed">'
    said = {
        "title": export.title,
        "snapshot": export.snapshot,
        "on": export.on,
        "known": export.known,
        "licence": LICENCE,
        "provenance": export.provenance,
    }
    for name in _GRAPH:
        yield f'    <data key="g-{name}">{written(said[name])}</data>'
    for node in export.nodes:
        yield f"    <node id={attribute(node.id)}>"
        yield from _data("node", node)
        yield f'      <data key="n-graphics">{_shape(node)}</data>'
        yield "    </node>"
    for edge in export.edges:
        ends = f"source={attribute(edge.source)} target={attribute(edge.target)}"
        yield f"    <edge id={attribute(edge.id)} {ends}>"
        yield from _data("edge", edge)
        yield f'      <data key="e-graphics">{_line(edge)}</data>'
        yield "    </edge>"
    yield "  </graph>"
    yield "</graphml>"


def _keys() -> Iterator[str]:
    for name in _GRAPH:
        yield f'  <key id="g-{name}" for="graph" attr.name="{name}" attr.type="string"/>'
    for kind, names in (("node", NODE), ("edge", EDGE)):
        for name in names:
            if name not in _PLACED[kind]:
                form = "int" if name == "weight" else "string"
                yield (
                    f'  <key id="{kind[0]}-{name}" for="{kind}" attr.name="{name}" '
                    f'attr.type="{form}"/>'
                )
        yield f'  <key id="{kind[0]}-graphics" for="{kind}" yfiles.type="{kind}graphics"/>'


def _data(kind: str, thing: Node | Edge) -> Iterator[str]:
    for name, value in thing.attributes():
        if name not in _PLACED[kind]:
            yield f'      <data key="{kind[0]}-{name}">{written(text(value))}</data>'


def _shape(node: Node) -> str:
    """Return what yEd draws for a node; the box is as wide as its label needs."""
    label = shortened(node.label)
    width = 20 + 7 * len(label)
    return (
        f'<y:ShapeNode><y:Geometry height="30.0" width="{width}.0" x="0.0" y="0.0"/>'
        f'<y:Fill color="{node.colour}" transparent="false"/>'
        '<y:BorderStyle color="#333333" type="line" width="1.0"/>'
        f'<y:NodeLabel textColor="{palette.on(node.colour)}">{written(label)}</y:NodeLabel>'
        '<y:Shape type="roundrectangle"/></y:ShapeNode>'
    )


def _line(edge: Edge) -> str:
    """Return what yEd draws for an edge; what is not stated is dashed."""
    kind = "line" if edge.basis == "stated" else "dashed"
    return (
        f'<y:PolyLineEdge><y:LineStyle color="#333333" type="{kind}" width="1.0"/>'
        '<y:Arrows source="none" target="standard"/>'
        f"<y:EdgeLabel>{written(edge.label)}</y:EdgeLabel></y:PolyLineEdge>"
    )
