"""The formats: what each is called, what it is for, and which module writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from peelgraph.engine import Engine
from peelgraph.exports.model import Export, Written
from peelgraph.exports.scope import Scope
from peelgraph.questions import UnknownName
from peelgraph.values import BadValue


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    :param media: its media type
    :param ending: how the name of a file ends
    :param label: what it is for
    :param module: which module of this package writes it
    :param function: and which function there
    :param asks: whether that asks the graph for more than the model has
    :param parts: the parts of the graph that it can show
    """

    name: str
    media: str
    ending: str
    label: str
    module: str
    function: str = "write"
    asks: bool = False
    parts: tuple[str, ...] = ("item", "force", "theme", "all")

    @property
    def most(self) -> int | None:
        """How many things it can hold, if it is made as a whole in memory and not in pieces."""
        return _MOST if self.module in _WHOLE else None

    @property
    def binary(self) -> bool:
        """Whether it is no text."""
        return self.ending in ("png", "xlsx", "zip")

    def write(self, export: Export, engine: Engine) -> Written:
        """Return an export in this format.

        :raises BadValue: this format cannot hold it; says what to do
        """
        if self.most is not None and len(export.nodes) > self.most:
            raise BadValue(
                f"{self.name} holds at most {self.most} things, and these are "
                f"{len(export.nodes)}. Choose a force, a theme or some kinds, or take the format "
                "graphml or nquads."
            )
        module = import_module(f"peelgraph.exports.{self.module}")
        write: Callable[..., Written] = getattr(module, self.function)
        return write(export, engine) if self.asks else write(export)


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_DRAWN = ("item", "force")

#: the modules that make a file as a whole, and how many things they take (of three million quads)
_WHOLE = ("jsonld", "xlsx")
_MOST = 50_000

ALL: tuple[Format, ...] = (
    Format("graphml", "application/graphml+xml", "graphml", "GraphML, for yEd, igraph", "graphml"),
    Format("gexf", "application/gexf+xml", "gexf", "GEXF with time, for Gephi", "gexf"),
    Format("cytoscape", "application/json", "cyjs", "JSON, for Cytoscape", "cytoscape"),
    Format("node-link", "application/json", "json", "JSON, for networkx, D3", "nodelink"),
    Format("dot", "text/vnd.graphviz", "dot", "DOT, for Graphviz", "dot"),
    Format("mermaid", "text/plain", "mmd", "Mermaid, for Markdown", "mermaid"),
    Format("csv", "application/zip", "zip", "Pair of CSV files, for Neo4j", "neo4j"),
    Format("svg", "image/svg+xml", "svg", "Picture, SVG", "pictures", "svg", True, _DRAWN),
    Format("png", "image/png", "png", "Picture, PNG", "pictures", "png", True, _DRAWN),
    Format("turtle", "text/turtle", "ttl", "Turtle", "rdf", "turtle", True),
    Format("trig", "application/trig", "trig", "TriG", "rdf", "trig", True),
    Format("nquads", "application/n-quads", "nq", "N-Quads", "rdf", "nquads", True),
    Format("jsonld", "application/ld+json", "jsonld", "JSON-LD, framed", "jsonld", "write", True),
    Format("html", "text/html", "html", "Page of a lineage", "page", "write", True, ("item",)),
    Format("markdown", "text/markdown", "md", "Report, Markdown", "markdown", "write", True),
    Format("xlsx", _SHEET, "xlsx", "Report, spreadsheet", "xlsx", "write", True),
)

NAMES = tuple(each.name for each in ALL)

#: each media type once
MEDIA = tuple(dict.fromkeys(each.media for each in ALL))


def named(name: str) -> Format:
    """Return the format of a name.

    :raises UnknownName: there is none; says which are near
    """
    for each in ALL:
        if each.name == name:
            return each
    raise UnknownName("format of an export", name, list(NAMES))


def file_name(scope: Scope, digest: str, form: Format) -> str:
    """Return the name of the file of an export: letters, digits and hyphens, and an ending.

    It says what is in it, the day of the statuses and the snapshot.
    """
    known = "" if scope.known == "all" else f"-known-{scope.known}"
    depth = "" if scope.depth is None else f"-depth-{scope.depth}"
    stem = f"peelgraph-{scope.name}{depth}-{scope.on}{known}-{digest[:8]}"
    return f"{stem}.{form.ending}"
