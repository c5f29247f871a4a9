"""Names for blank nodes, the same at each build, so that default and named graphs join.

In a record the only blank nodes are the selectors of passages, which are named after the passage.
In the ontology they are expressions such as a union of classes, which are named after what they
say. There are no others.
"""

from collections.abc import Iterable
from hashlib import sha256

import pyoxigraph as ox

from peelgraph.namespaces import BASE, OA

_SELECTOR = ox.NamedNode(OA + "hasSelector")
_EXPRESSION = BASE + "ontology/expression/"

Names = dict[ox.BlankNode, ox.NamedNode]


class UnnamedNode(ValueError):
    """A blank node that has no name: it is neither a selector nor a tree of the ontology."""


def of_selectors(triples: Iterable[ox.Triple]) -> Names:
    """Return ``<document/X#selector=S,E>`` for the selector of each ``<document/X#char=S,E>``."""
    names: Names = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if (
            triple.predicate == _SELECTOR
            and isinstance(value, ox.BlankNode)
            and isinstance(subject, ox.NamedNode)
            and "#char=" in subject.value
            and value not in names
        ):
            names[value] = ox.NamedNode(subject.value.replace("#char=", "#selector="))
    return names


def of_expressions(triples: Iterable[ox.Triple]) -> Names:
    """Return a name for each blank node, made from what is said of it.

    :raises UnnamedNode: blank nodes refer to one another in a circle
    """
    statements: dict[ox.BlankNode, list[ox.Triple]] = {}
    mentioned: set[ox.BlankNode] = set()
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode):
            statements.setdefault(triple.subject, []).append(triple)
        if isinstance(triple.object, ox.BlankNode):
            mentioned.add(triple.object)
    names: Names = {}
    waiting = mentioned | statements.keys()
    while waiting:
        ready = {
            node
            for node in waiting
            if not any(
                isinstance(each.object, ox.BlankNode) and each.object not in names
                for each in statements.get(node, ())
            )
        }
        if not ready:
            raise UnnamedNode("blank nodes refer to one another in a circle")
        for node in ready:
            said = sorted(
                f"{each.predicate} {names.get(each.object, each.object)}"
                if isinstance(each.object, ox.BlankNode)
                else f"{each.predicate} {each.object}"
                for each in statements.get(node, ())
            )
            digest = sha256("\n".join(said).encode()).hexdigest()
            names[node] = ox.NamedNode(_EXPRESSION + digest[:32])
        waiting -= ready
    return names
