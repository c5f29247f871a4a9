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

    It must say its own digest and hold something, and every stored question that needs no
    parameter must be answered; one that takes too long is only told of, since that may be for the
    size of the snapshot, or for the load of the machine.

    :param say: is told of questions that take too long
    """
    said = engine.query(f"SELECT ?digest {{ <{SNAPSHOT}> <{PEEL}digest> ?digest }}")
    assert isinstance(said, ox.QuerySolutions)
    digests = [row["digest"].value for row in said]
    if digests != [engine.digest]:
        return f"It says that it is {digests[0] if digests else 'nothing'}."
    if not engine.query("ASK { GRAPH ?graph { ?thing ?property ?value } }"):
        return "It is empty."
    for name in names():
        if not question(name).required:
            try:
                asking.ask(engine, name, {}, limit=1)
            except TooSlow:
                say(
                    f"The question '{name}' takes too long here, if it is asked without parameters."
                )
            except Exception as error:
                return f"It does not answer the question '{name}': {error}"
    return None
