"""What a snapshot must answer before it is served."""

import pyoxigraph as ox

from peelgraph import asking
from peelgraph.engine import Engine
from peelgraph.namespaces import PEEL
from peelgraph.questions import names, question
from peelgraph.snapshot import SNAPSHOT


def trouble(engine: Engine) -> str | None:
    """Return what is wrong with a snapshot, or None.

    It must say its own digest and hold something, and every stored question that needs no
    parameter must be answered.
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
            except Exception as error:
                return f"It does not answer the question '{name}': {error}"
    return None
