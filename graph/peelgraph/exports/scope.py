"""Which part of the graph is exported: one thing's lineage, a force, a theme, or all of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from peelgraph.engine import Engine
from peelgraph.namespaces import ID, KINDS, SCHEME
from peelgraph.questions import UnknownName, parameter
from peelgraph.values import BadValue, check, today

#: the options that choose a part; one of them at most
PARTS = ("item", "force", "theme")

#: every option, in the order in which an address has them
OPTIONS = (*PARTS, "all", "depth", "on", "known", "kinds")


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the graph, its names resolved.

    :param part: ``item``, ``force``, ``theme`` or ``all``
    :param iri: of the item, force or theme; empty for all
    :param depth: how many steps before and after what was chosen; however many, if None
    :param on: the day of which each status is, ``YYYY-MM-DD``
    :param known: the day by which documents had to be public; ``all``, if any
    :param kinds: the kinds of thing to keep; all, if none
    """

    part: str
    iri: str
    depth: int | None
    on: str
    known: str
    kinds: tuple[str, ...]

    @property
    def options(self) -> dict[str, str]:
        """The options that choose the same part, each in its shortest form."""
        found = {self.part: self._short()}
        if self.depth is not None:
            found["depth"] = str(self.depth)
        found |= {"on": self.on, "known": self.known}
        if self.kinds:
            found["kinds"] = ",".join(self.kinds)
        return found

    @property
    def name(self) -> str:
        """What it is called, fit for the name of a file."""
        return self.iri.rpartition("/")[2] or "all"

    def _short(self) -> str:
        if self.part == "item":
            return self.iri.removeprefix(ID)
        return self.name if self.iri else "true"


def resolve(engine: Engine, given: Mapping[str, str]) -> Scope:
    """Return the part that the options *given* choose; all of the graph, if they choose none.

    :param given: values as people write them, by the names in ``OPTIONS``; empty ones do not count
    :raises BadValue: there are several parts, or a value of the wrong type
    :raises UnknownName: one names nothing; says which are near
    """
    given = {name: value for name, value in given.items() if value}
    for name in given:
        if name not in OPTIONS:
            raise UnknownName("option of an export", name, list(OPTIONS))
    parts = [name for name in PARTS if name in given]
    if given.get("all", "true") != "true":
        raise BadValue("'all' takes no value but true.")
    if len(parts) + ("all" in given) > 1:
        raise BadValue("Choose one of item, force, theme and all.")
    part = parts[0] if parts else "all"
    iri = check(parameter(part), given[part], engine) if parts else ""
    return Scope(
        part=part,
        iri=iri,
        depth=_depth(given.get("depth")),
        on=check(parameter("on"), given.get("on", today()), engine),
        known=check(parameter("known"), given.get("known", "all"), engine),
        kinds=_kinds(given.get("kinds", "")),
    )


def theme_token(iri: str) -> str:
    """Return a theme as its token."""
    return iri.removeprefix(f"{SCHEME}theme/")


def _depth(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise BadValue(f"'depth' takes a number of steps, such as 2, not '{text[:80]}'.")
    return int(text)


def _kinds(text: str) -> tuple[str, ...]:
    wanted = [each.strip() for each in text.split(",") if each.strip()]
    for each in wanted:
        if each not in KINDS:
            raise UnknownName("kind of thing", each[:80], list(KINDS))
    return tuple(sorted(set(wanted)))
