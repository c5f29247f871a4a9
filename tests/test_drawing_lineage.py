"""Pictures of lineages: well-formed, readable, whole and always the same, whatever they show."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import peelgraph
from peelgraph.drawing import folding, measure
from peelgraph.drawing.lineage import svg, text
from peelgraph.drawing.palette import LABEL, META
from peelgraph.lineage import COLUMNS, Edge, Lineage, Node, column, lineage
from peelgraph.namespaces import PEEL

SVG = "{http://www.w3.org/2000/svg}"
KINDS = [kind for kinds in COLUMNS for kind in kinds] + ["span"]
STATUSES = ("open", "presumed-open", "closed", "indeterminate", "not-yet-raised")
BASES = ("stated", "inferred", "presumed", "assumed", "unconfirmed")
CONCERNS = (
    *("wmp-2015-domestic-abuse", "wmp-2015-missing-children", "wmp-2019-vetting"),
    *("wmp-2023-investigations", "wmp-2023-maracs", "wmp-2023-online-child-abuse"),
    "wmp-2023-registered-sex-offenders",
)

#: texts that break pictures: markup, control characters, long words, other scripts, piled accents
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "",
            "<script>alert('\"&\x00\x0b\ufffe]]>",
            "W" * 4000,
            "word " * 2000,
            "\u202eright to left\u2066",
            "Z\u0310\u0311\u0312\u0313\u0314\u0315\u0316algo " * 30,
            "國家警察監察" * 40,
            "﷽" * 20,
            "👮‍♀️" * 30,
        ]
    ),
)


def made(
    number: int,
    links: list[tuple[int, int, str]],
    labels: list[str],
    kinds: list[str],
    standings: list[str | None],
) -> Lineage:
    """Return a lineage of so many things; what is too short is begun again."""

    def node(index: int) -> Node:
        kind, status = kinds[index % len(kinds)], standings[index % len(standings)]
        label = labels[index % len(labels)]
        return Node(
            iri=f"https://example.org/{index}",
            kind=kind,
            label=label,
            summary=label,
            status=status,
            status_phrase=status and status.replace("-", " "),
            date=None,
            when=label if index % 3 == 0 else None,
            due=None,
            column=column(kind),
            passages=(),
        )

    nodes = sorted((node(index) for index in range(number)), key=lambda each: each.column)
    edges = {
        (f"https://example.org/{start % number}", f"https://example.org/{end % number}"): basis
        for start, end, basis in links
    }
    return Lineage(
        item="https://example.org/0",
        on="2026-11-22",
        known="all",
        snapshot="0" * 64,
        nodes=tuple(nodes),
        edges=tuple(
            Edge(start, end, PEEL + "identifiedIn", basis, False)
            for (start, end), basis in sorted(edges.items())
        ),
    )


LINEAGES = st.builds(
    made,
    st.integers(1, 30),
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from(BASES)), max_size=50
    ),
    st.lists(TEXTS, min_size=1, max_size=4),
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=9),
    st.lists(st.one_of(st.none(), st.sampled_from(STATUSES)), min_size=1, max_size=4),
)

Rectangle = tuple[float, float, float, float]


def parsed(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def links_of(root: ElementTree.Element) -> list[ElementTree.Element]:
    return list(root.iter(f"{SVG}a"))


def rectangle(link: ElementTree.Element) -> Rectangle:
    """Return left, top, right and bottom of the box in a link."""
    (box,) = (each for each in link if each.get("class") in ("pic-box", "pic-self"))
    x, y, wide, high = (float(box.get(name, "")) for name in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def points(path: str) -> list[tuple[float, float]]:
    """Return many points along a path of moves, curves and level lines."""
    found: list[tuple[float, float]] = []
    for letter, numbers in re.findall(r"([MCH])([-0-9. ]+)", path):
        at = [float(each) for each in numbers.split()]
        if letter == "M":
            found.append((at[0], at[1]))
        elif letter == "H":
            x, y = found[-1]
            found += [(x + (at[0] - x) * step / 8, y) for step in range(1, 9)]
        else:
            x, y = found[-1]
            for step in range(1, 17):
                t = step / 16
                weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                found.append(
                    (
                        sum(w * p for w, p in zip(weights, (x, *at[::2]), strict=True)),
                        sum(w * p for w, p in zip(weights, (y, *at[1::2]), strict=True)),
                    )
                )
    return found


def check(root: ElementTree.Element) -> None:
    """Check what holds of every picture of a lineage."""
    boxes = [rectangle(link) for link in links_of(root)]
    width, height = (float(root.get(name, "")) for name in ("width", "height"))
    for (left, top, right, bottom), other in combinations(boxes, 2):
        apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
        assert apart, "two boxes overlap"
    for left, top, right, bottom in boxes:
        assert left >= 0 and right <= width and top >= 0 and bottom <= height
    for link in links_of(root):
        left, top, right, bottom = rectangle(link)
        for line in link.iter(f"{SVG}text"):
            assert left < float(line.get("x", "")) and top < float(line.get("y", "")) <= bottom - 3
            label = line.get("class") == "pic-label"
            wide = measure.width(
                line.text or "", LABEL if label else META, bold="status" in line.get("class", "")
            )
            fits = float(line.get("x", "")) + wide <= right
            assert fits or len(line.text or "") == 1, line.text
    for path in root.iter(f"{SVG}path"):
        if path.get("class") in ("pic-edge", "pic-dash", "pic-thin"):
            for x, y in points(path.get("d", "")):
                for left, top, right, bottom in boxes:
                    inside = left + 1 < x < right - 1 and top + 1 < y < bottom - 1
                    assert not inside, "a line runs through a box"


class TestAnyLineage:
    @given(LINEAGES)
    @settings(max_examples=25, deadline=None)
    def test_it_parses_boxes_are_apart_text_stays_inside_and_lines_pass_between(
        self, drawn: Lineage
    ) -> None:
        picture = svg(drawn)
        root = parsed(picture)
        check(root)
        assert not root.findall(".//*[@style]")
        assert svg(drawn) == picture
        parsed(svg(drawn, look="file"))
        assert len(text(drawn)) == len(drawn.nodes) + 1

    @given(st.integers(100, 300), st.sampled_from(["finding", "recommendation"]))
    @settings(max_examples=5, deadline=None)
    def test_many_things_stand_together_in_few_boxes_and_a_sentence_says_so(
        self, number: int, kind: str
    ) -> None:
        links = [(0, index, "stated") for index in range(1, number)]
        drawn = made(number, links, ["One of many"], [kind], ["open", "closed"])
        root = parsed(svg(drawn))
        check(root)
        assert len(links_of(root)) <= folding.MOST
        said = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
        assert "things stand together" in said
        assert len(text(drawn)) == number + 1

    def test_many_unlike_things_stand_together_by_kind(self) -> None:
        links = [(index, index + 1, "stated") for index in range(199)]
        drawn = made(200, links, ["One of many"], KINDS, [None])
        root = parsed(svg(drawn))
        check(root)
        assert len(links_of(root)) <= folding.MOST
        assert any(each.get("class") == "pic-self" for each in root.iter(f"{SVG}rect"))

    def test_one_thing_alone(self) -> None:
        root = parsed(svg(made(1, [], ["Alone"], ["cause-of-concern"], ["open"])))
        assert len(links_of(root)) == 1
        check(root)

    def test_a_circle_is_drawn_with_arrows_both_ways(self) -> None:
        circle = made(3, [(0, 1, "stated"), (1, 2, "stated"), (2, 0, "stated")], *_PLAIN)
        root = parsed(svg(circle))
        check(root)
        assert len([each for each in root.iter(f"{SVG}path") if each.get("class") == "pic-arrow"])

    def test_what_is_not_stated_is_dashed_and_says_so(self) -> None:
        drawn = made(2, [(0, 1, "inferred")], *_PLAIN)
        root = parsed(svg(drawn))
        classes = {each.get("class") for each in root.iter(f"{SVG}path")}
        assert "pic-dash" in classes and "pic-edge" not in classes
        words = [each.text for each in root.iter(f"{SVG}text") if each.get("class") == "pic-word"]
        assert words == ["inferred"]
        assert any("(inferred)" in sentence for sentence in text(drawn))

    @pytest.mark.parametrize("status", STATUSES)
    def test_a_status_is_told_by_words_and_by_a_shape(self, status: str) -> None:
        root = parsed(svg(made(1, [], ["Thing"], ["recommendation"], [status])))
        said = " ".join(each.text or "" for each in links_of(root)[0].iter(f"{SVG}text")).lower()
        assert status.replace("-", " ") in said
        hatched = [each for each in root.iter(f"{SVG}rect") if "url(" in each.get("fill", "")]
        assert bool(hatched) is (status != "closed")
        assert all(root.findall(f".//*[@id='{each.get('fill', '')[5:-1]}']") for each in hatched), (
            "a hatching that is not defined"
        )


_PLAIN: tuple[list[str], list[str], list[str | None]] = (["Thing"], ["decision"], [None])


class TestShippedGraph:
    @pytest.mark.parametrize("concern", CONCERNS)
    def test_every_cause_of_concern(self, graph: peelgraph.Graph, concern: str) -> None:
        found = lineage(graph.engine, concern)
        picture = svg(found, address=lambda iri: "/id/" + iri.partition("/id/")[2])
        root = parsed(picture)
        check(root)
        assert len(links_of(root)) == len(found.nodes)
        assert {link.get("href", "")[:4] for link in links_of(root)} == {"/id/"}
        assert len(picture) < 60_000

    def test_an_inspection_with_many_findings_is_folded(self, graph: peelgraph.Graph) -> None:
        found = lineage(graph.engine, "inspection/wmp-2015-peel-effectiveness")
        assert len(found.nodes) > 80
        root = parsed(svg(found, words="#words"))
        check(root)
        together = [link for link in links_of(root) if link.get("href") == "#words"]
        assert together
        assert any("findings" in (each.text or "") for link in together for each in link.iter())

    def test_a_file_has_colours_title_description_provenance_and_no_classes(
        self, graph: peelgraph.Graph
    ) -> None:
        found = lineage(graph.engine, "wmp-2023-investigations", on="2024-09-20")
        picture = svg(found, look="file")
        assert picture.startswith("<?xml")
        root = parsed(picture)
        assert not root.findall(".//*[@class]")
        assert root.findtext(f"{SVG}title") == "Lineage of Effective investigations"
        assert "Closed 17 September 2024." in (root.findtext(f"{SVG}desc") or "")
        said = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
        assert graph.digest in said.replace(" ", "") and "CC BY 4.0" in said
        assert "As it stood on 20 September 2024" in said

    def test_columns_go_from_the_document_to_the_decision(self, graph: peelgraph.Graph) -> None:
        root = parsed(svg(lineage(graph.engine, "wmp-2023-investigations")))
        heads = [each for each in root.iter(f"{SVG}text") if each.get("class") == "pic-head"]
        assert [each.text for each in heads] == [
            *("Document", "Inspection", "Cause of concern", "Recommendation"),
            *("Assessment", "Decision"),
        ]
        assert all(float(a.get("x", "")) < float(b.get("x", "")) for a, b in pairwise(heads))

    def test_two_pictures_on_one_page_share_no_id(self, graph: peelgraph.Graph) -> None:
        ids = [
            {each.get("id") for each in parsed(svg(lineage(graph.engine, name))).iter()} - {None}
            for name in ("wmp-2023-investigations", "wmp-2019-vetting")
        ]
        assert ids[0] and not ids[0] & ids[1]
