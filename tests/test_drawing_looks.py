"""What pictures look like: every class is coloured, alike on pages and in files, and text fits."""

import random
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import peelserver
from peelgraph.drawing import measure
from peelgraph.drawing.heights import settled
from peelgraph.drawing.palette import PAINT
from peelgraph.paths import shortcuts, turning_back

CSS = (Path(peelserver.__file__).parent / "static" / "picture.css").read_text(encoding="utf-8")


def rules(css: str) -> dict[str, dict[str, str]]:
    """Return the declarations of each class outside any media query."""
    plain = re.sub(
        r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    )
    found: dict[str, dict[str, str]] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", plain):
        pairs = [each.split(":", 1) for each in body.split(";") if each.strip()]
        declared = {key.strip(): value.strip() for key, value in pairs}
        for selector in selectors.split(","):
            found.setdefault(selector.strip(), {}).update(declared)
    return found


@pytest.mark.parametrize("name", PAINT)
def test_a_class_looks_on_a_page_in_the_light_as_in_a_file(name: str) -> None:
    declared = rules(CSS)
    colours = declared[":root"]
    on_page = {
        key: re.sub(r"var\((.*?)\)", lambda match: colours[match[1]], value)
        for key, value in declared[f".{name}"].items()
    }
    assert on_page == PAINT[name]


@pytest.mark.parametrize("scheme", ["prefers-color-scheme: dark", "forced-colors: active", "print"])
def test_every_colour_has_a_value_in_each_scheme(scheme: str) -> None:
    names = {key for key in rules(CSS)[":root"] if key.startswith("--pic-")}
    block = CSS.split(f"@media ({scheme})" if ":" in scheme else f"@media {scheme}")[1]
    given_ = set(re.findall(r"(--pic-[a-z-]+):", block.split("}")[0]))
    assert given_ == names


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_and_lines_stand_out_from_what_they_stand_on(scheme: str) -> None:
    block = {"light": CSS, "dark": CSS.split("dark)")[1], "print": CSS.split("@media print")[1]}
    colours = dict(re.findall(r"--pic-([a-z-]+): (#[0-9a-f]{6})", block[scheme].split("}")[0]))

    def contrast(one: str, other: str) -> float:
        bright, dim = sorted((luminance(colours[one]), luminance(colours[other])), reverse=True)
        return (bright + 0.05) / (dim + 0.05)

    for ground in ("paper", "shade"):
        for text in ("ink", "soft", "open", "closed", "unsure"):
            assert contrast(text, ground) >= 4.5, (text, ground)
    for ground in ("tint", "open-tint", "raised", "closed-tint", "unsure-tint"):
        assert contrast("ink", ground) >= 4.5, ground
    for line in (
        "line",
        "link",
        "open",
        "closed",
        "unsure",
        "focus" if scheme != "print" else "ink",
    ):
        assert contrast(line, "paper") >= 3, line


class TestWrapping:
    @given(st.text(max_size=200), st.integers(20, 300), st.booleans())
    def test_no_line_is_wider_than_the_room(self, text: str, room: int, bold: bool) -> None:
        for line in measure.wrapped(text, room, 13, bold=bold):
            assert measure.width(line, 13, bold=bold) <= room or len(line) <= 2

    @given(st.text(alphabet="abc WI", max_size=200), st.integers(40, 300))
    def test_nothing_is_lost(self, text: str, room: int) -> None:
        lines = measure.wrapped(text, room, 13)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")

    def test_what_is_cut_ends_in_an_ellipsis(self) -> None:
        lines = measure.wrapped("one two three four five six seven eight", 60, 13, most=2)
        assert len(lines) == 2 and lines[-1].endswith("…")
        assert measure.wrapped("one two", 100, 13, most=1) == ("one two",)

    @pytest.mark.parametrize("text", ["Éire", "“naïve” – 5 %", "Łódź"])
    def test_accents_are_as_wide_as_their_letters(self, text: str) -> None:
        assert measure.known(text)

    def test_what_no_document_may_hold_is_replaced(self) -> None:
        assert measure.clean("a\x00b\ud800c\u202ed") == "a\ufffdb\ufffdc\ufffdd"


@given(
    st.lists(
        st.tuples(st.integers(-500, 500), st.integers(1, 5), st.integers(1, 60)),
        min_size=1,
        max_size=8,
    )
)
def test_heights_keep_their_distance_and_no_other_place_is_nearer(
    boxes: list[tuple[int, int, int]],
) -> None:
    wishes, weights, steps = ([float(each) for each in row] for row in zip(*boxes, strict=True))
    found = settled(wishes, weights, steps)

    def cost(places: list[float]) -> float:
        return sum(
            weight * (place - wish) ** 2
            for place, wish, weight in zip(places, wishes, weights, strict=True)
        )

    def apart(places: list[float]) -> bool:
        gaps = (lower - upper for upper, lower in pairwise(places))
        return all(gap >= step - 1e-6 for gap, step in zip(gaps, steps[1:], strict=True))

    assert apart(found)
    chance = random.Random(len(boxes))
    for _ in range(50):
        other = [place + chance.uniform(-9, 9) for place in found]
        if apart(other):
            assert cost(other) >= cost(found) - 1e-6


GRAPHS = st.dictionaries(
    st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefgh"), max_size=5), max_size=8
)


class TestPaths:
    @given(GRAPHS)
    def test_without_what_turns_back_there_is_no_circle(self, links: dict[str, list[str]]) -> None:
        back = turning_back(links)
        kept = {
            start: {end for end in ends if (start, end) not in back}
            for start, ends in links.items()
        }
        assert all(node not in reached(node, kept) for node in "abcdefgh")

    @given(GRAPHS)
    def test_a_shortcut_can_be_left_out(self, links: dict[str, list[str]]) -> None:
        short = shortcuts(links)
        kept = {
            start: {end for end in ends if (start, end) not in short}
            for start, ends in links.items()
        }
        assert all(reached(node, links) == reached(node, kept) for node in "abcdefgh")

    def test_no_link_of_a_circle_is_one(self) -> None:
        assert shortcuts({"a": ["b", "c"], "b": ["c"], "c": ["b"]}) == {("a", "c")}


def reached(start: str, links: dict[str, list[str]] | dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = set(links.get(ahead.pop(), ())) - found
        found |= new
        ahead += new
    return found
