"""What was open, closed, or cannot be told, on a day: one table, and ways to narrow it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peelgraph import asking
from peelgraph.engine import Ahead, Engine
from peelgraph.namespaces import ID, SCHEME
from peelgraph.questions import UnknownName, parameter
from peelgraph.values import BadValue, check
from peelgraph.wording import capitalised
from peelserver.pages import frame, standing, words
from peelserver.pages.knowledge import Shown
from peelserver.pages.moment import Moment, moment

PATH = "/status"

#: how many rows a page shows
SIZE = 200

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
    keys: Mapping[str, frozenset[str]]


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
            except (BadValue, UnknownName) as error:
                wrong[name] = Wrong(value[:40], str(error.args[0]))
    return moment(good), chosen, wrong


def page(
    engine: Engine, then: Moment, chosen: Mapping[str, str], wrong: Mapping[str, Wrong], first: int
) -> str:
    """Return the page.

    :param first: how many rows to leave out at the beginning
    """
    items = [] if wrong else _items(engine, then)
    names = _names(engine, items, chosen)
    shown = [item for item in items if _fits(item, chosen)]
    return frame.page(
        "status.html",
        then,
        title="What was open, closed, or cannot be told",
        wrong=wrong,
        facets={name: _choices(items, names[name], name, chosen, then) for name in BY},
        headings=_HEADINGS,
        chosen=chosen,
        total=sum(item.tag.token != "not-yet-raised" for item in items),
        count=len(shown),
        counts=_counts(shown),
        items=shown[first : first + SIZE],
        first=first,
        before=_page(then, chosen, first - SIZE) if first else "",
        after=_page(then, chosen, first + SIZE) if len(shown) > first + SIZE else "",
        several=len({item.force.text for item in shown}) > 1,
        question=then.keep("/questions/status", **chosen),
        narrowed=[
            Shown(
                f"{_HEADINGS[name]}: {names[name][value]}",
                _address(then, {k: v for k, v in chosen.items() if k != name}),
            )
            for name, value in chosen.items()
        ],
    )


def _items(engine: Engine, then: Moment) -> list[Item]:
    given = {"on": then.on, "known": then.known}
    asked = [
        *(("status", given | more) for more in ({}, {"status": "not-yet-raised"})),
        *(("themes", {"known": then.known, "kind": kind}) for kind in sorted(standing.ITEMS)),
    ]
    prepared = [asking.prepare(engine, name, about) for name, about in asked]
    if isinstance(engine, Ahead):
        for each in prepared:
            engine.ahead(each.sparql)
    raised, to_come, *on_themes = [asking.answer(engine, each).rows for each in prepared]
    rows = [*raised, *to_come]
    themes: dict[str, set[str]] = {}
    for some in on_themes:
        for row in some:
            themes.setdefault(str(row["thing"]), set()).add(_slug(str(row["theme"])))
    labels = asking.labels(engine, {str(row["force"]) for row in rows})
    return [
        Item(
            thing=Shown(str(row["label"]), then.keep("/id/" + str(row["item"]).removeprefix(ID))),
            kind=words.kind(str(row["kind"])),
            force=Shown(
                labels[str(row["force"])],
                then.keep("/id/" + str(row["force"]).removeprefix(ID)),
            ),
            raised=standing.raised(row),
            tag=standing.tag(row),
            when=standing.when(row),
            keys={
                "force": frozenset((_slug(str(row["force"])),)),
                "kind": frozenset((str(row["kind"]),)),
                "status": frozenset((standing.token(row),)),
                "theme": frozenset(themes.get(str(row["item"]), ())),
            },
        )
        for row in rows
    ]


def _names(
    engine: Engine, items: Sequence[Item], chosen: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Return what can be chosen under each heading, by value: also what is, without an item."""
    forces = {next(iter(item.keys["force"])): item.force.text for item in items}
    if (force := chosen.get("force")) and force not in forces:
        forces |= {force: asking.labels(engine, [f"{ID}force/{force}"])[f"{ID}force/{force}"]}
    themes = sorted(
        {theme for item in items for theme in item.keys["theme"]}
        | {theme for theme in [chosen.get("theme")] if theme}
    )
    labels = asking.labels(engine, [f"{SCHEME}theme/{theme}" for theme in themes])
    return {
        "force": forces,
        "kind": {token: capitalised(words.kinds(token)) for token in parameter("kind").choices},
        "status": {token: capitalised(word) for token, word in standing.WORDS.items()},
        "theme": {
            theme: capitalised(labels[f"{SCHEME}theme/{theme}"])
            for theme in sorted(themes, key=lambda each: labels[f"{SCHEME}theme/{each}"])
        },
    }


def _choices(
    items: Iterable[Item],
    names: Mapping[str, str],
    name: str,
    chosen: Mapping[str, str],
    then: Moment,
) -> list[Choice]:
    """Return the values under one heading, each with the rows that it would leave."""
    others = {key: value for key, value in chosen.items() if key != name}
    counts = Counter(key for item in items if _fits(item, others) for key in item.keys[name])
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


def _counts(items: Iterable[Item]) -> list[tuple[standing.Tag, int]]:
    found = Counter(item.tag for item in items)
    order = list(standing.WORDS)
    return sorted(found.items(), key=lambda each: order.index(each[0].token))


def _fits(item: Item, chosen: Mapping[str, str]) -> bool:
    if chosen.get("status") != "not-yet-raised" and item.tag.token == "not-yet-raised":
        return False
    return all(value in item.keys[name] for name, value in chosen.items())


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]


def _address(then: Moment, chosen: Mapping[str, str]) -> str:
    return then.keep(PATH, **{name: chosen[name] for name in BY if name in chosen})


def _page(then: Moment, chosen: Mapping[str, str], first: int) -> str:
    more = {"offset": str(max(first, 0))} if first > 0 else {}
    return then.keep(PATH, **dict(chosen), **more)
