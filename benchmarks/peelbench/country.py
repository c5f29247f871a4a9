"""What the corpus is about: forces and who holds them to account, cycles, areas, themes."""

from dataclasses import dataclass
from datetime import date, timedelta

import pyoxigraph as ox

from peelgraph.namespaces import PREFIXES
from peelgraph.resources import SHIPPED

#: when the inspections of each cycle were made; assumed, since a cycle is no date
CYCLES = {
    "peel-2014": (date(2014, 3, 1), date(2014, 11, 30)),
    "peel-2015": (date(2015, 3, 1), date(2016, 1, 31)),
    "peel-2016": (date(2016, 3, 1), date(2017, 1, 31)),
    "peel-2017": (date(2017, 3, 1), date(2018, 5, 31)),
    "peel-2018-19": (date(2018, 7, 1), date(2020, 2, 29)),
    "peel-2021-22": (date(2021, 4, 1), date(2023, 1, 31)),
    "peel-2023-25": (date(2023, 3, 1), date(2025, 12, 31)),
}
FIRST, LAST = date(2014, 1, 1), date(2025, 6, 30)
#: from this day the inspectorate has its present name
RENAMED = date(2017, 7, 19)


@dataclass(frozen=True, slots=True)
class Force:
    """A force, and the body that holds it to account."""

    slug: str
    label: str
    body: str


@dataclass(frozen=True, slots=True)
class Country:
    """The forces of the register, and the concepts of the schemes."""

    forces: tuple[Force, ...]
    themes: tuple[str, ...]
    areas: dict[str, tuple[str, ...]]  #: by programme
    scales: dict[str, str]  #: by programme


def read() -> Country:
    """Return what the shipped register and schemes hold."""
    store = ox.Store()
    for file in (
        *sorted((SHIPPED.ontology / "schemes").glob("*.ttl")),
        SHIPPED.register / "forces.ttl",
        SHIPPED.register / "local-policing-bodies.ttl",
    ):
        store.load(path=file, format=ox.RdfFormat.TURTLE)
    areas: dict[str, list[str]] = {}
    for area, programme in _rows(
        store, "SELECT ?a ?b { ?a peel:gradedIn ?b ; skos:inScheme ?s } ORDER BY ?a"
    ):
        areas.setdefault(programme, []).append(area)
    forces = _rows(
        store,
        "SELECT ?force ?label (MIN(STR(?body)) AS ?one) { ?force a peel:PoliceForce ; "
        'skos:prefLabel ?label . FILTER (LANG(?label) = "en") ?body peel:holdsToAccount ?force } '
        "GROUP BY ?force ?label ORDER BY ?force",
    )
    return Country(
        tuple(Force(*each) for each in forces),
        tuple(slug for (slug,) in _rows(store, _THEMES)),
        {programme: tuple(found) for programme, found in areas.items()},
        {programme: scale for programme, scale in _rows(store, _SCALES)},
    )


def inspectorate(day: date) -> str:
    """Return the inspectorate under the name that it had on a day."""
    return "body:hmic" if day < RENAMED else "body:hmicfrs"


def term(place: int, day: date) -> int:
    """Return which holder of an office, counted from 1, holds it on a day: terms do not overlap.

    :param place: shifts the terms, so that not all forces change at once
    """
    return 1 + (day - date(2013, 1, 1) + timedelta(days=place * 97 % 1200)).days // 1200


_SCALES = "SELECT ?a ?b { ?a peel:usesScale ?b }"
_THEMES = (
    "SELECT ?a { ?a skos:inScheme <https://w3id.org/peelgraph/scheme/theme> . "
    "FILTER NOT EXISTS { ?b skos:broader ?a } } ORDER BY ?a"
)


def _rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    """Return the rows of a query, of IRIs and addresses only their ends."""
    found = store.query(query, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    return [
        tuple(cell.value.rpartition("/")[2] if cell is not None else "" for cell in row)
        for row in found
    ]
