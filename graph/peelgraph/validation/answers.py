"""What a validation of exactly these files said, so that it need not be found again."""

import json
from dataclasses import asdict
from pathlib import Path

from peelgraph.validation import kept
from peelgraph.validation.finding import Examination, Finding, Place

#: the longest answer that is kept, in bytes
_LONGEST = 64 << 20


def read(key: str) -> Examination | None:
    """Return the answer that is kept under *key*."""
    content = kept.read(_path(key))
    if content is None:
        return None
    said = json.loads(content)
    return Examination(
        findings=tuple(
            Finding(
                **{
                    **each,
                    "statements": tuple(each["statements"]),
                    "places": tuple(Place(Path(file), *at) for file, *at in each["places"]),
                }
            )
            for each in said["findings"]
        ),
        paths=tuple(map(Path, said["paths"])),
        triples=said["triples"],
        owners=said["owners"],
    )


def write(key: str, examination: Examination) -> None:
    """Keep an answer under *key*."""
    findings = [
        {
            **asdict(each),
            "places": [
                (str(at.file), at.line, at.column, at.end_line, at.end_column) for at in each.places
            ],
        }
        for each in examination.findings
    ]
    said = {
        "findings": findings,
        "paths": [str(each) for each in examination.paths],
        "triples": examination.triples,
        "owners": examination.owners,
    }
    content = json.dumps(said).encode()
    if len(content) <= _LONGEST:
        kept.write(_path(key), content)


def _path(key: str) -> Path:
    return kept.folder("answers") / f"{key}.json"
