"""Themes that appear together on one finding or item."""

from collections import Counter
from itertools import combinations

from peelgraph.analysis.material import ITEMS, Material
from peelgraph.analysis.result import About, Row, Rows, counted, several
from peelgraph.asking import Value

#: a pair on fewer things, or from fewer inspections, is left out as noise
LEAST, INSPECTIONS = 3, 2

ABOUT = About(
    name="themes",
    asks="Which themes appear together?",
    means=(
        f"So many findings and items bear both themes: at least {LEAST}, from at least "
        f"{INSPECTIONS} inspections. Beside it, how many bear each one. A recommendation counts "
        "with the themes that it is given itself, not with those of its cause of concern."
    ),
    cannot=(
        "Editors give the themes, so that a pair says as much about their habit as about the "
        "force, and one inspection is one observation, however many of its findings bear the pair. "
        "It is no correlation and no cause, and with so few documents no test of either would tell."
    ),
    columns={
        "theme": "One theme.",
        "otherTheme": "The other.",
        "together": "How many findings and items bear both.",
        "ofTheme": "How many bear the one.",
        "ofOther": "How many bear the other.",
        "inspections": "In how many inspections the pair is seen.",
        "things": "The findings and items that bear both.",
        "evidence": "The passages that prove them.",
    },
    shown=("theme", "otherTheme", "together", "ofTheme", "ofOther", "inspections"),
)


def rows(material: Material) -> Rows:
    """Return a row for each pair of themes, the most frequent first."""
    bearing = {
        iri: themes
        for iri, themes in material.themes.items()
        if iri in material.things and material.things[iri].kind in (*ITEMS, "finding")
    }
    each = Counter(theme for themes in bearing.values() for theme in themes)
    pairs: dict[tuple[str, str], list[str]] = {}
    for iri in sorted(bearing):
        for one, other in combinations(bearing[iri], 2):
            pairs.setdefault((one, other), []).append(iri)
    found = []
    for (one, other), things in sorted(pairs.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        visits = {visit for iri in things if (visit := material.inspection(iri)) is not None}
        if len(things) < LEAST or len(visits) < INSPECTIONS:
            continue
        cells: dict[str, Value | None] = {
            "theme": one,
            "otherTheme": other,
            "together": len(things),
            "ofTheme": each[one],
            "ofOther": each[other],
            "inspections": len(visits),
            "things": several(things),
        }
        found.append(Row(cells, rests=tuple(things)))
    rare = len(pairs) - len(found)
    said = (
        f"{counted(rare, 'pair')} on fewer than {LEAST} things or from fewer than {INSPECTIONS} "
        "inspections."
    )
    return Rows(tuple(found), (said,) if rare else ())
