"""What each class of a picture looks like: the sizes that the layout counts on, and file colours.

``picture.css`` says the same for pages, and more: dark, forced colours, print.
"""

from typing import Literal

Look = Literal["page", "file"]

#: font sizes, in pixels
LABEL, META, HEAD, WORD = 13.0, 11.5, 12.0, 10.5
FONT = "system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"

_INK, _SOFT, _LINE, _PAPER = "#16191d", "#545b64", "#7b838d", "#ffffff"
_OPEN, _CLOSED, _UNSURE, _LINK = "#a3200d", "#0a5c36", "#6b4e00", "#0b57a4"
_SHADE, _RULE, _TINT = "#f3f5f7", "#d8dce1", "#e6f0fa"
#: letters stay readable on lines and hatchings
_HALO = {
    "stroke": _PAPER,
    "stroke-width": "3.5",
    "stroke-linejoin": "round",
    "paint-order": "stroke",
}

#: class -> SVG presentation attributes
PAINT: dict[str, dict[str, str]] = {
    "pic-paper": {"fill": _PAPER},
    "pic-label": {"fill": _INK, "font-size": "13px"},
    "pic-meta": {"fill": _SOFT, "font-size": "11.5px"},
    "pic-head": {"fill": _INK, "font-size": "12px", "font-weight": "700"},
    "pic-word": {"fill": _SOFT, "font-size": "10.5px", "font-style": "italic", **_HALO},
    "pic-status": {"font-size": "11.5px", "font-weight": "700"},
    "pic-box": {"fill": _PAPER, "stroke": _LINK, "stroke-width": "1.5"},
    "pic-back": {"fill": _PAPER, "stroke": _LINK, "stroke-width": "1"},
    "pic-self": {"fill": _PAPER, "stroke": _INK, "stroke-width": "3.5"},
    "pic-plain": {"fill": _LINK},
    "pic-edge": {"fill": "none", "stroke": _LINE, "stroke-width": "1.5"},
    "pic-thin": {"fill": "none", "stroke": _LINE, "stroke-width": "1"},
    "pic-dash": {
        "fill": "none",
        "stroke": _LINE,
        "stroke-width": "1.5",
        "stroke-dasharray": "5 4",
    },
    "pic-arrow": {"fill": _LINE},
    "pic-open": {"fill": _OPEN},
    "pic-closed": {"fill": _CLOSED},
    "pic-unsure": {"fill": _UNSURE},
    "pic-hatch": {"fill": "none", "stroke": _OPEN, "stroke-width": "1.6"},
    "pic-faint": {"stroke-width": "1", "opacity": ".45"},
    "pic-dots": {"fill": _UNSURE},
    "pic-ring": {"fill": "none", "stroke": _OPEN, "stroke-width": "1.8"},
    "pic-broken": {"stroke-dasharray": "3.2 3.1"},
    "pic-tick": {"fill": "none", "stroke": _CLOSED, "stroke-width": "2"},
    "pic-diamond": {"fill": "none", "stroke": _UNSURE, "stroke-width": "1.6"},
    "pic-mark": {"fill": _INK},
    "pic-hollow": {"fill": _PAPER, "stroke": _INK, "stroke-width": "1.5"},
    "pic-name": {"fill": _INK, "font-size": "11.5px", **_HALO},
    "pic-strong": {"font-weight": "700"},
    "pic-lane": {"fill": _SHADE},
    "pic-grid": {"fill": "none", "stroke": _RULE, "stroke-width": "1"},
    "pic-today": {"fill": "none", "stroke": _SOFT, "stroke-width": "1"},
    "pic-post": {
        "fill": "none",
        "stroke": _LINE,
        "stroke-width": "1",
        "stroke-dasharray": "1 4",
    },
    "pic-span": {"fill": "none", "stroke": _INK, "stroke-width": "2"},
    "pic-phase": {"fill": _TINT, "stroke": _LINK, "stroke-width": "1.2"},
    "pic-raised": {"fill": "#fbe3dd", "stroke": _OPEN, "stroke-width": "2"},
    "pic-presumed": {"stroke-dasharray": "5 4"},
    "pic-heavy": {"stroke-width": "2"},
    "pic-open-stop": {"stop-color": _OPEN},
    "pic-open-tint": {"fill": "#fdf3f1"},
    "pic-open-line": {"fill": "none", "stroke": _OPEN, "stroke-width": "1.2"},
    "pic-closed-stop": {"stop-color": _CLOSED},
    "pic-closed-tint": {"fill": "#d5eadf"},
    "pic-closed-line": {"fill": "none", "stroke": _CLOSED, "stroke-width": "1.2"},
    "pic-unsure-stop": {"stop-color": _UNSURE},
    "pic-unsure-tint": {"fill": "#f6ecd2"},
    "pic-unsure-line": {"fill": "none", "stroke": _UNSURE, "stroke-width": "1.2"},
}
