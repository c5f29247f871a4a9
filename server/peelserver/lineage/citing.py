r"""How an answer is cited: as a sentence, and as an entry for BibTeX.

>>> tex("50 % of R&D_x {a}")
'50 \\% of R\\&D\\_x \\{a\\}'
"""

from collections.abc import Mapping
from dataclasses import dataclass

from peelgraph import __version__, phrases

_TEX = str.maketrans(
    {each: f"\\{each}" for each in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Citation:
    """An answer in a list of sources: a sentence, and an entry for BibTeX."""

    text: str
    bibtex: str


def citation(
    name: str, question: str, given: Mapping[str, str], digest: str, day: str, permalink: str
) -> Citation:
    """Return how an answer is cited.

    :param name: of the question
    :param question: what it asks
    :param given: its parameters
    :param digest: of the snapshot that answered
    :param day: of which its data are, as YYYY-MM-DD; empty where that is not known
    :param permalink: the address under which the answer stays
    """
    conditions = "; ".join(f"{key}: {value}" for key, value in given.items())
    title = f"{question}{f' ({conditions})' if conditions else ''}"
    data = f"data as of {phrases.day(day)}, " if day else ""
    fields = {
        "author": "{The peelgraph contributors}",
        "title": f"{{{tex(title)}}}",
        "howpublished": tex(f"peelgraph {__version__}, {data}snapshot {digest}"),
        **({"year": day[:4], "month": _MONTHS[int(day[5:7]) - 1]} if day else {}),
        "note": "CC BY 4.0",
        "url": permalink.replace("{", "%7B").replace("}", "%7D"),
    }
    lines = [
        f"  {key} = {value if key == 'month' else '{' + value + '}'}"
        for key, value in fields.items()
    ]
    return Citation(
        f"peelgraph {__version__}, “{title}”, {data}snapshot {digest}, {permalink}",
        ",\n".join([f"@misc{{peelgraph-{name}-{digest[:8]}", *lines]) + "\n}\n",
    )


def tex(text: str) -> str:
    """Return a text with the signs escaped that TeX takes for its own."""
    return text.translate(_TEX)
