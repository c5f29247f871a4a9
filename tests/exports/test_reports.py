"""Reports in Markdown and as a spreadsheet, and pictures: read by readers that are not ours."""

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from lxml import etree, html
from markdown_it import MarkdownIt
from PIL import Image

import peelgraph
from peelgraph.exports.model import Export, Written
from peelgraph.exports.pictures import rendered
from peelgraph.values import BadValue

Write = Callable[[Export, str], Written]
STATUSES = ("open", "presumed-open", "closed", "indeterminate")


@pytest.fixture(scope="module")
def force(graph: peelgraph.Graph) -> Export:
    return graph.export(force="west-midlands", on="2024-09-20")


def counted(graph: peelgraph.Graph, kind: str) -> list[int]:
    """Return how many items of a kind have each status, as the question says."""
    rows = graph.ask("status", force="west-midlands", on="2024-09-20", kind=kind).rows
    said = [str(row["status"]).rpartition("/")[2] for row in rows]
    return [said.count(status) for status in STATUSES]


def test_markdown_counts_as_the_question_does(
    graph: peelgraph.Graph, force: Export, write: Write
) -> None:
    reader = MarkdownIt("commonmark").enable("table")
    page = html.fromstring(reader.render(write(force, "markdown").body.decode()))
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//table/tbody/tr")]
    assert rows == [
        [name, *map(str, counted(graph, kind))]
        for name, kind in (
            ("Causes of concern", "cause-of-concern"),
            ("Recommendations", "recommendation"),
            ("Areas for improvement", "area-for-improvement"),
        )
    ]
    assert "West Midlands Police: status on 20 September 2024" in page.xpath("string(//h1)")
    assert "Monitoring phase: Scan since 18 September 2024" in page.text_content()
    labels = {node.label for node in force.nodes if node.status in STATUSES}
    assert labels <= {each.text_content() for each in page.xpath("//h3|//h4")}
    wordings = {node.quotation for node in force.nodes if node.quotation}
    assert wordings == {each.text_content().strip() for each in page.xpath("//blockquote")}
    assert {each.get("href") for each in page.xpath("//a")} <= {node.page for node in force.nodes}
    assert force.snapshot in page.text_content() and "CC BY 4.0" in page.text_content()


def test_the_spreadsheet_says_the_same(graph: peelgraph.Graph, force: Export, write: Write) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write(force, "xlsx").body))
    assert book.sheetnames == ["Summary", "Items", "Links", "About"]
    summary = list(book["Summary"].values)
    assert list(summary[-2])[1:] == counted(graph, "recommendation")
    head, *rows = book["Items"].values
    items = {row[-1]: dict(zip(head, row, strict=True)) for row in rows}
    told = {node.id: node for node in force.nodes if node.status in STATUSES}
    assert items.keys() == told.keys()
    for key, node in told.items():
        said = items[key]
        assert said["Label"] == node.label
        assert said["Wording"] == node.quotation
        first = said["Closed, first day"]
        assert (first and first.date().isoformat()) == node.closed_earliest
    first = items["recommendation:wmp-2023-investigations-1"]
    assert first["Status"] == "Closed" and first["In words"] == "closed 17 September 2024"
    links = [cell.hyperlink.target for row in book["Items"] for cell in row if cell.hyperlink]
    assert links and all(each.startswith("https://") for each in links)
    assert force.snapshot in book["About"]["A1"].value
    assert force.snapshot in book.properties.description
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n", "d"}


def test_the_days_in_the_archives_never_change(force: Export, write: Write) -> None:
    for name in ("xlsx", "csv"):
        archive = zipfile.ZipFile(io.BytesIO(write(force, name).body))
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_is_not_in_a_report_is_said(force: Export, write: Write) -> None:
    (note,) = write(force, "markdown").notes
    others = sum(node.status is None for node in force.nodes)
    assert f"{others} other things" in note


def test_what_was_not_raised_yet_is_not_in_it(graph: peelgraph.Graph, write: Write) -> None:
    early = graph.export(force="west-midlands", on="2020-01-01")
    written = write(early, "markdown")
    assert "Effective investigations" not in written.body.decode()
    assert any("had not been raised by 1 January 2020" in note for note in written.notes)


def test_the_picture_is_an_svg_with_title_and_source(lineage: Export, write: Write) -> None:
    root = etree.fromstring(write(lineage, "svg").body)
    space = {"s": "http://www.w3.org/2000/svg"}
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "Effective investigations" in root.xpath("string(s:title)", namespaces=space)
    assert root.xpath("string(s:desc)", namespaces=space)
    assert not root.xpath("//s:script|//@style|//@class", namespaces=space)
    text = " ".join(root.xpath("//s:text//text()", namespaces=space))
    assert lineage.snapshot in text and "CC BY 4.0" in text
    assert not re.search(r"https?://(?!creativecommons|w3id|www\.)", text)


def test_the_png_is_the_same_picture(lineage: Export, write: Write) -> None:
    written = write(lineage, "png")
    assert written.notes == ()
    picture = Image.open(io.BytesIO(written.body))
    picture.load()
    assert picture.info["Title"] == lineage.title
    assert lineage.snapshot in picture.info["Source"]
    assert "CC BY 4.0" in picture.info["Copyright"]
    svg = etree.fromstring(write(lineage, "svg").body)
    size = tuple(round(2 * float(svg.get(side).removesuffix("px"))) for side in ("width", "height"))
    assert all(abs(a - b) <= 2 for a, b in zip(picture.size, size, strict=True))
    colours = picture.convert("RGB").getcolors(1 << 24)
    assert colours is not None and len(colours) > 20


def test_letters_that_the_font_lacks_are_said() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><title>漢字</title>'
        '<text x="2" y="15">{}</text></svg>'
    )
    body, notes = rendered(svg.format("漢字"))
    assert body.startswith(b"\x89PNG")
    assert "fonts of this machine" in notes[0]
    assert rendered(svg.format("Ångström – “no”"))[1] == ()


def test_a_very_large_picture_is_drawn_smaller() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="24000" height="10"></svg>'
    body, notes = rendered(svg)
    assert Image.open(io.BytesIO(body)).size[0] == 12_000
    assert "0.50 times its size" in notes[0]


def test_the_page_needs_nothing_else(lineage: Export, write: Write) -> None:
    page = html.document_fromstring(write(lineage, "html").body)
    assert page.xpath("string(//h1)") == lineage.title
    assert page.xpath("count(//script)+count(//link[@rel!='license'])+count(//img)") == 0
    assert "url(http" not in page.xpath("string(//style)")
    assert page.xpath("//*[local-name()='svg']")
    links = {each.text_content(): each for each in page.xpath("//tbody/tr/th/a")}
    assert links.keys() == {node.label for node in lineage.nodes}
    quoted = {each.text_content() for each in page.xpath("//blockquote")}
    assert quoted == {node.quotation for node in lineage.nodes if node.quotation}
    assert lineage.snapshot in page.text_content()
    assert "default-src 'none'" in page.xpath("string(//meta[@http-equiv]/@content)")


@pytest.mark.parametrize("name", ["svg", "png", "html"])
def test_a_picture_of_everything_is_refused(
    graph: peelgraph.Graph, write: Write, name: str
) -> None:
    with pytest.raises(BadValue, match="lineage of one thing"):
        write(graph.export(), name)


def test_depth_and_kinds_count_in_pictures_too(graph: peelgraph.Graph, write: Write) -> None:
    part = graph.export(item="wmp-2023-investigations", depth="1", kinds="cause-of-concern")
    text = write(part, "html").body.decode()
    assert "Effective investigations" in text
    assert "Skills and capabilities" not in text
