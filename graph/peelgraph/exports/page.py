"""One lineage as one HTML file that needs nothing else: picture, words, and where it says so."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from peelgraph.engine import Engine
from peelgraph.exports import report
from peelgraph.exports.model import LICENCE, Export, Node, Written
from peelgraph.exports.pictures import part
from peelgraph.phrases import day
from peelgraph.values import BadValue
from peelgraph.wording import a_span

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class _Row:
    """One thing in the table; what it does not have is empty."""

    iri: str
    label: str
    kind: str
    when: str
    source: str
    page: str
    quotation: str


def write(export: Export, engine: Engine) -> Written:
    """Return the lineage of an export as a page.

    :raises BadValue: it is not the lineage of one thing; says what to do
    """
    if export.item is None:
        raise BadValue("The page shows the lineage of one thing: choose one (item).")
    from markupsafe import Markup

    from peelgraph.drawing import lineage as picture

    found = part(export, engine, export.item)
    nodes = {node.iri: node for node in export.nodes}
    drawn = re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", picture.svg(found, look="file", address=str))
    body = _template().render(
        title=export.title,
        day=day(export.on),
        known=export.known if export.known == "all" else day(export.known),
        picture=Markup(drawn),
        sentences=picture.text(found),
        rows=[_row(nodes[each.iri]) for each in found.nodes],
        provenance=export.provenance,
        licence=LICENCE,
    )
    return Written(body.encode())


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.from_string(files(__package__).joinpath("page.html").read_text("utf-8"))


def _row(node: Node) -> _Row:
    if node.status is not None:
        when = report.status(node)
    else:
        when = a_span(node.date) if node.date else ""
    return _Row(
        iri=node.iri,
        label=node.label,
        kind=node.kind.replace("-", " "),
        when=when,
        source="; ".join(node.source),
        page=node.page or "",
        quotation=node.quotation or "",
    )
