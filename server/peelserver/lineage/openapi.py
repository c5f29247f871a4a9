"""``/openapi.json``: what can be asked over HTTP, as OpenAPI 3.1 (from the questions' headers)."""

import json
from collections.abc import Callable

from flask import Blueprint, Response

from peelgraph import __version__
from peelgraph.questions import Parameter, Question, names, question
from peelserver.http.caching import Key, respond
from peelserver.lineage import formats, openapi_paths
from peelserver.lineage.choices import choices
from peelserver.lineage.openapi_paths import Object, responses
from peelserver.state import state

bp = Blueprint("openapi", __name__)

_MEDIA = "application/json"


@bp.get("/openapi.json")
def openapi() -> Response:
    """Describe what can be asked."""
    here = state()
    digest = here.digest()

    def made() -> tuple[str, bytes]:
        found = description(
            lambda parameter: [each.value for each in choices(parameter, digest)],
            here.config.base_url or "/",
        )
        return _MEDIA, (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()

    key = Key(digest, __version__, "/openapi.json", None, _MEDIA)
    return respond(key, made, cacheable=True, max_age=60)


def description(values: Callable[[Parameter], list[str]], server: str) -> Object:
    """Return the whole description.

    :param values: returns what can be given for a parameter of tokens or concepts
    :param server: the address that the paths begin at
    """
    asked = [question(name) for name in names()]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "peelgraph",
            "version": __version__,
            "summary": "Following up police inspections in England and Wales.",
            "description": "Lineage questions over one snapshot of the graph. What the documents "
            "do not say is absent from a row, never a guess.",
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": server}],
        "paths": {
            "/questions": openapi_paths.listing(),
            **{f"/questions/{each.name}": _path(each, values) for each in asked},
            **openapi_paths.beside(),
        },
        "components": {
            "schemas": {"Problem": openapi_paths.problem()}
            | {_name(each): _answer(each) for each in asked},
            "parameters": _common(),
            "responses": openapi_paths.failures(),
        },
    }


def _path(asked: Question, values: Callable[[Parameter], list[str]]) -> Object:
    forms: Object = {each.media: {"schema": {"type": "string"}} for each in formats.ALL}
    forms[formats.JSON.media] = {"schema": {"$ref": f"#/components/schemas/{_name(asked)}"}}
    forms[formats.SRJ.media] = {
        "schema": {"type": "object", "required": ["head", "results"]},
    }
    parameters = [_parameter(each, asked, values) for each in asked.parameters]
    parameters += [{"$ref": f"#/components/parameters/{name}"} for name in _common()]
    return {
        "get": {
            "operationId": asked.name,
            "tags": ["questions"],
            "summary": asked.summary,
            "description": asked.question,
            "parameters": parameters,
            "responses": {
                "200": {
                    "description": "The answer. Its permalink is in the header Link, as bookmark.",
                    "headers": {
                        "ETag": {"schema": {"type": "string"}},
                        "Link": {"schema": {"type": "string"}},
                    },
                    "content": forms,
                },
                **responses("400", "406", "410", "413", "429", "500", "503", "504"),
            },
        }
    }


def _parameter(
    parameter: Parameter, asked: Question, values: Callable[[Parameter], list[str]]
) -> Object:
    said = parameter.help
    if parameter.type == "day":
        others = ["today", "all"] if parameter.default == "all" else ["today"]
        schema: Object = {"anyOf": [{"type": "string", "format": "date"}, {"enum": others}]}
    elif parameter.type == "thing":
        schema = {"type": "string", "minLength": 1}
        said += " An IRI, kind/slug, or a slug where that is unique."
    else:
        schema = {"type": "string", "enum": values(parameter)}
    if parameter.default:
        schema["default"] = parameter.default
    return {
        "name": parameter.name,
        "in": "query",
        "description": said,
        "required": parameter.name in asked.required,
        "allowEmptyValue": parameter.name not in asked.required,
        "schema": schema,
        "example": parameter.example,
    }


def _common() -> Object:
    number = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    found: dict[str, tuple[str, Object]] = {
        "limit": ("How many rows at most; all, if not given.", number),
        "offset": ("How many rows to leave out at the beginning.", number | {"default": 0}),
        "format": (
            "The form of the answer, whatever the header Accept says.",
            {"type": "string", "enum": [each.name for each in formats.ALL]},
        ),
        "snapshot": (
            "The digest of the snapshot to answer from; the current one, if not given.",
            {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        ),
        "version": (
            "The release that made a permalink; changes no answer.",
            {"type": "string", "pattern": "^[0-9A-Za-z][0-9A-Za-z.+]{0,39}$"},
        ),
    }
    return {
        name: {
            "name": name,
            "in": "query",
            "description": said,
            "allowEmptyValue": True,
            "schema": schema,
        }
        for name, (said, schema) in found.items()
    }


def _answer(asked: Question) -> Object:
    """Return the schema of an answer in JSON."""
    value: Object = {"type": ["string", "number", "boolean"]}
    columns = {
        name: value
        | {"description": said + (" Joined by spaces." if name in asked.several else "")}
        for name, said in asked.columns.items()
    }
    row = {"type": "object", "properties": columns, "additionalProperties": False}
    text: Object = {"type": "string"}
    fields: Object = {
        "question": {"const": asked.name},
        "parameters": {
            "type": "object",
            "description": "What was asked, each value in its full form, with the defaults.",
            "properties": {each.name: text for each in asked.parameters},
            "additionalProperties": False,
        },
        "snapshot": text | {"description": "The digest of the snapshot that answered."},
        "columns": {"type": "array", "items": {"enum": list(asked.columns)}},
        "rows": {"type": "array", "items": row},
        "sparql": text | {"description": "The query that made the answer."},
        "permalink": text | {"description": "The address under which the answer stays."},
    }
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _name(asked: Question) -> str:
    """Return the name of the schema of an answer."""
    return "".join(word.capitalize() for word in asked.name.split("-")) + "Answer"
