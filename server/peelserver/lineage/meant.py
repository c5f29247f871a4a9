"""What somebody may have meant who gave a thing that does not exist: by the words of its name."""

from collections.abc import Mapping

from peelgraph import values
from peelgraph.engine import Engine
from peelgraph.namespaces import ID
from peelgraph.questions import Question
from peelgraph.search.find import CLOSE, OPEN
from peelserver.lineage import permalinks
from peelserver.lineage.views import Other
from peelserver.pages.search import nearest


def meant(asked: Question, given: Mapping[str, str], engine: Engine) -> list[Other]:
    """Return the same question about things that the wrong ones in *given* may stand for."""
    found: list[Other] = []
    for each in asked.parameters:
        value = given.get(each.name, "")
        if each.type != "thing" or not value:
            continue
        if values.is_thing(value, engine, each.kinds, each.prefer):
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
