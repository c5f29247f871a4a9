"""The boxes of a lineage: text broken to their width, a stripe and a sign for how they stand."""

from collections.abc import Callable
from dataclasses import dataclass

from peelgraph.drawing import measure, standing
from peelgraph.drawing.folding import Box
from peelgraph.drawing.palette import LABEL, META
from peelgraph.drawing.pen import Pen
from peelgraph.drawing.sentences import STATUSES, kind, sentence
from peelgraph.wording import capitalised

#: the widths of a box, of the stripe at its left, and of a status's sign with its distance
BOX, _STRIPE, _SIGN = 150.0, 10.0, 15.0
_PAD, _LABEL_LINE, _META_LINE = 8.0, 16.5, 15.0
_ROOM = BOX - _STRIPE - 2 * _PAD


@dataclass(frozen=True, slots=True)
class Written:
    """A box with its text broken into lines.

    :param standings: each status, its lines, and the lines of the days that belong to it
    """

    box: Box
    label: tuple[str, ...]
    meta: tuple[str, ...]
    standings: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]

    @property
    def height(self) -> float:
        """How high it is, in pixels."""
        small = len(self.meta) + sum(len(head + days) for _, head, days in self.standings)
        return 2 * _PAD + len(self.label) * _LABEL_LINE + small * _META_LINE + 2


def write(box: Box) -> Written:
    """Return a box with its text broken into lines."""
    node = box.nodes[0]
    alone = len(box.nodes) == 1
    label = measure.wrapped(capitalised(box.label), _ROOM, LABEL, most=6)
    small = [each for each in (node.when, node.due) if each] if alone else []
    meta = tuple(
        line for each in small for line in measure.wrapped(capitalised(each), _ROOM, META, most=3)
    )
    return Written(
        box,
        label,
        meta,
        tuple((status, *_status(said)) for status, said in box.standings),
    )


def _status(said: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a status in lines: what it is, and the days that belong to it."""
    head = next((each for each in STATUSES.values() if said.startswith(each)), said)
    days = said.removeprefix(head).strip(" ,:")
    return (
        measure.wrapped(capitalised(head), _ROOM - _SIGN, META, bold=True, most=4),
        measure.wrapped(capitalised(days), _ROOM, META, most=4) if days else (),
    )


def draw(
    pen: Pen,
    written: Written,
    left: float,
    top: float,
    item: str,
    address: Callable[[str], str],
    words: str,
) -> str:
    """Return a box as a link: to the thing, or to the words where it stands for many.

    :param item: the thing that the picture is of, in a thicker frame
    """
    box = written.box
    height = written.height
    frame = "pic-self" if box.iri == item else "pic-box"
    drawn = ""
    if box.iri is None:
        drawn += pen.element(
            "rect", "pic-back", x=left + 4, y=top + 4, width=BOX, height=height, rx=3
        )
    drawn += pen.element("rect", frame, x=left, y=top, width=BOX, height=height, rx=3)
    drawn += _stripe(pen, written, left + 2, top + 2, height - 4)
    x, y = left + _STRIPE + _PAD, top + _PAD
    for line in written.label:
        drawn += pen.line(line, x, y + 12.5, "pic-label", LABEL)
        y += _LABEL_LINE
    y += 2
    for line in written.meta:
        drawn += pen.line(line, x, y + 11, "pic-meta", META)
        y += _META_LINE
    for status, lines, days in written.standings:
        drawn += standing.symbol(pen, status, x, y + 7)
        for line in lines:
            look = f"pic-status {standing.LOOKS[status][0]}"
            drawn += pen.line(line, x + _SIGN, y + 11, look, META)
            y += _META_LINE
        for line in days:
            drawn += pen.line(line, x, y + 11, "pic-meta", META)
            y += _META_LINE
    if box.iri is None:
        return pen.link(words if pen.look == "page" else None, _title(box), drawn)
    return pen.link(address(box.iri), _title(box), drawn)


def _stripe(pen: Pen, written: Written, x: float, y: float, height: float) -> str:
    """Return the stripe at the left of a box: plain, or hatched as its status wants."""
    statuses = [status for status, *_ in written.standings]
    if len(statuses) != 1:
        return pen.element("rect", "pic-plain", x=x, y=y, width=_STRIPE - 4, height=height)
    status = statuses[0]
    hatching = standing.filling(pen, status)
    if hatching is None:
        look = standing.LOOKS[status][0]
        return pen.element("rect", look, x=x, y=y, width=_STRIPE - 2, height=height)
    return pen.element("rect", "", x=x, y=y, width=_STRIPE - 2, height=height, fill=hatching)


def _title(box: Box) -> str:
    if box.iri is None:
        said = ", ".join(phrase for _, phrase in box.standings)
        return sentence(box.label, f"({said})" if said else None)
    node = box.nodes[0]
    parts = [f"{kind(node.kind)}: {node.label}", node.when, node.due, node.status_phrase]
    return " ".join(sentence(part) for part in parts if part)
