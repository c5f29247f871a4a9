"""Timelines of forces: the model from the questions, and pictures that stay readable."""

from datetime import date, timedelta
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import peelgraph
from peelgraph.drawing import bars, measure
from peelgraph.drawing.calendar import Axis
from peelgraph.drawing.palette import META
from peelgraph.drawing.room import fitted
from peelgraph.drawing.timeline import MOST, svg, text
from peelgraph.questions import UnknownName
from peelgraph.timeline import Bar, Bounds, Inspection, Lane, Stretch, Timeline, timeline
from peelgraph.values import BadValue

SVG = "{http://www.w3.org/2000/svg}"
WMP = "west-midlands"
NAMES = st.one_of(
    st.text(max_size=50),
    st.sampled_from(["", "<b>&\x00", "W" * 500, "word " * 200, "\u202eabc", "國家警察" * 30]),
)
DAYS = st.dates(date(2011, 1, 1), date(2026, 11, 22)).map(date.isoformat)
BOUNDS = st.one_of(
    st.builds(lambda one: Bounds(one, one), DAYS),
    st.builds(lambda one, two: Bounds(min(one, two), max(one, two)), DAYS, DAYS),
    st.builds(lambda one: Bounds(None, one), DAYS),
    st.builds(lambda one: Bounds(one, None), DAYS),
)


def bar(
    number: int,
    label: str = "Thing",
    kind: str = "cause-of-concern",
    status: str = "presumed-open",
    raised: Bounds | None = None,
    closed: Bounds | None = None,
    proved: str | None = None,
    concern: str | None = None,
) -> Bar:
    raised = raised or Bounds("2016-02-18", "2016-02-18")
    iri = f"https://example.org/{number}"
    words = status.replace("-", " ")
    return Bar(
        iri, kind, label, status, words, raised, closed, proved, False, concern, ("vetting",)
    )


def made(
    items: list[Bar],
    *,
    inspections: list[tuple[Bounds | None, str]] | None = None,
    phases: tuple[Stretch, ...] = (),
    on: str = "2026-11-22",
    lanes: int = 3,
) -> Timeline:
    groups = [tuple(items[index::lanes]) for index in range(lanes)]
    return Timeline(
        force="https://example.org/force",
        label="Example Police",
        on=on,
        known="all",
        snapshot="0" * 64,
        phases=phases,
        inspections=tuple(
            Inspection(f"https://example.org/inspection/{index}", label, days, False, "once")
            for index, (days, label) in enumerate(inspections or [])
        ),
        lanes=tuple(
            Lane(f"https://example.org/theme/{index}", f"theme {index}", group)
            for index, group in enumerate(groups)
            if group
        ),
    )


ITEMS = st.lists(
    st.builds(
        bar,
        st.integers(0, 10_000),
        NAMES,
        st.sampled_from(["cause-of-concern", "recommendation", "area-for-improvement"]),
        st.sampled_from(["open", "presumed-open", "closed", "indeterminate"]),
        BOUNDS,
        st.one_of(st.none(), BOUNDS),
        st.one_of(st.none(), DAYS),
    ),
    max_size=25,
    unique_by=lambda each: each.iri,
)
INSPECTIONS = st.lists(st.tuples(st.one_of(st.none(), BOUNDS), NAMES), max_size=12)


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def span(line: ElementTree.Element) -> tuple[float, float, float]:
    """Return left, right and baseline of a line of text."""
    x, y = float(line.get("x", "")), float(line.get("y", ""))
    bold = "pic-strong" in line.get("class", "")
    wide = measure.width(line.text or "", META, bold=bold)
    anchor = line.get("text-anchor", "start")
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return left, left + wide, y


def check(root: ElementTree.Element) -> None:
    """Check what holds of every picture of a timeline."""
    width, height = (float(root.get(name, "")) for name in ("width", "height"))
    names = [each for each in root.iter(f"{SVG}text") if "pic-name" in each.get("class", "")]
    for one, other in combinations(map(span, names), 2):
        if abs(one[2] - other[2]) < 11:
            assert one[1] <= other[0] + 0.2 or other[1] <= one[0] + 0.2, "two labels collide"
    for line in root.iter(f"{SVG}text"):
        left, right, y = span(line)
        assert left > -1 and right < width + 1 and 0 < y < height
    for each in root.iter(f"{SVG}rect"):
        assert float(each.get("width", "0")) >= 0 and float(each.get("height", "0")) >= 0


class TestAnyTimeline:
    @given(ITEMS, INSPECTIONS, DAYS)
    @settings(max_examples=25, deadline=None)
    def test_it_parses_and_no_label_touches_another(
        self, items: list[Bar], inspections: list[tuple[Bounds | None, str]], on: str
    ) -> None:
        drawn = made(items, inspections=inspections, on=on)
        picture = svg(drawn)
        root = parsed(picture)
        check(root)
        assert not root.findall(".//*[@style]")
        assert svg(drawn) == picture
        parsed(svg(drawn, look="file"))
        told = len(drawn.phases) + len(inspections) + len(items) + 1
        assert len(text(drawn)) == told

    @given(ITEMS)
    @settings(max_examples=25, deadline=None)
    def test_a_bar_lies_on_the_axis_and_runs_forwards(self, items: list[Bar]) -> None:
        axis = Axis(date(2014, 1, 1), date(2026, 11, 22), 200, 1200)
        for each in items:
            where = bars.extent(each, axis)
            assert 200 <= where.soft_start <= where.start <= where.end <= where.soft_end <= 1204
            assert where.start <= where.proved <= max(where.end, where.proved) <= 1200
            assert where.arrow is (each.status in ("open", "presumed-open"))

    def test_the_ends_are_soft_where_the_day_is_not_known(self) -> None:
        axis = Axis(date(2014, 1, 1), date(2026, 12, 31), 0, 1300)
        raised = Bounds("2023-09-01", "2023-09-30")
        closing = Bounds("2024-05-01", "2024-09-18")
        where = bars.extent(bar(1, status="closed", raised=raised, closed=closing), axis)
        assert where.soft_start == axis.at("2023-09-01") and where.start == axis.at("2023-09-30")
        assert where.end == axis.at("2024-05-01")
        assert where.soft_end == axis.at(date(2024, 9, 18) + timedelta(days=1))
        day = Bounds("2024-09-17", "2024-09-17")
        where = bars.extent(bar(1, status="closed", raised=raised, closed=day), axis)
        assert where.end == where.soft_end == axis.at("2024-09-18")

    def test_nothing_was_ever_raised(self) -> None:
        root = parsed(svg(made([])))
        check(root)
        said = [each.text for each in root.iter(f"{SVG}text")]
        assert "No document says in which phase the force was." in said

    def test_an_inspection_without_a_day_is_said_not_drawn(self) -> None:
        root = parsed(svg(made([], inspections=[(None, "PEEL 2021/22")])))
        said = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
        assert "Not shown, because no document gives a day, is PEEL 2021/22." in said

    def test_a_change_of_phase_on_an_unknown_day_shows_both(self) -> None:
        phases = (
            Stretch("…/scan", "Scan", None, "2023-12-31", None, "inferred"),
            Stretch("…/engage", "Engage", "2023-01-01", None, None, "stated"),
        )
        root = parsed(svg(made([], phases=phases)))
        check(root)
        said = [each.text for each in root.iter(f"{SVG}text")]
        assert "Scan or Engage (inferred)" in said and "Engage" in said


class TestTooMany:
    def test_recommendations_give_way_first(self) -> None:
        concern = bar(0, "Concern")
        under = [
            bar(index, kind="recommendation", concern=concern.iri) for index in range(1, MOST + 9)
        ]
        fit = fitted(made([concern, *under]), MOST)
        assert [each.iri for lane in fit.lanes for each in lane.bars] == [concern.iri]
        assert fit.labels[concern.iri] == f"Concern ({MOST + 8} recommendations)"
        assert fit.notes == (
            f"For want of room, {MOST + 8} recommendations ({MOST + 8} presumed open) "
            "are shown with their causes of concern, not by themselves.",
        )

    def test_causes_of_concern_that_are_open_give_way_last(self) -> None:
        day = Bounds("2020-01-01", "2020-01-01")
        closed = [bar(index, status="closed", closed=day) for index in range(MOST)]
        still = [bar(MOST + index, status="open") for index in range(MOST)]
        drawn = made([*closed, *still])
        fit = fitted(drawn, MOST)
        assert {each.status for lane in fit.lanes for each in lane.bars} == {"open"}
        assert f"{MOST} causes of concern ({MOST} closed)" in fit.notes[0]
        root = parsed(svg(drawn))
        check(root)
        said = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
        assert "shown in words only" in said
        assert len(text(drawn)) == 2 * MOST + 1


class TestShippedGraph:
    def test_the_items_stand_in_one_lane_each_behind_their_concern(
        self, graph: peelgraph.Graph
    ) -> None:
        found = timeline(graph.engine, WMP, on="2026-11-22")
        rows = graph.ask("status", force=WMP, on="2026-11-22").rows
        items = [each.iri for lane in found.lanes for each in lane.bars]
        assert sorted(items) == sorted(str(row["item"]) for row in rows)
        for lane in found.lanes:
            order = [each.iri for each in lane.bars]
            for each in lane.bars:
                if each.concern in order:
                    assert order.index(str(each.concern)) < order.index(each.iri)

    def test_phases_meet_and_the_last_is_presumed(self, graph: peelgraph.Graph) -> None:
        found = timeline(graph.engine, WMP).phases
        assert [(each.label, each.start, each.end, each.basis) for each in found] == [
            ("Scan", None, "2023-11-24", "inferred"),
            ("Engage", "2023-11-24", "2024-09-18", "stated"),
            ("Scan", "2024-09-18", "2024-09-19", "stated"),
            ("Scan", "2024-09-19", None, "presumed"),
        ]

    def test_an_inspection_stands_at_its_days_or_at_its_report(
        self, graph: peelgraph.Graph
    ) -> None:
        found = timeline(graph.engine, WMP).inspections
        told = {each.iri.rpartition("/")[2]: (each.days, each.by_report) for each in found}
        assert told["wmp-2023-peel"] == (Bounds("2023-09-01", "2023-09-30"), False)
        assert told["wmp-2018-19-peel"] == (Bounds("2019-05-02", "2019-05-02"), True)
        assert told["wmp-2021-22-peel"] == (None, False)

    def test_it_knows_no_more_than_the_documents_of_the_day(self, graph: peelgraph.Graph) -> None:
        found = timeline(graph.engine, WMP, on="2019-06-01", known="2019-06-01")
        names = {each.iri.rpartition("/")[2] for each in found.inspections}
        assert "wmp-2018-19-peel" in names and "wmp-2023-peel" not in names
        assert not found.phases
        assert not [each for lane in found.lanes for each in lane.bars if "2023" in each.iri]

    @pytest.mark.parametrize("on", ["2026-11-22", "2024-06-01", "2016-02-18", "2012-05-05"])
    def test_the_picture_up_to_a_day(self, graph: peelgraph.Graph, on: str) -> None:
        found = timeline(graph.engine, WMP, on=on)
        picture = svg(found, address=lambda iri: "/id/" + iri.partition("/id/")[2])
        check(parsed(picture))
        assert len(picture) < 60_000
        told = text(found)
        assert told[0].startswith("The timeline of West Midlands Police. As it stood on ")
        assert svg(found, look="file").startswith("<?xml")

    def test_the_words_say_what_the_picture_says(self, graph: peelgraph.Graph) -> None:
        told = text(timeline(graph.engine, WMP, on="2026-11-22"))
        assert "Monitoring phase: Engage from 24 November 2023 until 18 September 2024." in told
        assert (
            "Cause of concern: MARACs. Themes: multi-agency working and vulnerability. "
            "Raised some day in September 2023. "
            "Closed some day between 1 May and 18 September 2024."
        ) in told

    def test_a_phase_leads_to_the_decision_that_began_it(self, graph: peelgraph.Graph) -> None:
        found = timeline(graph.engine, WMP, on="2026-11-22")
        links = {link.get("href"): link for link in parsed(svg(found)).iter(f"{SVG}a")}
        began = links[str(found.phases[1].decision)]
        assert [each.text for each in began.iter(f"{SVG}text")] == ["Engage"]

    def test_no_phase_is_told_that_began_after_the_day(self, graph: peelgraph.Graph) -> None:
        found = timeline(graph.engine, WMP, on="2020-01-01")
        assert [each.label for each in found.phases] == ["Scan"]

    def test_names_and_days_that_are_none(self, graph: peelgraph.Graph) -> None:
        with pytest.raises(UnknownName, match="west-midlands"):
            timeline(graph.engine, "west-midland")
        with pytest.raises(BadValue, match="2024-09-18"):
            timeline(graph.engine, WMP, on="yesterday")


def test_the_name_of_an_inspection_begins_with_a_word() -> None:
    day = Bounds("2020-05-01", "2020-05-01")
    picture = svg(made([bar(1)], inspections=[(day, "Example Police, inspection of 2020")]))
    assert ">Inspection of 2020</text>" in picture
