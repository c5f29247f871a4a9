"""What a snapshot must answer before it is served."""

from collections.abc import Callable

import pyoxigraph as ox

from peelgraph import asking
from peelgraph.engine import Engine
from peelgraph.namespaces import PEEL
from peelgraph.questions import names, question
from peelgraph.snapshot import SNAPSHOT
from peelserver.answering.jobs import TooSlow


def trouble(engine: Engine, say: Callable[[str], None]) -> str | None:
    """Return what is wrong with a snapshot, or None.

    It must say its own digest and hold something, and every stored question that needs no more
    than a force must be answered, of one force where it can be. One that takes too long is only
    told of, since that may be for the size of the snapshot, or for the load of the machine.

    :param say: is told of questions that take too long
    """
    said = engine.query(f"SELECT ?digest {{ <{SNAPSHOT}> <{PEEL}digest> ?digest }}")
    assert isinstance(said, ox.QuerySolutions)
    digests = [row["digest"].value for row in said]
    if digests != [engine.digest]:
        return f"It says that it is {digests[0] if digests else 'nothing'}."
    if not engine.query("ASK { GRAPH ?graph { ?thing ?property ?value } }"):
        return "It is empty."
    force = _force(engine)
    for name in names():
        asked = question(name)
        about = force if any(each.name == "force" for each in asked.parameters) else {}
        if set(asked.required) <= set(about):
            try:
                asking.ask(engine, name, about, limit=1)
            except TooSlow:
                say(f"The question '{name}' takes too long here.")
            except Exception as error:
                return f"It does not answer the question '{name}': {error}"
    return None


def _force(engine: Engine) -> dict[str, str]:
    """Return the parameter that narrows a question to a force, if there is one."""
    found = engine.query(
        "SELECT ?force { ?force a peel:PoliceForce ; peel:kindToken 'force' } "
        "ORDER BY ?force LIMIT 1"
    )
    assert isinstance(found, ox.QuerySolutions)
    forces = [row["force"].value for row in found]
    return {"force": forces[0]} if forces else {}
