"""GEXF and GraphML keep to what their specifications allow.

The schemas of the two formats come with no package that we use, so the parts that we write are
described in ``schemas/``, from the specifications; a broken file shows that they do speak.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from peelgraph.exports.model import Export, Written

SCHEMAS = Path(__file__).parent / "schemas"
Write = Callable[[Export, str], Written]


def errors(name: str, body: bytes) -> list[str]:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / f"{name}.xsd"))
    schema.validate(etree.fromstring(body))
    return [str(error.message) for error in schema.error_log]


@pytest.mark.parametrize("name", ["gexf", "graphml"])
def test_it_is_valid(part: Export, write: Write, name: str) -> None:
    assert errors(name, write(part, name).body) == []


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("gexf", 'version="1.3"', 'version="1.2"'),
        ("gexf", ' source="', ' from="'),
        ("gexf", 'target="', 'target="x'),
        ("gexf", 'start="2023-09-01"', 'start="[2023-09-01..]"'),
        ("gexf", 'class="edge"', 'class="link"'),
        ("gexf", 'r="213"', 'r="256"'),
        ("graphml", '<data key="n-label"', '<data key="n-lable"'),
        ("graphml", 'edgedefault="directed"', ""),
        ("graphml", 'attr.type="int"', 'attr.type="number"'),
        ("graphml", '<node id="concern:', '<node id="concern/'),
    ],
)
def test_a_broken_file_is_not(
    lineage: Export, write: Write, name: str, before: str, after: str
) -> None:
    body = write(lineage, name).body.decode()
    assert before in body
    assert errors(name, body.replace(before, after).encode())
