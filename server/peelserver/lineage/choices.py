"""What a parameter can be: the concepts of its scheme, the things of its kinds.

Looked up once a snapshot, since a snapshot never changes.
"""

from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from peelgraph.engine import Engine
from peelgraph.namespaces import ID, PREFIXES, SCHEME
from peelgraph.questions import Parameter
from peelserver.state import state

#: how many things are suggested at most
SUGGESTED = 150

#: what is suggested where anything may be given
_USUAL = (
    *("area-for-improvement", "body", "cause-of-concern", "document", "force"),
    *("inspection", "recommendation"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be given, and its label."""

    value: str
    label: str


def choices(parameter: Parameter, digest: str) -> tuple[Choice, ...]:
    """Return what can be given for a parameter: everything, or for a thing what is usual.

    Of things one more than is suggested at most, where there are more.

    :param digest: of a snapshot that is kept
    """
    if parameter.type == "token":
        return tuple(Choice(each, each.replace("-", " ")) for each in parameter.choices)
    if parameter.type == "concept":
        return _concepts(parameter.scheme, digest)
    if parameter.type == "thing":
        return _things(parameter.kinds or parameter.prefer or _USUAL, digest)
    return ()


@lru_cache(maxsize=256)
def _concepts(scheme: str, digest: str) -> tuple[Choice, ...]:
    base = f"{SCHEME}{scheme}/"
    return _found(
        state().engine(digest),
        f"SELECT DISTINCT ?thing ?label {{ ?thing <{PREFIXES['skos']}prefLabel> ?label "
        f'FILTER (STRSTARTS(STR(?thing), "{base}") && ?thing != <{base}>) }} ORDER BY ?thing',
        base,
    )


@lru_cache(maxsize=256)
def _things(kinds: tuple[str, ...], digest: str) -> tuple[Choice, ...]:
    tokens = " ".join(f'"{kind}"' for kind in kinds)
    base = f"{ID}{kinds[0]}/" if len(kinds) == 1 else ID
    return _found(
        state().engine(digest),
        f"SELECT ?thing ?label {{ VALUES ?kind {{ {tokens} }} "
        f"?thing <{PREFIXES['peel']}kindToken> ?kind ; <{PREFIXES['rdfs']}label> ?label "
        f'FILTER (STRSTARTS(STR(?thing), "{base}")) }} ORDER BY ?thing LIMIT {SUGGESTED + 1}',
        base,
    )


def _found(engine: Engine, sparql: str, base: str) -> tuple[Choice, ...]:
    rows = engine.query(sparql)
    assert isinstance(rows, ox.QuerySolutions)
    return tuple(Choice(row["thing"].value.removeprefix(base), row["label"].value) for row in rows)
