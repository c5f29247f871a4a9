r"""Text in XML 1.0: escaped, and without the characters that XML has no way to write.

>>> attribute('a "b"\n<c>')
'"a &quot;b&quot;&#10;&lt;c&gt;"'
"""

import re

#: what XML 1.0 cannot hold in any form (https://www.w3.org/TR/xml/#charsets)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_ESCAPES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\n": "&#10;",
        "\r": "&#13;",
        "\t": "&#9;",
    }
)

#: what stands for a character that cannot be written
REPLACEMENT = "\ufffd"


def written(text: str) -> str:
    """Return *text* escaped; white space survives what a parser makes of it."""
    return _FORBIDDEN.sub(REPLACEMENT, text).translate(_ESCAPES)


def attribute(text: str) -> str:
    """Return *text* as the quoted value of an attribute."""
    return f'"{written(text)}"'


def lost(text: str) -> int:
    """Return how many characters of *text* cannot be written."""
    return len(_FORBIDDEN.findall(text))


def notes(name: str, count: int) -> tuple[str, ...]:
    """Return the note that a format lost *count* characters."""
    if not count:
        return ()
    return (
        f"{name} cannot carry control characters: {count} replaced by the replacement "
        "character, U+FFFD.",
    )
