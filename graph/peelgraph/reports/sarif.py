"""Findings as SARIF 2.1.0 (OASIS, 27 March 2020), which code forges and editors read."""

import json
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from peelgraph.reports import Style
from peelgraph.validation.finding import Examination, Finding, Place

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}


def written(examination: Examination, style: Style) -> str:
    """Return a log with one run."""
    worst = {each.shape: each for each in reversed(examination.findings)}
    shapes = sorted(worst)
    driver = {
        "name": "peelgraph",
        "version": version("peelgraph"),
        "informationUri": "https://w3id.org/peelgraph/",
        "rules": [_rule(worst[each]) for each in shapes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            "%SRCROOT%": {"description": {"text": "The folder in which the command was called."}}
        },
        "results": [_result(each, shapes, style) for each in examination.findings],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.name,
        "name": finding.name,
        "shortDescription": {"text": finding.message or finding.name},
        "helpUri": finding.shape,
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }


def _result(finding: Finding, shapes: list[str], style: Style) -> dict[str, Any]:
    about = finding.label or finding.focus
    found: dict[str, Any] = {
        "ruleId": finding.name,
        "ruleIndex": shapes.index(finding.shape),
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{about}: {finding.message}"},
        "locations": [_location(each, style) for each in finding.places[:1]],
        "partialFingerprints": {"finding/v1": _fingerprint(finding)},
        "properties": {
            "focus": finding.focus,
            **{
                name: value
                for name, value in (("path", finding.path), ("value", finding.value))
                if value is not None
            },
        },
    }
    if finding.places[1:]:
        found["relatedLocations"] = [
            {"id": number, "message": {"text": "involved"}, **_location(each, style)}
            for number, each in enumerate(finding.places[1:], 1)
        ]
    return found


def _location(place: Place, style: Style) -> dict[str, Any]:
    from urllib.parse import quote

    shown = style.shown(place.file)
    if shown.startswith("/") or ":" in shown.partition("/")[0]:
        artifact = {"uri": place.file.resolve().as_uri()}
    else:
        artifact = {"uri": quote(shown), "uriBaseId": "%SRCROOT%"}
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if place.line is not None:
        region = {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        }
        physical["region"] = {name: at for name, at in region.items() if at is not None}
    return {"physicalLocation": physical}


def _fingerprint(finding: Finding) -> str:
    """Return what stays the same when lines move."""
    parts = (finding.shape, finding.focus, finding.path or "", finding.value or "")
    return sha256("\n".join(parts).encode()).hexdigest()
