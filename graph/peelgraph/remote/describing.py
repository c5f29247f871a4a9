"""``DESCRIBE`` as a ``CONSTRUCT``: what it gives is an engine's to choose, and here it is ours.

A description is every statement of which the thing is the subject, as in the embedded engine.
Others add what links to it, or draw on all that they hold, also beside the snapshot.

>>> print(constructing("PREFIX e: <e:/> DESCRIBE <a:b> e:c"))
PREFIX e: <e:/> CONSTRUCT { ?_s ?_p ?_o } WHERE { { VALUES ?_s { <a:b> e:c } ?_s ?_p ?_o } }
>>> print(constructing("DESCRIBE ?x { ?x a ?c } LIMIT 1").partition("WHERE ")[2])
{ { { SELECT (?x AS ?_s) WHERE { ?x a ?c } LIMIT 1 } ?_s ?_p ?_o } }
"""

import pyoxigraph as ox

from peelgraph.namespaces import PREFIXES
from peelgraph.remote.dialect import TOKEN

#: what ends the list of what is described
_ENDS = ("WHERE", "ORDER", "LIMIT", "OFFSET", "GROUP", "HAVING", "VALUES")


def constructing(query: str) -> str:
    """Return a query with a ``CONSTRUCT`` in place of its ``DESCRIBE``, if that is its form.

    One that names its dataset itself stays as it is.

    :param query: one that parses
    """
    tokens = [match for match in TOKEN.finditer(query) if not match[0].startswith("#")]
    words = [(match["word"] or "").upper() for match in tokens]
    if "DESCRIBE" not in words or "FROM" in words:
        return query
    at = words.index("DESCRIBE")
    if any(match["mark"] == "{" for match in tokens[:at]):
        return query
    end = next(
        (n for n in range(at + 1, len(tokens)) if tokens[n]["mark"] or words[n] in _ENDS),
        len(tokens),
    )
    begins = tokens[end].start() if end < len(tokens) else len(query)
    prologue, rest = query[: tokens[at].start()], query[begins:].strip()
    terms = [match[0] for match in tokens[at + 1 : end]]
    pattern = rest if rest.upper().startswith("WHERE") else f"WHERE {rest}"
    if not terms:  # it says *
        shape = ox.Store().query(f"{prologue}SELECT * {pattern}", prefixes=PREFIXES)
        assert isinstance(shape, ox.QuerySolutions)
        terms = [f"?{variable.value}" for variable in shape.variables]
    named = [term for term in terms if term[0] not in "?$"]
    ways = [f"VALUES ?_s {{ {' '.join(named)} }}"] if named else []
    ways += [f"{{ SELECT ({term} AS ?_s) {pattern} }}" for term in terms if term[0] in "?$"]
    union = " UNION ".join(f"{{ {way} ?_s ?_p ?_o }}" for way in ways)
    return f"{prologue}CONSTRUCT {{ ?_s ?_p ?_o }} WHERE {{ {union} }}"
