"""Terms that no vocabulary has, each with the nearest one that does exist.

A misspelt property is silent: nothing reads it. So every property, class and datatype of a
namespace whose terms are known is looked up, and every concept of the project's schemes.
"""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, FOAF, ORG, OWL, PROV, RDFS, SKOS, XSD, DefinedNamespace
from rdflib.namespace import RDF as RDF_TERMS

from peelgraph.namespaces import ID, KINDS, PEEL, PEELSH, RDF, SCHEME, shorten
from peelgraph.validation.corpus import Source
from peelgraph.validation.finding import Finding

#: what is demanded, and why
CHECKS = {
    "TermShape-known": "A term must be one that its vocabulary has: a misspelt property says "
    "nothing to any question, and nobody notices.",
    "AddressShape-kind": "The address of a thing is /id/KIND/SLUG, with a kind that the graph has "
    "and a slug of lower-case letters, digits and single hyphens.",
}
_KNOWN = PEELSH + "TermShape-known"
_ADDRESS = PEELSH + "AddressShape-kind"
_TYPE = ox.NamedNode(RDF + "type")
_FOREIGN: tuple[type[DefinedNamespace], ...] = (
    *(DCTERMS, FOAF, ORG, OWL, PROV, RDF_TERMS, RDFS, SKOS, XSD),
)
#: the shapes that say that a term does not exist, without naming the nearest
_UNKNOWN = {"VocabularyShape-class", "VocabularyShape-property"}


def unknown(sources: Iterable[Source], declared: set[str]) -> Iterator[Finding]:
    """Yield the terms that are used in *sources* and exist nowhere.

    :param declared: the addresses of what the project's vocabulary describes
    """
    terms = {each for each in declared if each.startswith((PEEL, SCHEME))}
    for source in sources:
        used = {term for triple in source.triples for term in _terms(triple)}
        wrong = {term: near for term in used if (near := _nearest(term, terms)) is not None}
        kinds = {
            address: kind
            for address in source.subjects()
            if (kind := _kind(address)) is not None and kind not in KINDS
        }
        if wrong or kinds:
            yield from _told(source, wrong, kinds)


def _told(source: Source, wrong: dict[str, str], kinds: dict[str, str]) -> Iterator[Finding]:
    """Yield a finding for each use of a wrong term, and one for each wrong address."""
    told: set[tuple[object, ...]] = set()
    for triple in source.triples:
        for term in _terms(triple):
            said = (triple.subject, triple.predicate, term)
            if term in wrong and said not in told:
                told.add(said)
                yield _finding(_KNOWN, triple, term, wrong[term])
        address = getattr(triple.subject, "value", "")
        if (kind := kinds.pop(address, None)) is not None:
            yield _misaddressed(triple, kind)


def with_nearest(finding: Finding, declared: set[str]) -> Finding:
    """Return a finding about an unknown term with the nearest term that there is."""
    if finding.name not in _UNKNOWN:
        return finding
    term = finding.path if finding.name.endswith("property") else finding.value
    near = _nearest(term or "", {each for each in declared if each.startswith(PEEL)})
    return replace(finding, message=f"{finding.message} {near}") if near else finding


def _terms(triple: ox.Triple) -> Iterator[str]:
    yield triple.predicate.value
    value = triple.object
    if isinstance(value, ox.Literal):
        yield value.datatype.value
    elif isinstance(value, ox.NamedNode) and (
        triple.predicate == _TYPE or value.value.startswith((SCHEME, PEEL))
    ):
        yield value.value


@cache
def _of(namespace: type[DefinedNamespace]) -> frozenset[str]:
    return frozenset(str(each) for each in dir(namespace) if str(each).startswith("http"))


def _nearest(term: str, terms: set[str]) -> str | None:
    """Return what to write instead of a term that does not exist; None if it does."""
    if term.startswith((PEEL, SCHEME)):
        known: Iterable[str] = terms
        if term in terms:
            return None
    else:
        vocabulary = next((each for each in _FOREIGN if term.startswith(str(each))), None)
        if vocabulary is None or term in _of(vocabulary):
            return None
        known = _of(vocabulary)
    by_name = {shorten(each): each for each in known}
    near = difflib.get_close_matches(shorten(term), by_name, n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else "Correct it, or leave it out."


def _finding(shape: str, triple: ox.Triple, term: str, near: str) -> Finding:
    message = f"A term must be one that the vocabulary has; there is no {shorten(term)}. {near}"
    return Finding(
        severity="violation",
        shape=shape,
        focus=triple.subject.value,  # type: ignore[union-attr]
        path=triple.predicate.value,
        value=term,
        term=f"<{term}>",
        message=message,
    )


def _kind(address: str) -> str | None:
    """Return the kind in the address of a thing; None if it is no such address."""
    if not address.startswith(ID):
        return None
    return address.removeprefix(ID).partition("/")[0]


def _misaddressed(triple: ox.Triple, kind: str) -> Finding:
    near = difflib.get_close_matches(kind, KINDS, n=1, cutoff=0.5)
    advice = f"Did you mean /id/{near[0]}/…?" if near else f"The kinds are: {', '.join(KINDS)}."
    return Finding(
        severity="violation",
        shape=_ADDRESS,
        focus=triple.subject.value,  # type: ignore[union-attr]
        message=f"An address must be /id/KIND/SLUG, and there is no kind {kind!r}. {advice}",
    )
