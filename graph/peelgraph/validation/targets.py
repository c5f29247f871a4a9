"""What a shape aims at, as a pattern in SPARQL over the whole graph.

>>> targets(["urn:Upper"], [], Classes([("urn:Lower", "urn:Upper")]))
'VALUES ?targetClass { <urn:Lower> <urn:Upper> } ?this a ?targetClass .'
"""

from collections.abc import Iterable


class Classes:
    """The classes of the data, each with those under it."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Keep *pairs* of a class and the one above it."""
        self._under: dict[str, set[str]] = {}
        for lower, upper in pairs:
            self._under.setdefault(upper, set()).add(lower)

    def under(self, classes: Iterable[str]) -> list[str]:
        """Return *classes* and all that are under them, in order."""
        found, waiting = set(classes), list(classes)
        while waiting:
            new = self._under.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return sorted(found)


def targets(
    classes: Iterable[str],
    subjects_of: Iterable[str],
    known: Classes,
    within: str | None = None,
) -> str:
    """Return the pattern that binds ``?this`` to the focus nodes of a shape.

    :param within: a named graph; only those of which it speaks
    """
    arms = []
    if below := known.under(list(classes)):
        arms.append(f"VALUES ?targetClass {{ {iris(below)} }} ?this a ?targetClass .")
    if properties := list(subjects_of):
        arms.append(
            f"VALUES ?targetProperty {{ {iris(properties)} }} ?this ?targetProperty ?targetValue ."
        )
    found = " UNION ".join(f"{{ {arm} }}" for arm in arms) if len(arms) > 1 else arms[0]
    return f"GRAPH <{within}> {{ ?this a <{within}> }} {found}" if within else found


def iris(names: Iterable[str]) -> str:
    """Return IRIs as SPARQL lists them."""
    return " ".join(f"<{name}>" for name in names)
