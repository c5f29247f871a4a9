"""What somebody may have meant who gave a thing that does not exist: by the words of its name."""

from collections.abc import Mapping

from peelgraph import values
from peelgraph.engine import Engine
from peelgraph.namespaces import ID
from peelgraph.questions import Question, UnknownName
from peelgraph.search.find import CLOSE, OPEN
from peelgraph.values import BadValue
from peelserver.lineage import permalinks
from peelserver.lineage.views import Other
from peelserver.pages.search import nearest


def meant(asked: Question, given: Mapping[str, str], engine: Engine) -> list[Other]:
    """Return the same question about things that the wrong ones in *given* may stand for."""
    found: list[Other] = []
    for each in asked.parameters:
        value = given.get(each.name, "")
        if each.type != "thing" or not value or _is_there(value, each.kinds, each.prefer, engine):
            continue
        for hit in nearest(value, each.kinds or each.prefer, engine.digest):
            if hit.iri.startswith(ID):
                changed = dict(given) | {each.name: hit.iri.removeprefix(ID)}
                label = hit.title.replace(OPEN, "").replace(CLOSE, "")
                found.append(
                    Other(
                        f"{label} ({hit.kind.replace('-', ' ')})",
                        permalinks.address(asked.name, changed),
                    )
                )
    return found


def _is_there(value: str, kinds: tuple[str, ...], prefer: tuple[str, ...], engine: Engine) -> bool:
    try:
        values.thing(value, engine, kinds, prefer)
    except (BadValue, UnknownName):
        return False
    return True
