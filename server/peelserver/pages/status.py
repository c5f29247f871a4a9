"""What was open, closed, or cannot be told, on a day: one table, and ways to narrow it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peelgraph import asking
from peelgraph.engine import Engine
from peelgraph.namespaces import ID, SCHEME
from peelgraph.questions import UnknownName, parameter
from peelgraph.values import BadValue, check
from peelgraph.wording import capitalised
from peelserver.pages import frame, standing, words
from peelserver.pages.knowledge import Shown
from peelserver.pages.moment import Moment, moment
from peelserver.pages.outlines import Outline, outlines

PATH = "/status"

#: how many rows a page shows at most, and how many bytes they may have, about
SIZE, ROOM = 100, 60_000

#: bytes that a row takes beside the names in it
_ROW = 300

#: what the table can be narrowed by, in the order of the form
BY = ("force", "kind", "theme", "status")
_HEADINGS = {"force": "Force", "kind": "Kind", "theme": "Theme", "status": "Status"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that was filled in wrongly, and what is wrong with it."""

    given: str
    says: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to narrow by.

    :param count: how many rows the table then has
    """

    value: str
    text: str
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the table."""

    thing: Shown
    kind: str
    force: Shown
    raised: str
    tag: standing.Tag
    when: str


def asked(
    engine: Engine, arguments: Mapping[str, str], by: Iterable[str] = BY
) -> tuple[Moment, dict[str, str], dict[str, Wrong]]:
    """Return the moment, the conditions, and what is wrong with either.

    :param by: the names of the conditions
    """
    chosen, wrong = {}, {}
    good = dict(arguments)
    for name in ("on", "known"):
        try:
            moment({name: arguments.get(name, "")})
        except BadValue:
            given = good.pop(name)[:40]
            says = f"Enter the day like this: 2024-09-18. “{given}” is not a day."
            wrong[name] = Wrong(given, says)
    for name in by:
        if value := arguments.get(name):
            try:
                chosen[name] = _slug(check(parameter(name), value, engine))
            except (BadValue, UnknownName):
                given = value[:40]
                says = f"Choose a {name} from the list. “{given}” is not one of them."
                wrong[name] = Wrong(given, says)
    return moment(good), chosen, wrong


def page(
    engine: Engine, then: Moment, chosen: Mapping[str, str], wrong: Mapping[str, Wrong], first: int
) -> str:
    """Return the page.

    :param first: how many rows to leave out at the beginning
    """
    every = outlines(engine, then)
    names = _names(engine, every, chosen)
    fitting = [each for each in every if _fits(each, chosen)]
    items = _items(engine, then, fitting[first : first + SIZE], chosen.get("status", ""))
    end = first + len(items)
    return frame.page(
        "status.html",
        then,
        title="What was open, closed, or cannot be told",
        wrong=wrong,
        facets={name: _choices(every, names[name], name, chosen, then) for name in BY},
        headings=_HEADINGS,
        chosen=chosen,
        total=sum(each.status != "not-yet-raised" for each in every),
        count=len(fitting),
        counts=_counts(fitting),
        items=items,
        first=first,
        before=_page(then, chosen, first - SIZE) if first else "",
        after=_page(then, chosen, end) if len(fitting) > end else "",
        several=len({each.force for each in fitting}) > 1,
        question=then.keep("/questions/status", **chosen),
        narrowed=[
            Shown(
                f"{_HEADINGS[name]}: {names[name][value]}",
                _address(then, {k: v for k, v in chosen.items() if k != name}),
            )
            for name, value in chosen.items()
        ],
    )


def _items(engine: Engine, then: Moment, some: Sequence[Outline], status: str) -> list[Item]:
    """Return the rows of a page: so many as have room on it, but one at least.

    :param status: the one that was asked for, if one was
    """
    stands = standing.of_items(engine, [each.item for each in some], then, status)
    labels = asking.labels(engine, {each.force for each in some})
    room, found = ROOM, list[Item]()
    for each in some:
        row = stands[each.item]
        item = Item(
            thing=Shown(str(row["label"]), then.keep("/id/" + each.item.removeprefix(ID))),
            kind=words.kind(str(row["kind"])),
            force=Shown(labels[each.force], then.keep("/id/" + each.force.removeprefix(ID))),
            raised=standing.raised(row),
            tag=standing.tag(row),
            when=standing.when(row),
        )
        room -= _ROW + sum(
            len(text) for shown in (item.thing, item.force) for text in (shown.text, shown.address)
        )
        if room < 0 and found:
            break
        found.append(item)
    return found


def _names(
    engine: Engine, every: Sequence[Outline], chosen: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Return what can be chosen under each heading, by value: also what is, without an item."""
    forces = list(dict.fromkeys(each.force for each in every))
    if (force := chosen.get("force")) and f"{ID}force/{force}" not in forces:
        forces.append(f"{ID}force/{force}")
    called = asking.labels(engine, forces)
    themes = sorted(
        {theme for each in every for theme in each.keys["theme"]}
        | {theme for theme in [chosen.get("theme")] if theme}
    )
    labels = asking.labels(engine, [f"{SCHEME}theme/{theme}" for theme in themes])
    return {
        "force": {_slug(force): called[force] for force in forces},
        "kind": {token: capitalised(words.kinds(token)) for token in parameter("kind").choices},
        "status": {token: capitalised(word) for token, word in standing.WORDS.items()},
        "theme": {
            theme: capitalised(labels[f"{SCHEME}theme/{theme}"])
            for theme in sorted(themes, key=lambda each: labels[f"{SCHEME}theme/{each}"])
        },
    }


def _choices(
    every: Iterable[Outline],
    names: Mapping[str, str],
    name: str,
    chosen: Mapping[str, str],
    then: Moment,
) -> list[Choice]:
    """Return the values under one heading, each with the rows that it would leave."""
    others = {key: value for key, value in chosen.items() if key != name}
    counts = Counter(key for each in every if _fits(each, others) for key in each.keys[name])
    return [
        Choice(
            value=value,
            text=text,
            count=counts[value],
            chosen=chosen.get(name) == value,
            address=_address(then, others | {name: value}),
        )
        for value, text in names.items()
    ]


def _counts(some: Iterable[Outline]) -> list[tuple[standing.Tag, int]]:
    found = Counter(each.status for each in some)
    return [
        (standing.Tag(token, word), found[token])
        for token, word in standing.WORDS.items()
        if found[token]
    ]


def _fits(each: Outline, chosen: Mapping[str, str]) -> bool:
    if chosen.get("status") != "not-yet-raised" and each.status == "not-yet-raised":
        return False
    return all(value in each.keys[name] for name, value in chosen.items())


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]


def _address(then: Moment, chosen: Mapping[str, str]) -> str:
    return then.keep(PATH, **{name: chosen[name] for name in BY if name in chosen})


def _page(then: Moment, chosen: Mapping[str, str], first: int) -> str:
    more = {"offset": str(max(first, 0))} if first > 0 else {}
    return then.keep(PATH, **dict(chosen), **more)
