"""Format the Turtle of the ontology and the shapes, or say what is not formatted.

``python tools/fmt_ttl.py`` rewrites the files that differ from the house format;
``python tools/fmt_ttl.py --check`` only names them. Reads ``ontology/`` and ``shapes/`` below the
repository's root, save ``shapes/examples/``, which people write to be read. Exit status: 0 when
nothing differs (or all was rewritten), 1 when ``--check`` found a file that differs, 2 when a file
cannot be formatted, because it holds a comment or is not Turtle.
"""

import sys
from pathlib import Path

import pyprttl
from rdflib.namespace import DCTERMS, ORG, OWL, RDF, RDFS, SH, SKOS, VANN

PEEL = "https://w3id.org/peelgraph/ontology#"

#: the order of a term's properties, as a reader wants them; any other follows, by name
ORDER = [
    *(RDF.type, RDFS.isDefinedBy, OWL.versionIRI, OWL.versionInfo),
    *(DCTERMS.isPartOf, DCTERMS.hasPart, DCTERMS.title, DCTERMS.description),
    *(DCTERMS.creator, DCTERMS.created, DCTERMS.modified, DCTERMS.license),
    *(VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri),
    *(SKOS.inScheme, SKOS.topConceptOf, SKOS.broader),
    *(RDFS.subClassOf, OWL.disjointWith, RDFS.subPropertyOf, OWL.inverseOf),
    *(RDFS.domain, RDFS.range),
    *(SKOS.notation, SKOS.prefLabel, SKOS.altLabel, SKOS.definition),
    *(SKOS.scopeNote, SKOS.example, DCTERMS.source, SKOS.editorialNote),
    *(PEEL + name for name in ("gradedIn", "usesScale", "singleHolder", "basis")),
    *(SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode, SH.target),
    *(SH.property, SH.path, SH["class"], SH.datatype, SH.nodeKind, SH["in"], SH.hasValue),
    *(SH.minCount, SH.maxCount, SH.minInclusive, SH.maxInclusive),
    *(SH.minLength, SH.maxLength, SH.pattern, SH.flags, SH.languageIn, SH.uniqueLang),
    *(SH.node, SH["or"], SH["and"], SH["not"], SH.xone, SH.sparql),
    *(SH.severity, SH.message, ORG.role),
]
ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "shapes" / "examples"


def formatted(text: str) -> str:
    """Return *text* in the house format.

    :raises ValueError: *text* is not Turtle, or holds a comment (say it in a triple)
    """
    return pyprttl.format_turtle(
        text,
        indentation=4,
        predicate_order=[str(term) for term in ORDER],
        subject_type_order_preset="owl",
        prtr_sorting=False,
    )


def files(root: Path = ROOT) -> list[Path]:
    """Return the files that the house format rules, in order."""
    found = [*(root / "ontology").rglob("*.ttl"), *(root / "shapes").rglob("*.ttl")]
    return sorted(file for file in found if not file.is_relative_to(root / "shapes" / "examples"))


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Format or check every file below *root*, and return the exit status."""
    check = "--check" in arguments
    status = 0
    for file in files(root):
        text = file.read_text(encoding="utf-8")
        name = file.relative_to(root)
        try:
            wanted = formatted(text)
        except Exception as problem:
            print(f"cannot be formatted: {name}: {problem}")
            status = 2
            continue
        if wanted == text:
            continue
        print(f"{'not formatted' if check else 'formatted'}: {name}")
        if check:
            status = max(status, 1)
        else:
            file.write_text(wanted, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
