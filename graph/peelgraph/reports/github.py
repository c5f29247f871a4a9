r"""Findings as workflow commands of GitHub Actions, which become annotations of a pull request.

What a file says cannot end a command and begin another.

>>> escaped("100 %\r\n::error::x")
'100 %25%0D%0A::error::x'
"""

from peelgraph.reports import Style
from peelgraph.reports.text import printable, where
from peelgraph.validation.finding import Examination, Finding

_COMMANDS = {"violation": "error", "warning": "warning", "info": "notice"}


def written(examination: Examination, style: Style) -> str:
    """Return a line a finding."""
    return "".join(f"{_command(each, style)}\n" for each in examination.findings)


def escaped(text: str) -> str:
    """Return the text of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _command(finding: Finding, style: Style) -> str:
    properties: dict[str, str | int | None] = {}
    if finding.places:
        place = finding.places[0]
        properties = {"file": style.shown(place.file), "line": place.line}
        if place.end_line is not None:
            properties["endLine"] = place.end_line
        # columns count only where the statement stands on one line
        if place.line == place.end_line:
            properties |= {"col": place.column, "endColumn": place.end_column}
    properties["title"] = f"{finding.name}: {finding.label or finding.focus}"
    said = ",".join(
        f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None
    )
    lines = [_clean(finding.message)]
    lines += [f"see also {where(each, style)}" for each in finding.places[1:9]]
    return f"::{_COMMANDS[finding.severity]} {said}::{escaped(chr(10).join(lines))}"


def _property(value: str) -> str:
    return escaped(_clean(value)).replace(":", "%3A").replace(",", "%2C")


def _clean(text: str) -> str:
    """Return a text without what would steer a terminal; line ends are left to be escaped."""
    return "".join(each if each in "\r\n" else printable(each) for each in text)
