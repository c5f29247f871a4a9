"""The prefixes of the graph, declared in a query that is to run elsewhere too.

>>> print(declared("SELECT * { ?item a peel:CauseOfConcern } # foaf:"))
PREFIX peel: <https://w3id.org/peelgraph/ontology#>
SELECT * { ?item a peel:CauseOfConcern } # foaf:
"""

from peelgraph.namespaces import PREFIXES
from peelserver.sparql.guard import split
from peelserver.sparql.tokens import decoded, tokens


def declared(query: str) -> str:
    """Return a query with a declaration for each prefix of ours that it uses and lacks."""
    prologue, rest = split(tokens(decoded(query)))
    own = {each.text for each in prologue if each.kind == "name"}
    used = {each.text.partition(":")[0] for each in rest if each.kind == "name"}
    lines = [
        f"PREFIX {prefix}: <{PREFIXES[prefix]}>"
        for prefix in sorted(used)
        if prefix in PREFIXES and f"{prefix}:" not in own
    ]
    return "\n".join([*lines, query])
