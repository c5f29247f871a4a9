"""The colours of the kinds, told apart also without red and green (after Okabe and Ito).

Every kind that has no colour here is grey.
"""

KINDS: dict[str, str] = {
    "area-for-improvement": "#e69f00",
    "assessment": "#56b4e9",
    "cause-of-concern": "#d55e00",
    "decision": "#0072b2",
    "document": "#999999",
    "finding": "#f0e442",
    "hearing": "#44617b",
    "inspection": "#4d4d4d",
    "judgement": "#b2a1c7",
    "recommendation": "#cc79a7",
    "response": "#009e73",
    "statement": "#7fc9b0",
    "undertaking": "#00664b",
}

OTHER = "#bbbbbb"


def of(kind: str) -> str:
    """Return the colour of a kind, ``#rrggbb``.

    >>> of("cause-of-concern"), of("span")
    ('#d55e00', '#bbbbbb')
    """
    return KINDS.get(kind, OTHER)


def on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour (WCAG's relative luminance).

    >>> on("#f0e442"), on("#00664b")
    ('#000000', '#ffffff')
    """
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    )
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"
