"""Findings as one JSON object."""

import json
from typing import Any

from peelgraph.reports import Style
from peelgraph.validation.finding import Examination, Finding, Place


def written(examination: Examination, style: Style) -> str:
    """Return the findings as JSON; what is not known is null."""
    report = {
        "files": examination.files,
        "triples": examination.triples,
        "findings": [_finding(each, style) for each in examination.findings],
    }
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: Finding, style: Style) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "shape": finding.name,
        "focus": finding.focus,
        "label": finding.label,
        "path": finding.path or finding.route,
        "value": finding.value,
        "message": finding.message,
        "file": style.shown(finding.file) if finding.file else None,
        "line": finding.line,
        "column": finding.column,
        "places": [_place(each, style) for each in finding.places],
    }


def _place(place: Place, style: Style) -> dict[str, Any]:
    return {
        "file": style.shown(place.file),
        "line": place.line,
        "column": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
