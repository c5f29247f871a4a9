"""SHACL's core constraints as English, as far as the shapes use them.

A constraint that has no words here is named, so that none is passed over in silence.
"""

import re
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph.reference.naming import Naming, short
from peelgraph.reference.said import Said, Term

#: what is no constraint, or is said elsewhere
_SILENT = frozenset(
    {
        *("rdf:type", "rdfs:isDefinedBy", "sh:path", "sh:message", "sh:severity", "sh:property"),
        *("sh:sparql", "sh:minCount", "sh:maxCount", "sh:flags", "sh:targetClass"),
        *("sh:targetSubjectsOf", "sh:targetObjectsOf", "skos:editorialNote", "sh:select"),
        *("sh:prefixes", "skos:scopeNote", "sh:name", "sh:description"),
    }
)
_NODES = {
    "sh:IRI": "has an IRI",
    "sh:Literal": "is a literal",
    "sh:BlankNodeOrIRI": "is a thing, not a literal",
}
_SCHEME = re.compile(r"\^https://w3id\.org/peelgraph/scheme/([a-z0-9]+)/")
_SLUG = re.compile(r"\^https://w3id\.org/peelgraph(/id/[a-z-]+/)\[a-z0-9\]\+\(-\[a-z0-9\]\+\)\*\$")
_NUMBERS = {0: "no", 1: "one", 2: "two", 3: "three"}


@dataclass(frozen=True, slots=True)
class Sentences:
    """Words for some shapes."""

    shapes: Said
    naming: Naming

    def looked_at(self, owners: list[ox.NamedNode], path: Term | None) -> str:
        """Return what shapes look at, as the beginning of a sentence.

        :param path: the property that is then looked at; of several it is the one that counts
        """
        said, name = self.shapes, self.naming
        classes = dict.fromkeys(
            f"every {name.label(iri)}"
            for each in owners
            for iri in said.iris(each, "sh:targetClass")
        )
        subjects = dict.fromkeys(
            short(iri) for each in owners for iri in said.iris(each, "sh:targetSubjectsOf")
        )
        objects = dict.fromkeys(
            short(iri) for each in owners for iri in said.iris(each, "sh:targetObjectsOf")
        )
        own = short(path.value) if isinstance(path, ox.NamedNode) else ""
        subjects = {own: None} if own in subjects else subjects
        parts = [f"every {_list([each.removeprefix('every ') for each in classes], 'and')}"] * bool(
            classes
        )
        parts += [f"everything with {_list(list(subjects), 'or')}"] * bool(subjects)
        parts += [f"every value of {_list(list(objects), 'or')}"] * bool(objects)
        text = _list(parts, "and") or "everything that another shape sends here"
        return text[:1].upper() + text[1:]

    def demanded(self, shape: ox.NamedNode) -> str:
        """Return what a shape demands of each thing that it looks at."""
        path = self.shapes.value(shape, "sh:path")
        of_values = self._of_values(shape)
        if path is None:
            return _list(of_values, "and") or "as its message says"
        least, most = (self._number(shape, each) for each in ("sh:minCount", "sh:maxCount"))
        named = self.path(path)
        if most == 0:
            return f"has no value of {named}"
        if not least and most is None:
            return f"each value of {named} {_list(of_values, 'and')}"
        count = _counted(least, most)
        rest = f", which {_list(of_values, 'and')}" if of_values else ""
        return f"has {count} of {named}{rest}"

    def path(self, path: Term) -> str:
        """Return a path as people say it, with the names of its properties."""
        if isinstance(path, ox.NamedNode):
            return f"“{self.naming.label(path.value)}” ({short(path.value)})"
        said = self.shapes
        for head in said.values(path, "sh:alternativePath"):
            return _list([self.path(each) for each in said.items(head)], "or")
        for back in said.values(path, "sh:inversePath"):
            return f"{self.path(back)} read backwards"
        return " of each ".join(self.path(each) for each in reversed(list(said.items(path))))

    def _of_values(self, shape: Term) -> list[str]:
        """Return what a shape demands of each value, as verbs."""
        said, name = self.shapes, self.naming
        found = [f"is {name.one(iri)}" for iri in said.iris(shape, "sh:class", "sh:datatype")]
        found += [_NODES.get(short(iri), short(iri)) for iri in said.iris(shape, "sh:nodeKind")]
        for head in said.values(shape, "sh:or"):
            either = [_list(self._of_values(each), "and") for each in said.items(head)]
            found.append(_list(_short_is(either), "or"))
        for head in said.values(shape, "sh:in"):
            found.append(f"is {_list([_term(each) for each in said.items(head)], 'or')}")
        for each in said.values(shape, "sh:hasValue"):
            found.append(f"is {_term(each)}")
        for text in said.texts(shape, "sh:pattern"):
            found.append(_form(text))
        for head in said.values(shape, "sh:languageIn"):
            found.append(f"is in {_list([_language(each) for each in said.items(head)], 'or')}")
        if (least := self._number(shape, "sh:minLength")) is not None:
            found.append("is not empty" if least == 1 else f"has {least} characters or more")
        if (least := self._number(shape, "sh:minInclusive")) is not None:
            found.append(f"is {least} or more")
        if "true" in said.texts(shape, "sh:uniqueLang"):
            found.append("stands once a language")
        return found + [f"fits {each}" for each in self._unknown(shape)]

    def _unknown(self, shape: Term) -> list[str]:
        return [each for each in self.shapes.names(shape) if each not in _KNOWN]

    def _number(self, shape: Term, name: str) -> int | None:
        text = self.shapes.text(shape, name)
        return int(text) if text else None


_KNOWN = _SILENT | {
    *("sh:class", "sh:datatype", "sh:nodeKind", "sh:or", "sh:in", "sh:hasValue", "sh:pattern"),
    *("sh:languageIn", "sh:minLength", "sh:minInclusive", "sh:uniqueLang"),
}


def _form(pattern: str) -> str:
    """Return what a pattern demands; the usual ones in words.

    >>> _form(r"^https://w3id.org/peelgraph/scheme/outcome/")
    'is in the scheme outcome'
    >>> _form(r"^https://w3id.org/peelgraph/id/tenure/[a-z0-9]+(-[a-z0-9]+)*$")
    'has an address /id/tenure/… of lower-case letters, digits and hyphens'
    """
    if found := _SCHEME.fullmatch(pattern):
        return f"is in the scheme {found[1]}"
    if found := _SLUG.fullmatch(pattern):
        return f"has an address {found[1]}… of lower-case letters, digits and hyphens"
    return f"has the form {pattern}"


def _counted(least: int | None, most: int | None) -> str:
    def said(number: int) -> str:
        return _NUMBERS.get(number, str(number))

    last = most or least or 0
    values = "value" if last == 1 else "values"
    if least and most:
        count = f"exactly {said(least)}" if least == most else f"{said(least)} to {said(most)}"
    else:
        count = f"at least {said(least)}" if least else f"at most {said(last)}"
    return f"{count} {values}"


def _short_is(either: list[str]) -> list[str]:
    """Return alternatives without the verb that the first has too."""
    first, *others = either
    return [
        first,
        *(each.removeprefix("is ") if first.startswith("is ") else each for each in others),
    ]


def _term(term: Term) -> str:
    return (
        short(term.value) if isinstance(term, ox.NamedNode) else f"“{getattr(term, 'value', term)}”"
    )


def _language(term: Term) -> str:
    code = term.value if isinstance(term, ox.Literal) else str(term)
    return {"en": "English", "cy": "Welsh"}.get(code, code)


def _list(words: list[str], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
