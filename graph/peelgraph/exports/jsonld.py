"""JSON-LD: the same statements as Turtle has, framed as a tree that people can read.

The names are those of the vocabulary. What came of a thing stands within it, under the inverse of
the property that links the two; so do its passages and its standing. Everything is told once, and
is mentioned by its address elsewhere.
"""

import json
from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from peelgraph.engine import Engine
from peelgraph.exports.model import RELATIONS, Export, Written
from peelgraph.exports.rdf import NOTE
from peelgraph.exports.statements import quads, triples
from peelgraph.namespaces import BASE, OA, PEEL, PREFIXES, RDF, XSD
from peelgraph.snapshot import SNAPSHOT

#: properties whose inverse leads down the tree, and what that is called
_INVERSE: dict[str, str] = {
    **{
        name: label.split()[0] + "".join(word.capitalize() for word in label.split()[1:])
        for name, label in RELATIONS.items()
        if label != name != "recurrence"
    },
    "standingOf": "standing",
}
#: properties of the earlier thing: what they lead to stands within it
_FORWARD = ("evidence", "hasPeriod", "undertakes", "hasSelector")

#: how deep the tree may be
_DEEPEST = 24

_TYPE = RDF + "type"
_STRING = XSD + "string"
_INTEGER = XSD + "integer"
_BOOLEAN = XSD + "boolean"


def write(export: Export, engine: Engine) -> Written:
    """Return the export as one JSON-LD document."""
    found = triples(quads(export, engine))
    names, forms = _names(found), _forms(found)
    tree = _Tree(found, names, forms)
    first = [export.item] if export.item else []
    caused = {edge.target for edge in export.edges}
    roots = [*first, SNAPSHOT, *(node.iri for node in export.nodes if node.id not in caused)]
    roots += [node.iri for node in export.nodes]
    document = {"@context": _context(names, forms), "@graph": tree.told(roots)}
    return Written((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode(), (NOTE,))


def _names(found: Iterable[ox.Triple]) -> dict[str, str]:
    """Return a short name for each property: its local name, or its prefixed one where two clash.

    An inverse that is in the tree has a name of its own, which no property takes.
    """
    taken = {"id", "type", *_INVERSE.values()}
    names: dict[str, str] = {}
    for iri in sorted({each.predicate.value for each in found} - {_TYPE}, key=_ours_first):
        local = iri.replace("#", "/").rpartition("/")[2]
        names[iri] = local if local not in taken else f"{_prefix(iri)}_{local}"
        taken.add(names[iri])
    return names


def _ours_first(iri: str) -> tuple[bool, str]:
    return not iri.startswith(PEEL), iri


def _prefix(iri: str) -> str:
    return next(prefix for prefix, namespace in PREFIXES.items() if iri.startswith(namespace))


def _forms(found: Iterable[ox.Triple]) -> dict[str, set[tuple[str, str]]]:
    """Return the forms that the values of each property have."""
    forms: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for each in found:
        forms[each.predicate.value].add(_form(each.object))
    return forms


def _context(names: dict[str, str], forms: dict[str, set[tuple[str, str]]]) -> dict[str, object]:
    context: dict[str, object] = {"@base": BASE, "@vocab": PEEL, "id": "@id", "type": "@type"}
    for iri, name in sorted(names.items(), key=lambda pair: pair[1]):
        context[name] = {"@id": iri} | _coercion(forms[iri])
    for local, name in sorted(_INVERSE.items(), key=lambda pair: pair[1]):
        if PEEL + local in names:
            context[name] = {"@reverse": PEEL + local, "@type": "@id"}
    return context


def _coercion(forms: set[tuple[str, str]]) -> dict[str, str]:
    """Return what the context says of a property whose values all have one form."""
    ((key, value), *more) = sorted(forms)
    return {} if more or not key else {key: value}


def _form(value: object) -> tuple[str, str]:
    """Return the keyword and value that make a literal of a text; empty, if it needs none."""
    if not isinstance(value, ox.Literal):
        return "@type", "@id"
    if value.language:
        return "@language", value.language
    kind = value.datatype.value
    if kind == _STRING or _native(value) is not None:
        return "", ""
    return "@type", kind


def _native(value: ox.Literal) -> int | bool | None:
    """Return a literal as JSON has it, where reading it back gives the same literal."""
    kind, text = value.datatype.value, value.value
    if kind == _BOOLEAN and text in ("true", "false"):
        return text == "true"
    return int(text) if kind == _INTEGER and text.isdigit() and str(int(text)) == text else None


class _Tree:
    """Writes each subject once, within the one that it came of."""

    def __init__(
        self,
        found: Iterable[ox.Triple],
        names: dict[str, str],
        forms: dict[str, set[tuple[str, str]]],
    ) -> None:
        self._names = names
        self._forms = forms
        self._said: dict[str, list[ox.Triple]] = defaultdict(list)
        self._below: dict[str, list[ox.Triple]] = defaultdict(list)
        self._told: set[str] = set()
        for each in found:
            assert isinstance(each.subject, ox.NamedNode)
            self._said[each.subject.value].append(each)
            if isinstance(each.object, ox.NamedNode) and _local(each) in _INVERSE:
                self._below[each.object.value].append(each)

    def told(self, roots: Iterable[str]) -> list[dict[str, object]]:
        """Return the trees of the *roots* that no other tree holds, then all that is left."""
        order = dict.fromkeys([*roots, *sorted(self._said)])
        return [self._object(iri) for iri in order if iri in self._said and iri not in self._told]

    def _object(self, iri: str, depth: int = 0, link: ox.Triple | None = None) -> dict[str, object]:
        """Return all that is said of one subject.

        :param link: the statement that its place in the tree makes
        """
        self._told.add(iri)
        values: dict[str, list[object]] = {}
        for each in self._said[iri]:
            if each is link:
                continue
            if each.predicate.value == _TYPE:
                assert isinstance(each.object, ox.NamedNode)
                values.setdefault("type", []).append(each.object.value.removeprefix(PEEL))
            else:
                name = self._names[each.predicate.value]
                values.setdefault(name, []).append(self._value(each, depth))
        for each in self._below[iri]:
            assert isinstance(each.subject, ox.NamedNode)
            if each.subject.value not in self._told and depth < _DEEPEST:
                below = self._object(each.subject.value, depth + 1, each)
                values.setdefault(_INVERSE[_local(each)], []).append(below)
        found: dict[str, object] = {"id": iri.removeprefix(BASE)}
        for name, several in sorted(values.items(), key=self._order):
            found[name] = several[0] if len(several) == 1 else several
        return found

    def _value(self, triple: ox.Triple, depth: int) -> object:
        value, predicate = triple.object, triple.predicate.value
        if isinstance(value, ox.NamedNode):
            here = value.value in self._said and value.value not in self._told
            if here and depth < _DEEPEST and _local(triple) in _FORWARD:
                return self._object(value.value, depth + 1)
            written: object = value.value.removeprefix(BASE)
            return written if len(self._forms[predicate]) == 1 else {"id": written}
        assert isinstance(value, ox.Literal)
        key, form = _form(value)
        native = _native(value)
        written = value.value if native is None else native
        plain = len(self._forms[predicate]) == 1 or not key
        return written if plain else {"@value": written, key: form}

    def _order(self, pair: tuple[str, list[object]]) -> tuple[int, str]:
        """Return the place of a property: what it is first, what it holds last."""
        name, values = pair
        first = ("type", "label", "prefLabel", "wording")
        holds = any(isinstance(value, dict) and "id" in value for value in values)
        return first.index(name) if name in first else len(first) + holds, name


def _local(triple: ox.Triple) -> str:
    """Return the local name of the property of a statement, if it is one of those in the tree."""
    return triple.predicate.value.removeprefix(PEEL).removeprefix(OA)
