"""How wide a text is, before any font has been loaded, and where its lines break.

A picture does not know which font will show it. The table holds the advance widths of the wider of
two fonts, DejaVu Sans (as wide as Verdana) and Liberation Sans (as wide as Arial and Helvetica), as
Chromium measures them, rounded up; Segoe UI, Roboto and San Francisco are narrower. What fits here
fits there. A text with letters beyond the table is not :func:`known`, and is set to the width that
was reckoned for it.

>>> wrapped("Effective investigations", 100, 13)
('Effective', 'investigations')
>>> wrapped("a b c d e f g", 20, 13, most=2)
('a', 'b…')
"""

import re
import unicodedata
from functools import lru_cache

#: thousandths of the font size -> the characters that are so wide
_TABLE = {
    275: "'",
    300: "Iijlıł",
    325: " ,.\xa0‘’‚",
    350: "/:;\\|¦·ŀ",
    375: "-fſľ\u2010\u2011",
    400: "()[]tŧ",
    425: "!r¡²³¹",
    475: '"ªº',
    500: "*J`¨°´¸",
    525: "sz“”„",
    550: "c",
    575: "?L_§¯ĳĿŁ–†",
    600: "kvxyĸ•",
    625: "FTaeo«»¿ðøŦ",
    650: "$0123456789bdghnpqu{}¢£¤¥µ¶ßþđŋ€\u2012",
    675: "EKPSYÞ",
    700: "ABVXZħ",
    725: "CR",
    750: "NUĲŊ",
    775: "DHÐĐ",
    800: "&GOQØ",
    825: "wŉ",
    850: "#+<=>^~¬±×÷−≤≥",
    875: "M",
    925: "Ħ",
    950: "%",
    975: "m¼½¾",
    1000: "W©®Ææ—…™←→",
    1025: "@œ",
    1075: "Œ",
}
_WIDTHS = {character: width for width, characters in _TABLE.items() for character in characters}

#: what no XML document may hold, and what reorders the text around it
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
#: accents piled upon one letter
_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u20ff]+")


def clean(text: str) -> str:
    r"""Return *text* in one line, without what would break the picture or run out of its line.

    >>> clean(" a \n b\x00 ")
    'a b�'
    """
    one = " ".join(_FORBIDDEN.sub("\ufffd", text).split())
    return _MARKS.sub(lambda match: match[0][:2], one)


def known(text: str) -> bool:
    """Say whether the table tells how wide every letter of *text* is."""
    return _WIDTHS.keys() >= set(text) or all(_letter(each) is not None for each in text)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the most that *text* is wide at a font *size*, in the unit of the size."""
    try:
        thousandths: float = sum(map(_WIDTHS.__getitem__, text))
    except KeyError:
        widths = ((each, _letter(each)) for each in text)
        thousandths = sum(_guess(each) if wide is None else wide for each, wide in widths)
    if bold:
        thousandths = 1.06 * thousandths + 60 * len(text)
    return thousandths * size / 1000


def wrapped(
    text: str, room: float, size: float, *, bold: bool = False, most: int = 100
) -> tuple[str, ...]:
    """Return *text* in lines no wider than *room*; a word that is wider is broken.

    :param most: how many lines at most; the last one then ends in an ellipsis
    """
    lines: list[str] = []
    line = ""
    for word in clean(text)[: 400 * most].split(" "):
        joined = f"{line} {word}" if line else word
        if width(joined, size, bold=bold) <= room:
            line = joined
            continue
        if line:
            lines.append(line)
        while len(word) > 1 and width(word, size, bold=bold) > room:
            head = fitting(word, room, size, bold=bold)
            lines.append(head)
            word = word[len(head) :]
            if len(lines) > most:
                break
        line = word
        if len(lines) > most:
            break
    if line:
        lines.append(line)
    if len(lines) > most:
        last = fitting(lines[most - 1], room - width("…", size, bold=bold), size, bold=bold)
        if last != lines[most - 1] and " " in last:
            last = last.rpartition(" ")[0]
        lines = [*lines[: most - 1], f"{last}…"]
    return tuple(lines) or ("",)


def fitting(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """Return as much of the beginning of *text* as fits; at least one letter, with its marks."""
    end = 1
    while end < len(text) and (
        width(text[: end + 1], size, bold=bold) <= room or unicodedata.combining(text[end])
    ):
        end += 1
    return text[:end]


@lru_cache(maxsize=4096)
def _letter(character: str) -> int | None:
    if character in _WIDTHS:
        return _WIDTHS[character]
    parts = unicodedata.normalize("NFD", character)
    if len(parts) > 1 and all(unicodedata.combining(mark) for mark in parts[1:]):
        return _WIDTHS.get(parts[0])
    return None


@lru_cache(maxsize=4096)
def _guess(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1050
    return 680 if character < "\u0530" else 1000
