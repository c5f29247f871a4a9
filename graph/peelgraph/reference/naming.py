"""What classes and properties are called in a sentence, by their labels where they have any.

>>> from peelgraph.reference.said import ontology
>>> name = Naming(ontology())
>>> name.one("peel:AreaForImprovement"), name.several("foaf:Person")
('an area for improvement', 'people')
>>> name.label("oa:TextPositionSelector"), name.label("peel:dueBy")
('text position selector', 'due by')
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from peelgraph.namespaces import PREFIXES, expand
from peelgraph.reference.said import Said

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

#: classes and datatypes of others whose names do not say it well
_OURS = {
    "org:Organization": "organisation",
    "org:ChangeEvent": "change of an organisation",
    "edtf:EDTF": "date, as precise as it is known (EDTF)",
    "rdf:langString": "text marked with its language",
    "skos:prefLabel": "preferred label",
    "skos:altLabel": "other label",
    "xsd:string": "plain text",
    "xsd:integer": "whole number",
    "xsd:decimal": "decimal number",
    "xsd:boolean": "true or false",
    "xsd:date": "day",
    "xsd:duration": "duration",
    "xsd:anyURI": "address",
    "owl:Ontology": "header of a file",
    "owl:Class": "class of the ontology",
    "owl:ObjectProperty": "property with things as values",
    "owl:DatatypeProperty": "property with literals as values",
    "sh:PropertyShape": "property shape",
    "sh:NodeShape": "node shape",
    "sh:SPARQLConstraint": "constraint in SPARQL",
}
_PLURALS = {"person": "people", "body": "bodies", "true or false": "true or false"}
_BY_LENGTH = sorted(PREFIXES.items(), key=lambda pair: -len(pair[1]))


@dataclass(frozen=True, slots=True)
class Naming:
    """Names by what an ontology says."""

    ontology: Said

    def label(self, name: str) -> str:
        """Return the label of a term that is given as an IRI or a prefixed name."""
        iri = name if "://" in name else expand(name)
        ours = _OURS.get(short(iri))
        found = ours or self.ontology.text(ox.NamedNode(iri), "skos:prefLabel")
        return found or _HUMP.sub(" ", re.split(r"[#/]", iri)[-1]).replace("-", " ").lower()

    def one(self, name: str) -> str:
        """Return a class with its article."""
        label = self.label(name)
        if label in ("plain text", "true or false") or label.startswith("text "):
            return label
        return f"{'an' if label[:1] in 'aeiou' else 'a'} {label}"

    def several(self, name: str) -> str:
        """Return the plural of a class."""
        label = self.label(name)
        head, of, rest = label.partition(" of ")
        words = head.split(" ")
        last = words[-1]
        if last.endswith("y") and last[-2:-1] not in "aeiou":
            plural = last[:-1] + "ies"
        else:
            plural = last + ("es" if last.endswith(("s", "sh", "ch", "x")) else "s")
        return _PLURALS.get(label) or " ".join([*words[:-1], plural]) + of + rest


@lru_cache(maxsize=4096)
def short(iri: str) -> str:
    """Return an IRI as a prefixed name, or whole where no prefix fits."""
    for prefix, namespace in _BY_LENGTH:
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
