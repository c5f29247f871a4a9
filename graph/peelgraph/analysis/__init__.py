"""What the graph's shape can tell: questions about many things at once, answered with networkx.

Each analysis says what its numbers mean and what they cannot mean; what would be noise is left out
and counted. An analysis is a module with ``ABOUT`` and ``rows(material)``.

>>> names()
('threads', 'returns', 'unanswered', 'themes', 'chains', 'documents', 'time-to-close')
"""

from types import ModuleType

from peelgraph.analysis import chains, closing, returns, sources, themes, threads, unanswered
from peelgraph.analysis.material import Material
from peelgraph.analysis.result import About, Analysis, Row, counted
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.questions import UnknownName

_ALL: dict[str, ModuleType] = {
    module.ABOUT.name: module
    for module in (threads, returns, unanswered, themes, chains, sources, closing)
}


def names() -> tuple[str, ...]:
    """Return the names of the analyses."""
    return tuple(_ALL)


def about(name: str) -> About:
    """Return what the analysis *name* asks and means.

    :raises UnknownName: there is none of that name; says which are near
    """
    if name not in _ALL:
        raise UnknownName("analysis", name, list(_ALL))
    found = _ALL[name].ABOUT
    assert isinstance(found, About)
    return found


def analyse(
    engine: Engine,
    name: str,
    *,
    force: str | None = None,
    on: str = "today",
    known: str = "all",
    limit: int | None = None,
) -> Analysis:
    """Make the analysis *name*.

    :param force: only what concerns this force
    :param on: only what had surely happened by this day, and items as they stand on it
    :param known: only what documents tell that were public by this day
    :param limit: how many rows at most
    :raises UnknownName: there is no such analysis or force
    :raises BadValue: a day is none
    """
    said = about(name)
    material = Material(engine, force=force, on=on, known=known)
    made = _ALL[name].rows(material)
    left_out = list(made.left_out)
    if material.later:
        left_out.append(
            f"{counted(material.later, 'thing')} that may have happened after {material.on}."
        )
    shown = made.rows[:limit]
    if len(shown) < len(made.rows):
        left_out.append(f"{counted(len(made.rows) - len(shown), 'row')} beyond the limit.")
    parameters = {"force": material.force, "on": material.on, "known": material.known}
    return Analysis(
        said,
        {key: value for key, value in parameters.items() if value},
        engine.digest,
        material.held,
        _told(material, said, shown),
        tuple(left_out),
    )


def _told(material: Material, said: About, rows: tuple[Row, ...]) -> tuple[dict[str, Value], ...]:
    """Return the cells that are known, with the passages that prove each row."""
    passages = material.evidence(iri for row in rows for iri in row.rests)
    found = []
    for row in rows:
        proof = sorted({each for iri in row.rests for each in passages.get(iri, ())})
        cells = {**row.cells, "evidence": " ".join(proof) or None}
        found.append({key: value for key in said.columns if (value := cells.get(key)) is not None})
    return tuple(found)
