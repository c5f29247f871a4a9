r"""Where a file describes a thing: the first line that begins with its name.

Records, and every file that is laid out as they are, begin each block at the left margin.

>>> text = "@prefix force: <https://w3id.org/peelgraph/id/force/> .\nforce:midshire a force:X ."
>>> subject_lines(text)["https://w3id.org/peelgraph/id/force/midshire"]
2
"""

import re

_BASE = re.compile(r"^\s*@?base\s+<([^>]*)>", re.MULTILINE | re.IGNORECASE)
_PREFIX = re.compile(r"^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", re.MULTILINE | re.IGNORECASE)
_SUBJECT = re.compile(
    r"^(?:<(?P<iri>[^>\s]*)>|(?P<prefix>[\w.-]*):(?P<local>[\w.-]*))\s", re.MULTILINE
)


def subject_lines(text: str) -> dict[str, int]:
    """Return the line on which each thing is first described; lines count from 1."""
    base = _BASE.search(text)
    prefixes = dict(_PREFIX.findall(text))
    lines: dict[str, int] = {}
    for match in _SUBJECT.finditer(text):
        if (iri := match["iri"]) is not None:
            if base and (not iri or iri.startswith("#")):
                iri = base.group(1) + iri
        elif match["prefix"] in prefixes:
            iri = prefixes[match["prefix"]] + match["local"]
        else:
            continue
        lines.setdefault(iri, text.count("\n", 0, match.start()) + 1)
    return lines
