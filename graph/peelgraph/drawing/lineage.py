"""A lineage as a picture: columns by kind, from what came first to what came of it."""

from collections.abc import Callable
from typing import Literal

from peelgraph.lineage import Lineage


def svg(
    lineage: Lineage,
    *,
    look: Literal["page", "file"] = "page",
    address: Callable[[str], str] = str,
) -> str:
    """Return the picture as one ``<svg>`` element.

    :param look: ``page``: classes only, coloured by ``picture.css``; ``file``: literal colours,
        with title, description and provenance, and an XML declaration
    :param address: where the box of a thing leads to, by its IRI
    """
    raise NotImplementedError


def text(lineage: Lineage) -> list[str]:
    """Return all that the picture says, one plain sentence a thing, in the order of the columns."""
    raise NotImplementedError
