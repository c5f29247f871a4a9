"""A lineage as a picture: columns by kind, from what came first to what came of it."""

from collections.abc import Callable, Mapping, Sequence

from peelgraph.drawing import boxes, folding, measure, standing
from peelgraph.drawing.boxes import BOX, Written
from peelgraph.drawing.key import Entry, below
from peelgraph.drawing.layers import Layout, laid_out
from peelgraph.drawing.links import Link, links, ranks
from peelgraph.drawing.palette import HEAD, WORD, Look
from peelgraph.drawing.pen import Pen, curve
from peelgraph.drawing.sentences import as_of, kind, listed, provenance, sentence
from peelgraph.lineage import COLUMNS, Lineage
from peelgraph.wording import capitalised

#: the widths of a gap, of a margin, and of the narrowest picture; the height of a line
_GAP, _MARGIN, _LEAST, _HEAD_LINE = 32.0, 8.0, 480.0, 15.0


def svg(
    lineage: Lineage,
    *,
    look: Look = "page",
    address: Callable[[str], str] = str,
    words: str = "#in-words",
) -> str:
    """Return the picture as one ``<svg>`` element.

    :param look: ``page``: classes only, coloured by ``picture.css``; ``file``: literal colours,
        with title, description and provenance, and an XML declaration
    :param address: where the box of a thing leads to, by its IRI
    :param words: where a box that stands for many things leads to: the same lineage in words
    """
    pen = Pen(look, lineage.item)
    found = folding.boxes(lineage)
    written = {box.name: boxes.write(box) for box in found}
    lines = links(lineage, found)
    layers = ranks(found, lines)
    layout = laid_out(
        layers,
        {name: each.height for name, each in written.items()},
        [link.ends for link in lines],
    )
    lefts = _lefts(layers, lines)
    right = lefts[-1] + BOX
    heads, top = _heads(pen, layers, written, lefts)
    drawn = _edges(pen, lines, layers, layout, lefts, top)
    drawn += "".join(
        boxes.draw(pen, each, lefts[index], top + layout.tops[name], lineage.item, address, words)
        for index, layer in enumerate(layers)
        for name in layer
        for each in (written[name],)
    )
    present = {status for each in written.values() for status, *_ in each.standings}
    notes = [note for note in (folding.folded_note(found),) if note]
    if look == "file":
        notes += provenance(lineage.on, lineage.known, lineage.snapshot)
    width = max(_LEAST, right + _MARGIN)
    legend, bottom = below(
        pen,
        _key(pen, present, lines),
        notes,
        _MARGIN,
        top + layout.height + 34,
        width - 2 * _MARGIN,
    )
    inner = standing.patterns(pen, present) + heads + drawn + legend
    title = f"Lineage of {lineage.node(lineage.item).label}"
    return pen.picture(width, bottom + 2, title, text(lineage) if look == "file" else (), inner)


def text(lineage: Lineage) -> list[str]:
    """Return all that the picture says, in plain sentences: the first says what of and as of when.

    Then comes one for each node, in the order of :attr:`Lineage.nodes`.
    """
    nodes = {node.iri: node for node in lineage.nodes}
    before: dict[str, list[str]] = {}
    for edge in lineage.edges:
        if not edge.shortcut:
            basis = "" if edge.basis == "stated" else f" ({edge.basis})"
            before.setdefault(edge.end, []).append(nodes[edge.start].label + basis)
    item = nodes[lineage.item]
    told = [f"The lineage of {kind(item.kind)} “{item.label}”. {as_of(lineage.on, lineage.known)}"]
    for node in lineage.nodes:
        causes = before.get(node.iri)
        told.append(
            " ".join(
                sentence(part)
                for part in (
                    f"{kind(node.kind)}: {node.label}",
                    node.when,
                    node.due,
                    node.status_phrase,
                    node.summary,
                    f"it follows from: {listed(causes)}" if causes else None,
                )
                if part
            )
        )
    return told


def _lefts(layers: Sequence[Sequence[str]], lines: Sequence[Link]) -> list[float]:
    """Return the left side of each layer; where a link has words, the gap has room for them."""
    wide: dict[int, float] = {}
    rank = {name: index for index, layer in enumerate(layers) for name in layer}
    for link in lines:
        if link.words:
            left, right = (rank[end] for end in link.ends)
            gap = left + 1 if link.backwards else right
            wide[gap] = max(wide.get(gap, _GAP), measure.width(link.words, WORD) + 24)
    found = [_MARGIN]
    for index in range(1, len(layers)):
        found.append(found[-1] + BOX + wide.get(index, _GAP))
    return found


def _heads(
    pen: Pen,
    layers: Sequence[Sequence[str]],
    written: Mapping[str, Written],
    lefts: Sequence[float],
) -> tuple[str, float]:
    """Return the headings of the columns, and where the boxes begin below them."""
    said = []
    column = -1
    for layer in layers:
        mine = written[layer[0]].box.column
        kinds = {node.kind for name in layer for node in written[name].box.nodes}
        words = (
            capitalised(", ".join(kind(each) for each in COLUMNS[mine] if each in kinds))
            if mine != column
            else ""
        )
        said.append(measure.wrapped(words, BOX, HEAD, bold=True))
        column = mine
    most = max(map(len, said))
    drawn = "".join(
        pen.line(line, left, 14 + (most - len(lines) + index) * _HEAD_LINE, "pic-head", HEAD)
        for left, lines in zip(lefts, said, strict=True)
        for index, line in enumerate(lines)
        if line
    )
    return drawn, 14 + most * _HEAD_LINE


def _edges(
    pen: Pen,
    lines: Sequence[Link],
    layers: Sequence[Sequence[str]],
    layout: Layout,
    lefts: Sequence[float],
    top: float,
) -> str:
    rank = {name: index for index, layer in enumerate(layers) for name in layer}
    paths: dict[str, None] = {}
    arrows: dict[str, None] = {}
    said: dict[str, None] = {}
    for link in lines:
        start, end = link.ends
        first, last = lefts[rank[start]] + BOX, lefts[rank[end]]
        points = [(first, top + layout.middles[start])]
        for place in layout.ways[start, end]:
            assert not isinstance(place, str)
            y = top + layout.middles[place]
            points += [(lefts[place[1]], y), (lefts[place[1]] + BOX, y)]
        points.append((last, top + layout.middles[end]))
        paths[pen.element("path", link.paint, d=curve(points))] = None
        x, y = points[0] if link.backwards else points[-1]
        if link.arrow:
            back = 7 if link.backwards else -7
            arrows[pen.element("path", "pic-arrow", d=f"M{x:.1f} {y:.1f}l{back} -4v8z")] = None
        if link.words:
            anchor = {} if link.backwards else {"text_anchor": "end"}
            x += 12 if link.backwards else -12
            said[pen.line(link.words, x, y - 8, "pic-word", WORD, **anchor)] = None
    return "".join((*paths, *arrows, *said))


def _key(pen: Pen, present: set[str], lines: Sequence[Link]) -> list[Entry]:
    """Return the entries that this picture needs."""
    found = [
        Entry(10, lambda x, y, s=status: standing.symbol(pen, s, x, y), words)  # type: ignore[misc]
        for status, (_, words) in standing.LOOKS.items()
        if status in present
    ]
    for paint, words in (
        ("pic-dash", "not stated by a document, but inferred, assumed or presumed"),
        ("pic-thin", "the document tells of it"),
    ):
        if any(link.paint == paint for link in lines):
            found.append(Entry(26, _stroke(pen, paint), words))
    return found


def _stroke(pen: Pen, paint: str) -> Callable[[float, float], str]:
    return lambda x, y: pen.element("path", paint, d=f"M{x:.1f} {y:.1f}h26")
