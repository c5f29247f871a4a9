"""The namespaces of the graph, each bound to one prefix everywhere.

Plain strings, because most commands never load rdflib. The prefixes written here are those of every
``.ttl`` and ``.rq`` file in the repository; ``tests/test_house_style.py`` holds them to it.

>>> expand("concern:wmp-2023-investigations")
'https://w3id.org/peelgraph/id/cause-of-concern/wmp-2023-investigations'
>>> shorten("https://w3id.org/peelgraph/scheme/outcome/closed")
'outcome:closed'
"""

BASE = "https://w3id.org/peelgraph/"
PEEL = BASE + "ontology#"
PEELSH = BASE + "shapes#"
ID = BASE + "id/"
SCHEME = BASE + "scheme/"
GRAPH = BASE + "graph/"
RECORD_GRAPH = GRAPH + "record/"
DOCUMENT = ID + "document/"

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OA = "http://www.w3.org/ns/oa#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

#: kind of thing, as in its IRI and as questions write it -> the prefix of its IRIs
KINDS: dict[str, str] = {
    "area-for-improvement": "improvement",
    "assessment": "assessment",
    "body": "body",
    "cause-of-concern": "concern",
    "change": "change",
    "decision": "decision",
    "discrepancy": "discrepancy",
    "document": "document",
    "duty": "duty",
    "duty-standing": "dutystanding",
    "finding": "finding",
    "force": "force",
    "grade-count": "gradecount",
    "group": "group",
    "hearing": "hearing",
    "inference": "inference",
    "inspection": "inspection",
    "judgement": "judgement",
    "office": "office",
    "person": "person",
    "phase-period": "phaseperiod",
    "recommendation": "recommendation",
    "recurrence": "recurrence",
    "response": "response",
    "span": "span",
    "standing": "standing",
    "statement": "statement",
    "statistic": "statistic",
    "status-period": "statusperiod",
    "tenure": "tenure",
    "undertaking": "undertaking",
    "unknown": "unknown",
}

#: one prefix a concept scheme
SCHEMES = (
    *("grade", "grade4", "grade5", "area", "theme", "role", "kind", "programme"),
    *("outcome", "phase", "basis", "stance", "polarity", "status", "doctype"),
)

PREFIXES: dict[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "graph": GRAPH,
    "oa": OA,
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "peel": PEEL,
    "peelsh": PEELSH,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
    **{prefix: f"{ID}{kind}/" for kind, prefix in KINDS.items()},
    **{scheme: f"{SCHEME}{scheme}/" for scheme in SCHEMES},
}

_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}


def expand(name: str) -> str:
    """Return the IRI of a prefixed *name*.

    :raises KeyError: the prefix is none of ours
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def shorten(iri: str) -> str:
    """Return *iri* as a prefixed name, or as it is where no prefix fits.

    >>> shorten(PEEL + "date"), shorten(f"{ID}document/letter#char=1,2"), shorten(ID)
    ('peel:date', 'document:letter#char=1,2', 'https://w3id.org/peelgraph/id/')
    """
    slash = iri.rfind("/") + 1
    end = iri.rfind("#") + 1
    while end > slash:
        if (prefix := _BY_NAMESPACE.get(iri[:end])) is not None and end < len(iri):
            return f"{prefix}:{iri[end:]}"
        end = iri.rfind("#", 0, end - 1) + 1
    prefix = _BY_NAMESPACE.get(iri[:slash])
    return iri if prefix is None or slash == len(iri) else f"{prefix}:{iri[slash:]}"
