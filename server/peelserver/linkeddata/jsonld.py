"""JSON-LD with our prefixes as its context: one object a subject, values as they are in RDF.

>>> force = ox.NamedNode("https://w3id.org/peelgraph/id/force/kent")
>>> label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
>>> names = {"force": "https://w3id.org/peelgraph/id/force/"}
>>> kent = ox.Triple(force, label, ox.Literal("Kent Police", language="en"))
>>> json.loads(written([kent], names))["@graph"][0]["@id"]
'force:kent'
"""

import json
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from peelgraph.namespaces import RDF, XSD

_TYPE = RDF + "type"
_STRING = XSD + "string"


def written(triples: Iterable[ox.Triple], names: Mapping[str, str]) -> bytes:
    """Return *triples*, in the order given, as one JSON-LD document.

    :param names: the prefixes of its context
    """
    writer = _Writer(names)
    nodes: dict[str, dict[str, object]] = {}
    for each in triples:
        subject = writer.name(each.subject)
        node = nodes.setdefault(subject, {"@id": subject})
        if each.predicate.value == _TYPE and not isinstance(each.object, ox.Literal):
            _append(node, "@type", writer.name(each.object))
        else:
            _append(node, writer.name(each.predicate), writer.value(each.object))
    document = {"@context": dict(names), "@graph": list(nodes.values())}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _append(node: dict[str, object], key: str, value: object) -> None:
    values = node.setdefault(key, [])
    assert isinstance(values, list)
    values.append(value)


class _Writer:
    """Writes terms under the prefixes of one document."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._by_length = sorted(names.items(), key=lambda pair: -len(pair[1]))
        self._written: dict[str, str] = {}

    def name(self, term: object) -> str:
        if isinstance(term, ox.BlankNode):
            return f"_:{term.value}"
        assert isinstance(term, ox.NamedNode)
        if (name := self._written.get(term.value)) is None:
            name = self._written[term.value] = self._short(term.value)
        return name

    def _short(self, iri: str) -> str:
        for prefix, namespace in self._by_length:
            local = iri.removeprefix(namespace)
            if local and local != iri and "/" not in local:
                return f"{prefix}:{local}"
        return iri

    def value(self, term: object) -> object:
        if not isinstance(term, ox.Literal):
            return {"@id": self.name(term)}
        if term.language:
            return {"@value": term.value, "@language": term.language}
        if term.datatype.value == _STRING:
            return {"@value": term.value}
        return {"@value": term.value, "@type": self.name(term.datatype)}
