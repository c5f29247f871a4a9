"""Findings as JUnit XML, which build servers show: a suite a file, a case a finding."""

from pathlib import Path
from xml.etree import ElementTree

from peelgraph.namespaces import shorten
from peelgraph.reports import Style
from peelgraph.reports.text import printable, where
from peelgraph.validation.finding import SEVERITIES, Examination, Finding


def written(examination: Examination, style: Style) -> str:
    """Return the findings as XML. A file with none has one case, which passes."""
    suites = ElementTree.Element("testsuites", name="peelgraph validate")
    groups: dict[Path | None, list[Finding]] = {path: [] for path in examination.paths}
    for finding in examination.findings:
        groups.setdefault(finding.file, []).append(finding)
    limit = SEVERITIES.index(style.fail_on)
    tests = failures = 0
    for file, found in groups.items():
        name = printable(style.shown(file)) if file else "the graph"
        suite = ElementTree.SubElement(suites, "testsuite", name=name)
        for finding in found:
            _case(suite, finding, name, style, finding.rank <= limit)
        if not found:
            ElementTree.SubElement(suite, "testcase", name="conforms", classname=name)
        failed = sum(each.rank <= limit for each in found)
        cases = max(1, len(found))
        _count(suite, cases, failed)
        tests, failures = tests + cases, failures + failed
    _count(suites, tests, failures)
    ElementTree.indent(suites)
    body = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _count(element: ElementTree.Element, tests: int, failures: int) -> None:
    element.set("tests", str(tests))
    element.set("failures", str(failures))
    element.set("errors", "0")


def _case(
    suite: ElementTree.Element, finding: Finding, file: str, style: Style, failed: bool
) -> None:
    thing = printable(finding.label or shorten(finding.focus))
    case = ElementTree.SubElement(
        suite, "testcase", name=f"{finding.name}: {thing}", classname=file
    )
    message = printable(finding.message)
    lines = [f"{where(each, style)}" for each in finding.places]
    told = "\n".join([f"{finding.severity}: {printable(finding.focus)}", message, *lines])
    if failed:
        said = ElementTree.SubElement(case, "failure", type=finding.severity, message=message)
    else:
        said = ElementTree.SubElement(case, "system-out")
    said.text = told
