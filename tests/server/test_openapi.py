"""The OpenAPI description is valid, says what the headers say, and answers keep to it."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from peelgraph.questions import names, question
from peelserver.state import State

Object = dict[str, Any]

#: that an answer keeps to its description, whatever was asked
CONFORMANCE = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


PATHS = [
    *(f"/questions/{name}" for name in names()),
    *("/questions", "/sparql", "/health", "/id/{kind}/{slug}", "/exports", "/exports/{format}"),
]

#: the client in process does not unpack
PLAIN = {"Accept-Encoding": "identity"}

#: few examples, the same at each run
BOUNDED = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def description(served: tuple[Flask, State]) -> Object:
    found: Object = served[0].test_client().get("/openapi.json").get_json()
    return found


@pytest.fixture(scope="module")
def api(served: tuple[Flask, State]) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", served[0])


def test_it_is_valid(description: Object) -> None:
    OPENAPI_31_VALIDATOR.validate(description)


@pytest.mark.parametrize("name", names())
def test_every_question_is_a_path(description: Object, name: str) -> None:
    asked = question(name)
    path = description["paths"][f"/questions/{name}"]["get"]
    given = {each["name"]: each for each in path["parameters"] if "name" in each}
    assert list(given) == [each.name for each in asked.parameters]
    for each in asked.parameters:
        assert given[each.name]["required"] == (each.name in asked.required)
        assert given[each.name]["example"] == each.example
        assert given[each.name]["description"].startswith(each.help)
        if each.type in ("token", "concept"):
            assert each.example in given[each.name]["schema"]["enum"]
    answer = path["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    rows = description["components"]["schemas"][answer.rpartition("/")[2]]["properties"]["rows"]
    columns = {key: value["description"] for key, value in rows["items"]["properties"].items()}
    assert list(columns) == list(asked.columns)
    assert all(columns[key].startswith(said) for key, said in asked.columns.items())
    assert {"200", "304", "400", "410", "429", "503", "504"} <= set(path["responses"])


def test_every_example_is_answered(description: Object, served: tuple[Flask, State]) -> None:
    client = served[0].test_client()
    for path, item in description["paths"].items():
        for each in item["get"]["parameters"] if path.startswith("/questions/") else ():
            if "example" not in each:
                continue
            given = {
                other["name"]: other["example"]
                for other in item["get"]["parameters"]
                if other.get("required")
            } | {each["name"]: each["example"]}
            assert client.get(path, query_string=given).status_code == 200, (path, given)


def test_other_paths_are_described(description: Object) -> None:
    assert {"/questions", "/sparql", "/health", "/id/{kind}/{slug}"} <= set(description["paths"])


@pytest.mark.parametrize("path", PATHS)
def test_answers_keep_to_it(api: BaseSchema, path: str) -> None:
    @BOUNDED
    @given(case=api[path]["GET"].as_strategy())
    def keeps(case: Case[Any]) -> None:
        case.query.pop("snapshot", None)  # one that is made up is gone
        case.call_and_validate(headers=PLAIN, checks=CONFORMANCE)

    keeps()


@pytest.mark.parametrize("name", ["judgements", "phase", "status", "timeline"])
def test_what_it_does_not_allow_is_refused(api: BaseSchema, name: str) -> None:
    wrong = api[f"/questions/{name}"]["GET"].as_strategy(GenerationMode.NEGATIVE)

    @BOUNDED
    @given(case=wrong)
    def refuses(case: Case[Any]) -> None:
        assume("" not in case.query.values())  # what is left empty is not given
        case.call_and_validate(headers=PLAIN, checks=[*CONFORMANCE, negative_data_rejection])

    refuses()
