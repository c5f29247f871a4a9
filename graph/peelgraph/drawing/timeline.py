"""The timeline of a force as a picture: lanes by theme, bars from raised to closed."""

from collections.abc import Callable
from typing import Literal

from peelgraph.timeline import Timeline


def svg(
    timeline: Timeline,
    *,
    look: Literal["page", "file"] = "page",
    address: Callable[[str], str] = str,
) -> str:
    """Return the picture as one ``<svg>`` element.

    :param look: ``page``: classes only, coloured by ``picture.css``; ``file``: literal colours,
        with title, description and provenance, and an XML declaration
    :param address: where a bar or a mark leads to, by the IRI of the thing
    """
    raise NotImplementedError


def text(timeline: Timeline) -> list[str]:
    """Return all that the picture says, one plain sentence a thing."""
    raise NotImplementedError
