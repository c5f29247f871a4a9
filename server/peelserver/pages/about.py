"""The page about the site: what it says and does not say, and under which licence."""

from peelgraph import __version__, asking
from peelgraph.engine import Engine
from peelgraph.namespaces import ID
from peelserver.pages import frame
from peelserver.pages.knowledge import Shown
from peelserver.pages.moment import Moment


def page(engine: Engine, moment: Moment) -> str:
    """Return the page."""
    rows = asking.ask(engine, "documents", {"known": moment.known}).rows
    labels = asking.labels(engine, [str(row["document"]) for row in rows])
    held = {str(row["document"]): bool(row["held"]) for row in rows}
    return frame.page(
        "about.html",
        moment,
        title="About this site and its data",
        documents=[
            (Shown(labels[each], moment.keep("/id/" + each.removeprefix(ID))), held[each])
            for each in held
        ],
        digest=engine.digest,
        version=__version__,
    )
