"""What the index holds of the graph, as queries: entries, their words, their facets.

Left out are the graph's own joints (passages, spans, standings), which nobody looks for.
"""

from peelgraph.namespaces import ID, SCHEME

#: kinds of things that are not listed
UNLISTED = (
    *("passage", "span", "standing", "status-period", "phase-period", "duty-standing"),
    *("inference", "change", "grade-count", "tenure"),
)

_LISTED = "FILTER (?kind NOT IN ({}))".format(", ".join(f'"{each}"' for each in UNLISTED))

#: iri, kind, title
ENTRIES = f"""SELECT (STR(?thing) AS ?iri)
  (IF(?kind IN ("class", "property"), "term", IF(?kind = "concept-scheme", "scheme", ?kind)) AS ?as)
  ?title {{
  ?thing peel:kindToken ?kind ; rdfs:label ?title {_LISTED} FILTER (isIRI(?thing)) }}"""

#: iri, place (``names`` or ``text``), rank in it, text
TEXTS = f"""SELECT (STR(?thing) AS ?iri) ?place ?rank ?text {{
  VALUES (?property ?place ?rank) {{
    (skos:prefLabel "names" 1) (skos:altLabel "names" 1) (dcterms:title "names" 1)
    (foaf:name "names" 1) (peel:titleGiven "names" 1) (skos:notation "names" 1)
    (dcterms:identifier "names" 1) (peel:wording "text" 1) (skos:definition "text" 1)
    (dcterms:description "text" 2) (peel:timeLimit "text" 3) (peel:measure "text" 3)
    (skos:scopeNote "text" 3) (skos:example "text" 4) (peel:reason "text" 4)
  }}
  ?thing ?property ?text ; peel:kindToken ?kind {_LISTED}
  FILTER (isIRI(?thing) && !(?property = dcterms:identifier && ?kind = "document")) }}"""

#: the same of people: the offices in which documents show them
OFFICES = """SELECT DISTINCT (STR(?person) AS ?iri) ("text" AS ?place) (1 AS ?rank) ?text {
  ?tenure org:member ?person ; peel:office|peel:titleGiven ?office .
  OPTIONAL { ?office rdfs:label ?label } BIND (COALESCE(?label, STR(?office)) AS ?text) }"""

_FORCE = f"""SELECT (STR(?thing) AS ?iri) ("force" AS ?name)
  (STRAFTER(STR(?of), "{ID}force/") AS ?v) {{ ?thing peel:ofForce ?of FILTER (isIRI(?thing)) }}"""
_THEME = f"""SELECT (STR(?thing) AS ?iri) ("theme" AS ?name)
  (STRAFTER(STR(?of), "{SCHEME}theme/") AS ?v) {{ ?thing peel:theme ?of FILTER (isIRI(?thing)) }}"""

#: iri, name of the facet, value: a slug
FACETS = (_FORCE, _THEME)

#: name of the facet, value, label
LABELS = f"""SELECT ?name ?value ?label {{
  {{ ?thing a peel:PoliceForce ; rdfs:label ?label
     BIND ("force" AS ?name) BIND (STRAFTER(STR(?thing), "{ID}force/") AS ?value) }}
  UNION
  {{ ?thing skos:inScheme <{SCHEME}theme> ; skos:prefLabel ?label
     BIND ("theme" AS ?name) BIND (STRAFTER(STR(?thing), "{SCHEME}theme/") AS ?value) }} }}"""
