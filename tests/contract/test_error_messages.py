"""Every error message of the API is a plain sentence, and none has the words of the validation library."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from deploy.errors.__main__ import every_input
from deploy.errors.raised import RaisedError, checks, raised_errors
from deploy.errors.validation import Input, inputs
from deploy.errors.violations import violations
from deploy.errors.wording import faults
from shared.validation.schema import schema_of

PROJECT = Path(__file__).parents[2]
INPUTS = every_input()
# What a caller cannot break: a string accepts every text in a query, and a body without fields every object.
UNBREAKABLE = re.compile(r"\?(after|before|purpose|starting_after|include_obfuscation)=")


@pytest.mark.parametrize("sent", INPUTS, ids=lambda sent: sent.name)
def test_every_way_to_break_a_request_is_answered_with_a_plain_sentence(sent: Input) -> None:
    errors = list(sent.errors())
    assert errors or UNBREAKABLE.search(sent.name)
    assert [(error.message, faults(error.message)) for error in errors if faults(error.message)] == []


def test_every_body_of_both_services_is_among_them() -> None:
    names = {sent.name for sent in INPUTS}
    assert {"POST /v1/responses", "POST /v1/fine_tuning/jobs", "POST /v1/comparisons"} <= names
    assert {"POST /v1/embeddings", "POST /v1/rerank", "POST /v1/vector_stores/{vector_store_id}/search"} <= names


@pytest.mark.parametrize("error", raised_errors(PROJECT), ids=lambda error: error.place)
def test_a_message_in_the_code_is_a_plain_sentence(error: RaisedError) -> None:
    assert faults(error.message) == []


@pytest.mark.parametrize("check", checks(PROJECT), ids=lambda check: check.place)
def test_a_check_of_a_schema_is_worded_as_a_plain_sentence(check: RaisedError) -> None:
    assert faults(check.message) == []


@pytest.mark.parametrize(
    "message",
    [
        "'limit': Input should be less than or equal to 50.",
        "It must be a whole number, not a text.",
        "A comparison needs at least two arms, here is ['base'].",
        "the file has 1 examples",
        "The body is not multipart/form-data as it should be: oops.",
        "'a.exe' is in a format where it cannot be read.",
    ],
)
def test_a_message_that_nobody_would_say_is_found(message: str) -> None:
    assert faults(message)


def test_violations_cover_every_kind_of_limit() -> None:
    class Inner(BaseModel):
        kind: str

    class Body(BaseModel):
        size: int
        inner: Inner
        names: list[str] = []

    broken = list(violations(schema_of(Body)))
    assert {"inner": {"kind": "a"}} in broken, "a required field is left out"
    assert {"size": 1, "inner": {}} in broken, "a required field of a nested object is left out"
    assert {"size": 7.5, "inner": {"kind": "a"}} in broken, "an integer has a fraction"
    assert {"size": 1, "inner": {"kind": "a"}, "names": [True]} in broken, "an item has a wrong type"


def test_a_body_that_an_app_does_not_describe_is_no_input() -> None:
    app = FastAPI()

    @app.get("/hidden", include_in_schema=False)
    def hidden(limit: int) -> int:
        return limit

    assert list(inputs(app)) == []
