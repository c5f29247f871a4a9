"""Paths through a small directed graph that may have cycles: what turns back, what cuts short.

A graph is a mapping from each node to the nodes that follow it. Order decides where a cycle is cut,
so that the same graph is always read in the same way.

>>> turning_back({"a": ["b"], "b": ["c"], "c": ["a"]})
{('c', 'a')}
>>> shortcuts({"a": ["b", "c"], "b": ["c"]})
{('a', 'c')}
"""

from collections.abc import Iterable, Mapping

Links = Mapping[str, Iterable[str]]
Pair = tuple[str, str]


def turning_back(links: Links) -> set[Pair]:
    """Return the links without which the graph has no cycle."""
    return _walk(links)[1]


def shortcuts(links: Links) -> set[Pair]:
    """Return the links beside which a longer path leads from the one end to the other.

    A link that turns back is none, and no path goes through one.
    """
    last_first, back = _walk(links)
    ahead: dict[str, int] = {}
    bit = {node: 1 << index for index, node in enumerate(last_first)}
    found = set()
    for node in last_first:
        next_ = {each for each in links.get(node, ()) if (node, each) not in back}
        beyond = 0
        for each in next_:
            beyond |= ahead[each]
        found |= {(node, each) for each in next_ if bit[each] & beyond}
        ahead[node] = beyond
        for each in next_:
            ahead[node] |= bit[each]
    return found


def _walk(links: Links) -> tuple[list[str], set[Pair]]:
    """Return the nodes, each behind all that follow it, and the links that turn back."""
    entered: dict[str, int] = {}
    done: dict[str, None] = {}
    back: set[Pair] = set()
    followed = {each for ends in links.values() for each in ends}
    starts = [node for node in links if node not in followed]
    for start in (*starts, *links):
        stack = [(start, iter(links.get(start, ())))] if start not in entered else []
        entered.setdefault(start, len(entered))
        while stack:
            node, rest = stack[-1]
            for each in rest:
                if each not in entered:
                    entered[each] = len(entered)
                    stack.append((each, iter(links.get(each, ()))))
                    break
                if each not in done:
                    back.add((node, each))
            else:
                done[node] = None
                stack.pop()
    return list(done), back
