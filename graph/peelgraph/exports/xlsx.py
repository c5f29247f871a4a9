"""The report as a spreadsheet: a summary, the items, their links, and where it comes from.

Every text is written as a text, so that no cell is ever run as a formula; one that begins like a
formula bears the mark that keeps it a text when somebody edits it.
"""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from peelgraph.engine import Engine
from peelgraph.exports import report as reporting
from peelgraph.exports.model import LICENCE, Attribute, Export, Node, Written, text
from peelgraph.exports.report import KINDS, STATUSES, Report, report

#: how many characters a cell of a spreadsheet holds
_CELL = 32_767

#: how many characters an address may have that a cell leads to
_ADDRESS = 2079

#: what makes a formula at the beginning of a cell
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

#: the columns of the items: heading, width in characters, and what stands there
_COLUMNS: tuple[tuple[str, int, Callable[[Node], Attribute | None]], ...] = (
    ("Kind", 18, lambda node: node.kind.replace("-", " ")),
    ("Label", 44, lambda node: node.label),
    ("Status", 16, lambda node: STATUSES[node.status or ""]),
    ("In words", 40, reporting.status),
    ("Raised, first day", 12, lambda node: node.opened_earliest),
    ("Raised, last day", 12, lambda node: node.opened_latest),
    ("Closed, first day", 12, lambda node: node.closed_earliest),
    ("Closed, last day", 12, lambda node: node.closed_latest),
    ("Last proved open", 12, lambda node: node.last_known_open),
    ("Due (EDTF)", 14, lambda node: node.due),
    ("Themes", 28, lambda node: node.theme or None),
    ("Forces", 18, lambda node: node.force or None),
    ("Wording", 70, lambda node: node.quotation),
    ("Sources", 50, lambda node: node.source or None),
    ("Page", 30, lambda node: node.page),
    ("ID", 40, lambda node: node.id),
)
_DAYS = range(4, 9)
_PAGE = 14

_LINK_COLUMNS = ("From", "From ID", "Link", "To", "To ID", "Basis", "First day", "Last day")


def write(export: Export, engine: Engine) -> Written:
    """Return the report of an export as a workbook."""
    import xlsxwriter

    found = report(export, engine)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties(
        {
            "title": found.title,
            "author": "peelgraph contributors",
            "comments": found.provenance,
            "created": datetime.fromisoformat(export.on),
        }
    )
    sheets = _Sheets(book)
    sheets.summary(found)
    sheets.items(found.items)
    sheets.links(export, found.items)
    sheets.about(found)
    book.close()
    notes = found.notes
    if sheets.cut:
        notes += (f"A cell holds {_CELL} characters: {sheets.cut} texts are cut there.",)
    return Written(out.getvalue(), notes)


class _Sheets:
    """Writes the sheets of one workbook.

    :param book: a workbook of XlsxWriter
    """

    def __init__(self, book: Any) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
        self._link = book.add_format({"font_color": "#0563c1", "underline": 1, "valign": "top"})
        self.cut = 0

    def summary(self, found: Report) -> None:
        sheet = self._sheet("Summary", [28, *[16] * len(STATUSES)])
        self._write(sheet, 0, 0, found.title, self._title)
        row = 2
        for phase in found.phases:
            self._write(sheet, row, 0, "Monitoring phase", self._bold)
            self._write(sheet, row, 1, phase)
            row += 1
        row += bool(found.phases)
        for column, name in enumerate(STATUSES.values(), 1):
            self._write(sheet, row, column, name, self._bold)
        for kind, name in KINDS.items():
            row += 1
            self._write(sheet, row, 0, name, self._bold)
            for column, status in enumerate(STATUSES, 1):
                sheet.write_number(row, column, found.counts.get((kind, status), 0))

    def items(self, items: Sequence[Node]) -> None:
        sheet = self._sheet("Items", [width for _, width, _ in _COLUMNS])
        self._head(sheet, [heading for heading, _, _ in _COLUMNS], len(items))
        for row, node in enumerate(items, 1):
            for column, (_, _, value) in enumerate(_COLUMNS):
                found = value(node)
                if found is None:
                    continue
                if column in _DAYS:
                    day = datetime.fromisoformat(str(found))
                    sheet.write_datetime(row, column, day, self._day)
                elif column == _PAGE and _leads_somewhere(str(found)):
                    sheet.write_url(row, column, str(found), self._link, "the passage")
                else:
                    self._write(sheet, row, column, text(found))

    def links(self, export: Export, items: Sequence[Node]) -> None:
        inside = {node.id: node for node in items}
        labels = {node.id: node.label for node in export.nodes}
        sheet = self._sheet("Links", [44, 40, 16, 44, 40, 12, 12, 12])
        edges = [edge for edge in export.edges if edge.source in inside or edge.target in inside]
        self._head(sheet, _LINK_COLUMNS, len(edges))
        for row, edge in enumerate(edges, 1):
            said = (
                *(labels[edge.source], edge.source, edge.label),
                *(labels[edge.target], edge.target, edge.basis),
            )
            for column, value in enumerate(said):
                self._write(sheet, row, column, value)
            for column, day in enumerate((edge.start, edge.end), len(said)):
                if day is not None:
                    sheet.write_datetime(row, column, datetime.fromisoformat(day), self._day)

    def about(self, found: Report) -> None:
        sheet = self._sheet("About", [110])
        said = (found.provenance, f"Licence: {LICENCE}", reporting.MEANING, *found.notes)
        for row, value in enumerate(said):
            self._write(sheet, row, 0, value)

    def _sheet(self, name: str, widths: Sequence[int]) -> Any:
        sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _head(self, sheet: Any, headings: Sequence[str], rows: int) -> None:
        for column, heading in enumerate(headings):
            self._write(sheet, 0, column, heading, self._bold)
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, rows, len(headings) - 1)

    def _write(self, sheet: Any, row: int, column: int, value: str, form: Any = None) -> None:
        self.cut += len(value) > _CELL
        usual = self._quoted if value.startswith(_FORMULA) else self._text
        sheet.write_string(row, column, value[:_CELL], form or usual)


def _leads_somewhere(address: str) -> bool:
    return address.startswith(("https://", "http://")) and len(address) <= _ADDRESS
