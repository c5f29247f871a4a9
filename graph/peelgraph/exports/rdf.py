"""RDF: Turtle as the merge of what is known; TriG and N-Quads with who says what."""

import pyoxigraph as ox

from peelgraph.engine import Engine
from peelgraph.exports.model import Export, Written
from peelgraph.exports.statements import quads, triples
from peelgraph.namespaces import PREFIXES

NOTE = (
    "RDF carries what the graph says; colour, weight and the first and last days of nodes and "
    "links are made for drawing and stay out."
)


def turtle(export: Export, engine: Engine) -> Written:
    """Return what the graph says of the things of an export, each statement once."""
    return _written(export, triples(quads(export, engine)), ox.RdfFormat.TURTLE)


def trig(export: Export, engine: Engine) -> Written:
    """Return what each named graph says of the things of an export."""
    found = sorted(quads(export, engine), key=lambda quad: (str(quad.graph_name), str(quad)))
    return _written(export, found, ox.RdfFormat.TRIG)


def nquads(export: Export, engine: Engine) -> Written:
    """Return the same as TriG has, a statement a line."""
    return _written(export, quads(export, engine), ox.RdfFormat.N_QUADS)


def _written(
    export: Export, statements: list[ox.Triple] | list[ox.Quad], form: ox.RdfFormat
) -> Written:
    text = "\n".join(map(str, statements))
    names = {name: iri for name, iri in PREFIXES.items() if f"<{iri}" in text}
    named = names if form != ox.RdfFormat.N_QUADS else None
    body = ox.serialize(statements, format=form, prefixes=named)
    assert body is not None
    title = " ".join(export.title.split())
    head = f"# {title}\n# {export.provenance}\n".encode()
    return Written(head + body, (NOTE,))
