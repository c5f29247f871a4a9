"""The part of the OpenAPI description that is no single question: other paths, and failures."""

from typing import Any

from peelgraph.exports import formats as exports
from peelgraph.namespaces import KINDS
from peelserver.lineage import formats

Object = dict[str, Any]

_RDF = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
_PROBLEMS = {
    "400": "A parameter is unknown, ill-typed, repeated or missing; the detail names it.",
    "403": "The graph is read-only, and reaches no other service.",
    "404": "There is nothing of that name; the detail says what is near.",
    "406": "None of the formats that the client accepts is to be had.",
    "410": "The snapshot is not kept any more; the detail says how to have it again.",
    "413": "The request, or what it asks for, is too large.",
    "429": "Too many requests; Retry-After says when to come again.",
    "500": "Something went wrong here.",
    "503": "The server is busy; Retry-After says when to come again.",
    "504": "The answer took too long and was given up.",
}


def beside() -> Object:
    """Return the paths beside those of the questions."""
    return {
        "/sparql": _sparql(),
        "/search": _search(),
        "/feeds/{of}/{slug}.atom": _feed(),
        "/health": _health(),
        "/id/{kind}/{slug}": _thing(),
        "/exports": _exports(),
        "/exports/{format}": _export(),
    }


def listing() -> Object:
    """Return the path of the list of questions."""
    forms: Object = {
        formats.JSON.media: {"schema": {"type": "array", "items": {"type": "object"}}},
        formats.HTML.media: {"schema": {"type": "string"}},
    }
    chosen = {"name": "format", "in": "query", "schema": {"enum": ["json", "html"]}}
    return {
        "get": {
            "operationId": "questions",
            "tags": ["questions"],
            "summary": "The questions, with their parameters and columns",
            "parameters": [chosen],
            "responses": {
                "200": {"description": "All questions.", "content": forms},
                **responses("400", "406", "429", "500"),
            },
        }
    }


def _sparql() -> Object:
    results = [each.media for each in formats.ALL if each.raw] + [
        *(formats.CSV.media, formats.TSV.media, formats.HTML.media),
        *_RDF,
    ]
    query = {
        "name": "query",
        "in": "query",
        "description": "A SELECT, ASK, CONSTRUCT or DESCRIBE. Without one: what this service is.",
        "schema": {"type": "string"},
        "example": "ASK { ?item a peel:CauseOfConcern }",
    }
    return {
        "get": {
            "operationId": "sparql",
            "tags": ["SPARQL"],
            "summary": "SPARQL 1.1 Protocol, query operation",
            "parameters": [
                query,
                *(
                    {
                        "name": f"{which}-graph-uri",
                        "in": "query",
                        "description": f"A {which} graph of the dataset.",
                        "schema": {"type": "array", "items": {"type": "string"}},
                    }
                    for which in ("default", "named")
                ),
            ],
            "responses": {
                "200": {"description": "The answer.", "content": {each: {} for each in results}},
                **responses("400", "403", "406", "413", "429", "500", "503", "504"),
            },
        }
    }


def _search() -> Object:
    text: Object = {"type": "string"}
    value = text | {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 100}
    parameters: dict[str, tuple[str, Object]] = {
        "q": ("Words, and phrases in quotation marks.", text | {"maxLength": 300}),
        "kind": ("Only things of this kind.", value),
        "force": ("Only what concerns this force.", value),
        "theme": ("Only what bears this theme.", value),
        "year": ("Only what can be dated to this year.", value),
        "page": ("Which page of twenty.", {"type": "integer", "minimum": 1, "maximum": 50}),
        "format": ("The form of the answer.", {"type": "string", "enum": ["html", "json"]}),
    }
    forms: Object = {
        formats.JSON.media: {
            "schema": {"type": "object", "required": ["total", "hits", "facets", "snapshot"]}
        },
        formats.HTML.media: {"schema": text},
    }
    return {
        "get": {
            "operationId": "search",
            "tags": ["search"],
            "summary": "Things, questions, terms and documents by their words",
            "parameters": [
                {
                    "name": name,
                    "in": "query",
                    "description": says,
                    "allowEmptyValue": True,
                    "schema": schema,
                }
                for name, (says, schema) in parameters.items()
            ],
            "responses": {
                "200": {"description": "What was found.", "content": forms},
                **responses("400", "406", "429", "500", "503"),
            },
        }
    }


def _feed() -> Object:
    schemas = {"of": {"enum": ["force", "theme"]}, "slug": {"type": "string", "minLength": 1}}
    return {
        "get": {
            "operationId": "feed",
            "tags": ["feeds"],
            "summary": "What became known about a force or a theme, as Atom",
            "parameters": [
                {"name": name, "in": "path", "required": True, "schema": schema}
                for name, schema in schemas.items()
            ],
            "responses": {
                "200": {
                    "description": "The newest changes.",
                    "content": {"application/atom+xml": {"schema": {"type": "string"}}},
                },
                **responses("404", "429", "500", "503", "504"),
            },
        }
    }


def _health() -> Object:
    return {
        "get": {
            "operationId": "health",
            "summary": "Whether the server lives and is ready, and its snapshot",
            "responses": {
                "200": {
                    "description": "It is ready.",
                    "content": {formats.JSON.media: {"schema": {"type": "object"}}},
                },
                **responses("429", "500", "503"),
            },
        }
    }


def _thing() -> Object:
    schemas = {"kind": {"enum": list(KINDS)}, "slug": {"type": "string", "minLength": 1}}
    forms = {each: {"schema": {"type": "string"}} for each in (formats.HTML.media, *_RDF)}
    return {
        "get": {
            "operationId": "thing",
            "tags": ["things"],
            "summary": "A thing in the graph, as a page or as RDF",
            "parameters": [
                {"name": name, "in": "path", "required": True, "schema": schema}
                for name, schema in schemas.items()
            ],
            "responses": {
                "200": {"description": "What is known of it.", "content": forms},
                **responses("404", "406", "429", "500", "503", "504"),
            },
        }
    }


def _exports() -> Object:
    """Return the path of the list of formats, and of exports by content negotiation."""
    forms: Object = {each: {} for each in (formats.HTML.media, *exports.MEDIA)}
    return {
        "get": {
            "operationId": "exports",
            "tags": ["exports"],
            "summary": "The formats; or a part of the graph in the format that the client accepts",
            "parameters": _part(),
            "responses": {
                "200": {"description": "The formats, or the file.", "content": forms},
                **responses("400", "406", "410", "413", "429", "500", "503", "504"),
            },
        }
    }


def _export() -> Object:
    chosen = {
        "name": "format",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": list(exports.NAMES)},
    }
    return {
        "get": {
            "operationId": "export",
            "tags": ["exports"],
            "summary": "A part of the graph as a file",
            "parameters": [chosen, *_part()],
            "responses": {
                "200": {
                    "description": "The file.",
                    "content": {each: {} for each in exports.MEDIA},
                },
                **responses("400", "404", "410", "413", "429", "500", "503", "504"),
            },
        }
    }


def _part() -> list[Object]:
    """Return the parameters that choose a part of the graph."""
    day = {"type": "string", "format": "date"}
    text: Object = {"type": "string"}
    found: dict[str, tuple[str, Object]] = {
        "item": ("The thing whose lineage is exported.", text),
        "force": ("The force whose things are exported.", text),
        "theme": ("The theme whose things are exported.", text),
        "all": ("Everything; so it is, too, if nothing is chosen.", {"enum": ["true"]}),
        "depth": (
            "Steps before and after what was chosen; all, if not given.",
            {"type": "integer", "minimum": 0, "maximum": 999},
        ),
        "on": ("The day of which each status is; today, if not given.", day),
        "known": ("Use only documents that were public by this day; all, if not given.", day),
        "kinds": ("The kinds of thing to keep, joined by commas; all, if not given.", text),
        "snapshot": (
            "The digest of the snapshot to answer from; the current one, if not given.",
            {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        ),
        "version": (
            "The release that made a permalink; changes no answer.",
            {"type": "string", "pattern": "^[0-9A-Za-z][0-9A-Za-z.+]{0,39}$"},
        ),
    }
    return [
        {
            "name": name,
            "in": "query",
            "description": said,
            "allowEmptyValue": True,
            "schema": schema,
        }
        for name, (said, schema) in found.items()
    ]


def problem() -> Object:
    """Return the schema of problem details (RFC 9457)."""
    fields: Object = {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do."},
    }
    return {"type": "object", "properties": fields, "required": list(fields)}


def failures() -> Object:
    """Return the answer to each kind of failure."""
    return {f"Problem{status}": _failure(says) for status, says in _PROBLEMS.items()}


def responses(*statuses: str) -> Object:
    """Return what a path may answer beside 200."""
    found: Object = {"304": {"description": "It is what the client has."}}
    for status in statuses:
        found[status] = {"$ref": f"#/components/responses/Problem{status}"}
    return found


def _failure(says: str) -> Object:
    return {
        "description": says,
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }
