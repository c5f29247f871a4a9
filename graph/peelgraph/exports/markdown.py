r"""The report in Markdown (CommonMark, with tables), for a notebook of notes or a repository.

>>> plain("a|b *c* [[d]]\n<e>")
'a\\|b \\*c\\* \\[\\[d\\]\\] \\<e\\>'
"""

import re
from collections.abc import Iterator

from peelgraph.engine import Engine
from peelgraph.exports import report as reporting
from peelgraph.exports.model import Export, Node, Written, in_lines
from peelgraph.exports.report import KINDS, STATUSES, Report, report

#: what is markup anywhere in a line, and what only at its beginning; of the first, some are of
#: dialects (``$``, ``~``, ``==``, ``%%``, ``#tag``); a ``#`` at the end would close a heading
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$#]|=(?==)|%(?=%))")
_FIRST = re.compile(r"^([-+=]|\d+(?=[.)]))")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def write(export: Export, engine: Engine) -> Written:
    """Return the report of an export as Markdown."""
    found = report(export, engine)
    lost = sum(
        len(_CONTROL.findall(" ".join(text.split())))
        for node in found.items
        for text in (node.label, node.quotation or "")
    )
    notes = found.notes
    if lost:
        notes += (f"Markdown: {lost} control characters replaced by U+FFFD.",)
    return Written(in_lines(lambda: _lines(found)), notes)


def plain(text: str) -> str:
    """Return a text in one line, with nothing in it that Markdown would take for markup."""
    line = _CONTROL.sub("\ufffd", " ".join(text.split()))
    line = _SPECIAL.sub(r"\\\1", line)
    return _FIRST.sub(lambda found: _entity(found[0]), line)


def _entity(text: str) -> str:
    """Return a text as entities, the first character of a line that must not begin a list."""
    return "".join(f"&#{ord(each)};" for each in text)


def _lines(found: Report) -> Iterator[str]:
    yield f"# {plain(found.title)}"
    yield ""
    for phase in found.phases:
        yield f"Monitoring phase: {plain(phase)}."
        yield ""
    yield from _table(
        ["", *STATUSES.values()],
        (
            [name, *(str(found.counts.get((kind, status), 0)) for status in STATUSES)]
            for kind, name in KINDS.items()
            if any((kind, status) in found.counts for status in STATUSES)
        ),
    )
    if any(concern.item for concern in found.concerns):
        yield f"## {KINDS['cause-of-concern']}"
        yield ""
    for concern in found.concerns:
        if concern.item:
            yield from _item(concern.item, "###")
        elif concern.recommendations:
            yield "## Other recommendations"
            yield ""
        for node in concern.recommendations:
            yield from _item(node, "####")
    if found.improvements:
        yield f"## {KINDS['area-for-improvement']}"
        yield ""
    for node in found.improvements:
        yield from _item(node, "###")
    yield "## About this report"
    yield ""
    yield plain(reporting.MEANING)
    yield ""
    for note in found.notes:
        yield plain(note)
        yield ""
    yield plain(found.provenance)


def _item(node: Node, heading: str) -> Iterator[str]:
    yield f"{heading} {plain(node.label)}"
    yield ""
    if node.quotation:
        yield f"> {plain(node.quotation)}"
        yield ""
    yield f"- **{plain(reporting.status(node))}**"
    yield f"- raised {plain(reporting.raised(node))}"
    if node.due:
        yield f"- due {plain(node.due)}"
    if node.theme:
        yield f"- themes: {plain(', '.join(node.theme))}"
    if node.source:
        yield f"- {_source(node)}"
    yield f"- `{node.id}`"
    yield ""


def _source(node: Node) -> str:
    titles = plain("; ".join(node.source))
    return f"source: [{titles}](<{_address(node.page)}>)" if node.page else f"source: {titles}"


def _address(address: str) -> str:
    return re.sub(r"[<>\s\\]", lambda found: f"%{ord(found[0]):02X}", address)


def _table(headings: list[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(headings) + " |"
    yield "| --- " + "| ---: " * (len(headings) - 1) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""
