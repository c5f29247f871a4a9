"""SVG elements as text: escaped, with classes for a page or with colours for a file."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape

from peelgraph.drawing import measure
from peelgraph.drawing.palette import FONT, PAINT, Look

Attribute = str | float

#: widths, in pixels, between which a picture on a page may be made smaller to fit its window
NARROWEST, WIDEST = 1152, 1360


class Pen:
    """Writes the elements of one picture.

    :param look: whether elements bear classes or colours
    :param subject: what the picture is of; tells its patterns from those of another on a page
    """

    def __init__(self, look: Look, subject: str) -> None:
        self.look = look
        self._prefix = "p" + sha256(subject.encode()).hexdigest()[:8]

    def name(self, local: str) -> str:
        """Return an id that no other picture on the page has."""
        return f"{self._prefix}-{local}"

    def element(self, tag: str, classes: str = "", inner: str = "", **given: Attribute) -> str:
        """Return one element; an underscore in the name of an attribute stands for a hyphen."""
        said = ""
        if classes and self.look == "page":
            said = f' class="{classes}"'
        elif classes:
            painted: dict[str, Attribute] = {}
            for each in classes.split():
                painted |= PAINT[each]
            given = painted | given
        for key, value in given.items():
            text = escape(value) if isinstance(value, str) else number(value)
            said += f' {key.replace("_", "-")}="{text}"'
        return f"<{tag}{said}>{inner}</{tag}>" if inner else f"<{tag}{said}/>"

    def line(self, text: str, x: float, y: float, classes: str, size: float, **more: str) -> str:
        """Return one line of text; *y* is its baseline."""
        given: dict[str, Attribute] = {"x": x, "y": y, **more}
        if not measure.known(text):
            given["textLength"] = measure.width(text, size, bold=is_bold(classes))
            given["lengthAdjust"] = "spacingAndGlyphs"
        return self.element("text", classes, escape(text, quote=False), **given)

    def link(self, address: str | None, title: str, inner: str) -> str:
        """Return *inner* with a title, as a link where there is an address."""
        named = f"<title>{escape(measure.clean(title), quote=False)}</title>{inner}"
        if address is None:
            return self.element("g", "", named)
        classes = "pic-link" if self.look == "page" else ""
        return self.element("a", classes, named, href=measure.clean(address))

    def picture(
        self, width: float, height: float, title: str, sentences: Iterable[str], inner: str
    ) -> str:
        """Return the whole picture."""
        size: dict[str, Attribute] = {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {number(width)} {number(height)}",
            "width": width,
            "height": height,
        }
        if self.look == "page":
            more: dict[str, Attribute] = {"role": "group", "aria-label": measure.clean(title)}
            fits = " pic-fit" if NARROWEST < width <= WIDEST else ""
            return self.element("svg", "pic" + fits, inner, **size, **more)
        told = escape("\n".join(map(measure.clean, sentences)), quote=False)
        paper = self.element("rect", "pic-paper", width=width, height=height)
        head = f"<title>{escape(measure.clean(title), quote=False)}</title><desc>{told}</desc>"
        root = self.element("svg", "", head + paper + inner, **size, font_family=FONT)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'


def number(value: Attribute) -> str:
    """Return a number as short as a tenth of a pixel allows; a text as it is.

    >>> number(12.04), number(3.25)
    ('12', '3.2')
    """
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def is_bold(classes: str) -> bool:
    """Say whether a text of these classes is set in bold."""
    return any("font-weight" in PAINT[each] for each in classes.split())


def curve(points: Sequence[tuple[float, float]]) -> str:
    """Return the path through *points*, two by two: across a gap as a curve, through a layer level.

    >>> curve([(0, 10), (20, 30)])
    'M0 10C10 10 10 30 20 30'
    """
    x, y = points[0]
    path = f"M{number(x)} {number(y)}"
    for index, (x2, y2) in enumerate(points[1:]):
        if index % 2:
            path += f"H{number(x2)}"
        else:
            half = number((x + x2) / 2)
            path += f"C{half} {number(y)} {half} {number(y2)} {number(x2)} {number(y2)}"
        x, y = x2, y2
    return path
