"""The vocabulary and the shapes as pages: what each term means, what each shape demands.

The ontology is the snapshot's own; the shapes are those that are shipped, as at ``/shapes``. The
words are those of ``peelgraph.reference``, which the documentation has too.
"""

from collections.abc import Mapping
from functools import lru_cache

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from peelgraph import __version__
from peelgraph.engine import Engine
from peelgraph.namespaces import BASE, GRAPH, SCHEME
from peelgraph.reference import rules, said, schemes, terms
from peelgraph.reference.rules import Part, Rule
from peelgraph.reference.said import Said
from peelgraph.reference.terms import Term
from peelserver.http.caching import Key, respond
from peelserver.linkeddata import listing, statements
from peelserver.linkeddata.addresses import link
from peelserver.pages import frame
from peelserver.pages.knowledge import Shown
from peelserver.state import state

bp = Blueprint("reference", __name__)
bp.add_app_template_filter(link, "address_of")

_HTML = "text/html"

#: how many things the page of a concept lists
BOUND = 300

_BEARING = """SELECT DISTINCT ?thing ?kind ?label {
  ?thing ?property CONCEPT ; peel:kindToken ?kind ; rdfs:label ?label
  FILTER (?kind NOT IN ("concept", "concept-scheme", "standing", "status-period", "phase-period",
    "duty-standing", "inference", "span", "passage"))
} ORDER BY ?kind ?label ?thing LIMIT BOUND"""

_CRUMBS = (Shown("Start", "/"), Shown("Vocabulary", "/vocabulary"))


@bp.get("/vocabulary")
def vocabulary() -> Response:
    """Give an overview: classes by hierarchy, properties, lists of concepts, shapes."""
    digest = state().digest()

    def made() -> tuple[str, bytes]:
        every = _terms(digest)
        classes = [each for each in every if each.kind == "class"]
        by_iri = {each.iri: each for each in classes}
        view = {
            "crumbs": _CRUMBS[:1],
            "tops": [
                each for each in classes if not any(above.iri in by_iri for above in each.under)
            ],
            "below": {
                each.iri: [by_iri[below.iri] for below in each.above if below.iri in by_iri]
                for each in classes
            },
            "properties": [each for each in every if each.kind == "property"],
            "schemes": schemes.schemes(_ontology(digest)),
            "parts": _parts(),
            "digest": digest,
        }
        return _HTML, render_template("vocabulary.html", **view).encode()

    key = Key(digest, __version__, "/vocabulary", None, _HTML)
    return respond(key, made, cacheable=True, max_age=60)


def prepare() -> None:
    """Put the shapes into words, once for all processes that part from this one."""
    _parts()


def terms_page(
    digest: str,
    title: str,
    description: str,
    path: str,
    only: frozenset[str] = frozenset(),
    elsewhere: Mapping[str, str] | None = None,
) -> str:
    """Return the page of some terms.

    :param path: the address of the same as data, without an ending
    :param only: the IRIs of the terms; all of them, if it is empty
    :param elsewhere: the addresses at which terms are told in full, by their IRIs; here they are
        told in short, since all of them together would make too long a page
    """
    every = [each for each in _terms(digest) if not only or each.iri in only]
    return render_template(
        "terms.html",
        title=title,
        crumbs=_CRUMBS,
        as_data=frame.forms(BASE[:-1] + path),
        description=description,
        elsewhere=elsewhere or {},
        kinds=[
            (heading, [each for each in every if each.kind == kind])
            for heading, kind in (("Classes", "class"), ("Properties", "property"))
        ],
    )


def shapes_page(file: str | None = None) -> str:
    """Return the page of all shapes, or of the shapes of one file in full."""
    parts = [each for each in _parts() if file in (None, each.name)]
    above = () if file is None else (Shown("Shapes", "/shapes"),)
    return render_template(
        "shapes.html",
        crumbs=(*_CRUMBS, *above),
        as_data=frame.forms(f"{BASE}shapes{'' if file is None else f'/{file}'}"),
        parts=parts,
        file=file,
        gravity=rules.GRAVITY,
    )


def scheme_page(digest: str, name: str) -> str:
    """Return the page of a concept scheme with its concepts in full."""
    [scheme] = [each for each in schemes.schemes(_ontology(digest)) if each.iri == SCHEME + name]
    return render_template(
        "scheme.html", crumbs=_CRUMBS, as_data=frame.forms(scheme.iri), scheme=scheme
    )


def concept_page(engine: Engine, name: str, iri: str) -> str:
    """Return the page of a concept: its meaning, its place, and what bears it."""
    [scheme] = [each for each in schemes.schemes(_ontology(engine.digest)) if each.name == name]
    concepts = {each.iri: each for each in scheme.concepts}
    if iri not in concepts:
        return listing.page(engine, iri)
    ontology, node = _ontology(engine.digest), ox.NamedNode(iri)
    found = engine.query(_BEARING.replace("CONCEPT", str(node)).replace("BOUND", str(BOUND)))
    assert isinstance(found, ox.QuerySolutions)
    bearing: dict[str, list[Shown]] = {}
    for row in found:
        shown = Shown(row["label"].value, link(row["thing"].value) or "")
        bearing.setdefault(row["kind"].value.replace("-", " "), []).append(shown)
    broader = [each for each in ontology.iris(node, "skos:broader") if each in concepts]
    below = [each.value for each in ontology.with_value("skos:broader", node)]
    return render_template(
        "concept.html",
        crumbs=(*_CRUMBS, Shown(scheme.title, f"/scheme/{name}")),
        as_data=frame.forms(iri),
        concept=concepts[iri],
        broader=[terms.named(ontology, each) for each in broader],
        narrower=[terms.named(ontology, each) for each in below if each in concepts],
        bearing=bearing,
        bound=BOUND,
        whole=sum(map(len, bearing.values())) < BOUND,
    )


@lru_cache(maxsize=2)
def _ontology(digest: str) -> Said:
    """Return what a snapshot says of the ontology and its schemes."""
    return Said(
        triple
        for graph in ("ontology", "schemes")
        for triple in statements.constructed(statements.of_graph(GRAPH + graph), digest)
    )


@lru_cache(maxsize=2)
def _terms(digest: str) -> tuple[Term, ...]:
    return terms.terms(_ontology(digest), _rules())


def _rules() -> tuple[Rule, ...]:
    return tuple(rule for part in _parts() for rule in part.rules)


@lru_cache(maxsize=1)
def _parts() -> tuple[Part, ...]:
    return rules.parts(said.shapes(), said.ontology())
