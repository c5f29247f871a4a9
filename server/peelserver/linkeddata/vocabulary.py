"""The ontology with its modules and versions, and the shapes, at the paths of their own IRIs.

What is sent of the ontology is what the snapshot says; its files tell only which module a statement
stands in. The shapes are no part of a snapshot: they are sent as they are shipped.
"""

from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256

import pyoxigraph as ox
from flask import Blueprint, Response

from peelgraph import reading
from peelgraph.engine import Engine
from peelgraph.namespaces import BASE, GRAPH, PREFIXES
from peelgraph.questions import UnknownName
from peelgraph.reading import SourceFile
from peelgraph.reference.said import Said
from peelgraph.resources import current
from peelserver.linkeddata import listing, statements
from peelserver.linkeddata.representations import ENDINGS, FORM, Subject, represent, split
from peelserver.pages import reference
from peelserver.state import state

bp = Blueprint("vocabulary", __name__)

ONTOLOGY = BASE + "ontology"
SHAPES = BASE + "shapes"

_GRAPH = GRAPH + "ontology"


@bp.get("/ontology")
@bp.get(f"/ontology.<{FORM}:ending>")
@bp.get("/ontology.<any(html):ending>")
def ontology(ending: str = "") -> Response:
    """Send the whole ontology."""
    return represent(_whole(state().engine(), "/ontology"), ENDINGS.get(ending))


@bp.get("/ontology/<path:name>")
def module(name: str) -> Response:
    """Send one module of the ontology, or the version that the snapshot holds."""
    known, media = split(name)
    engine = state().engine()
    version = _version(engine)
    if known == version:
        return represent(_whole(engine, f"/ontology/{known}"), media)
    iri = f"{ONTOLOGY}/{known}"
    if known not in _modules() or not statements.exists(engine, iri):
        raise UnknownName("part of the ontology", known, [*sorted(_modules()), version])
    found = _module(known)
    return represent(
        Subject(
            iri,
            f"/ontology/{known}",
            engine.digest,
            lambda: found & set(statements.constructed(statements.of_graph(_GRAPH), engine.digest)),
            lambda: _module_page(engine, iri, known),
        ),
        media,
    )


@bp.get("/shapes")
@bp.get(f"/shapes.<{FORM}:ending>")
@bp.get("/shapes.<any(html):ending>")
def shapes(ending: str = "") -> Response:
    """Send all shapes."""
    return represent(
        _of_files("/shapes", tuple(_shapes().values()), reference.shapes_page), ENDINGS.get(ending)
    )


@bp.get("/shapes/<name>")
def shapes_of(name: str) -> Response:
    """Send the shapes of one file."""
    known, media = split(name)
    if known not in _shapes():
        raise UnknownName("file of shapes", known, sorted(_shapes()))
    return represent(
        _of_files(f"/shapes/{known}", (_shapes()[known],), lambda: reference.shapes_page(known)),
        media,
    )


def prepare() -> None:
    """Read the files of the ontology and of the shapes, once for all that part from this one."""
    _in_full()
    _shapes()


def _of_files(path: str, texts: tuple[bytes, ...], page: Callable[[], str]) -> Subject:
    whole = b"\n".join(texts)
    return Subject(
        BASE.rstrip("/") + path,
        path,
        sha256(whole).hexdigest(),
        lambda: _canonical(texts),
        page=page,
        turtle=lambda: whole,
    )


def _whole(engine: Engine, path: str) -> Subject:
    return Subject(
        ONTOLOGY,
        path,
        engine.digest,
        lambda: statements.constructed(statements.of_graph(_GRAPH), engine.digest),
        lambda: reference.terms_page(
            engine.digest,
            "Vocabulary reference",
            "Every class and property of the ontology, with its meaning and its place. Notes, "
            "examples and shapes stand in the part that it belongs to.",
            path,
            elsewhere=_in_full(),
        ),
    )


def _version(engine: Engine) -> str:
    found = engine.query(
        f"SELECT ?version {{ <{ONTOLOGY}> <{PREFIXES['owl']}versionIRI> ?version }}"
    )
    assert isinstance(found, ox.QuerySolutions)
    versions = [row["version"].value for row in found]
    return versions[0].removeprefix(f"{ONTOLOGY}/") if versions else ""


def _module_page(engine: Engine, iri: str, name: str) -> str:
    """Return the page of a module: its terms; of an alignment, which has none, what it says."""
    found = Said(_module(name))
    if not (own := _defined(name)):
        subjects = sorted({str(each.subject) for each in _module(name)} - {f"<{iri}>"})
        which = f"VALUES ?thing {{ {' '.join(subjects)} }} ?thing a ?class"
        return listing.page(engine, iri, which)
    header = ox.NamedNode(iri)
    title, about = (found.text(header, each) for each in ("dcterms:title", "dcterms:description"))
    return reference.terms_page(engine.digest, title, about, f"/ontology/{name}", own)


def _defined(name: str) -> frozenset[str]:
    """Return the IRIs of the terms that a module defines."""
    return frozenset(
        each.subject.value
        for each in _module(name)
        if isinstance(each.subject, ox.NamedNode)
        and each.predicate.value == PREFIXES["skos"] + "definition"
    )


@cache
def _in_full() -> dict[str, str]:
    """Return where each term is told in full, by its IRI."""
    return {
        iri: f"/ontology/{name}#{iri.rpartition('#')[2]}"
        for name in _modules()
        for iri in _defined(name)
    }


@cache
def _modules() -> dict[str, SourceFile]:
    """Return the files of the ontology by what follows its IRI in theirs."""
    found: dict[str, SourceFile] = {}
    for project in current().layers:
        for path in sorted(project.ontology.rglob("*.ttl")):
            name = path.relative_to(project.ontology).with_suffix("").as_posix()
            if name != "peel" and not name.startswith("schemes/"):
                found.setdefault(name, SourceFile(path, _GRAPH))
    return found


@cache
def _module(name: str) -> frozenset[ox.Triple]:
    quads, _ = reading.read_file(_modules()[name])
    return frozenset(quad.triple for quad in quads)


@cache
def _shapes() -> dict[str, bytes]:
    """Return the files of shapes by name."""
    return {
        path.stem: path.read_bytes()
        for project in reversed(current().layers)
        for path in sorted(project.shapes.glob("*.ttl"))
    }


@cache
def _canonical(texts: tuple[bytes, ...]) -> Iterable[ox.Triple]:
    """Return the triples of some files, with names for blank nodes that never change."""
    found = ox.Dataset(
        quad for text in texts for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)
    )
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in found]
