"""Pictures on pages: drawn by the graph's own drawing, with links that keep the moment."""

from dataclasses import dataclass

from markupsafe import Markup

from peelgraph.drawing import lineage as draw_lineage
from peelgraph.drawing import timeline as draw_timeline
from peelgraph.lineage import Lineage
from peelgraph.timeline import Timeline
from peelserver.linkeddata.addresses import path
from peelserver.pages.knowledge import Shown
from peelserver.pages.moment import Moment

#: how many bars a picture on a page has, and how many sentences stand below it
BARS, SAID = 40, 80


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, and what it says as sentences.

    :param more: where the rest of it is said, if not all is here
    """

    svg: Markup
    says: tuple[str, ...]
    more: Shown | None = None


def timeline(found: Timeline, moment: Moment) -> Picture:
    """Return the picture of a timeline."""
    svg = draw_timeline.svg(found, address=lambda iri: _address(moment, iri), most=BARS)
    says = draw_timeline.text(found)
    more = None
    if len(says) > SAID:
        every = moment.keep("/status", force=found.force.rpartition("/")[2])
        more = Shown(f"{len(says) - SAID:,} more, in the table of everything raised", every)
    return Picture(Markup(svg), tuple(says[:SAID]), more)


def lineage(found: Lineage, moment: Moment) -> Picture:
    """Return the picture of a lineage."""
    svg = draw_lineage.svg(found, look="page", address=lambda iri: _address(moment, iri))
    return Picture(Markup(svg), tuple(draw_lineage.text(found)))


def _address(moment: Moment, iri: str) -> str:
    return moment.keep(path(iri) or iri)
