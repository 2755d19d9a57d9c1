import json

import pytest

from services.evaluation.datasets.synthesis.propose import EXAMPLES, Proposal, build_proposal_request, observe_kind, parse_proposal
from shared.contracts.datasets import Kind
from tests.unit.evaluation.datasets.cases import TEXT, make_request


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_request_has_the_passage_an_example_of_the_kind_and_a_schema(kind: Kind) -> None:
    body = build_proposal_request(make_request(kind), "writer")
    assert (body["model"], body["temperature"]) == ("writer", 0)
    prompt = body["messages"][-1]["content"]
    assert TEXT in prompt
    assert "Manual \u203a Weights" in prompt
    assert parse_proposal(body["messages"][1]["content"]) == Proposal(*EXAMPLES[kind][::-1])
    schema = body["response_format"]["json_schema"]["schema"]
    assert list(schema["properties"]) == ["answer", "question"]
    choices = {"yes_no": ["yes", "no"], "number": ["12.5 kilograms"], "name": ["Kestrel", "Ada Poole", "Leeds"]}
    assert schema["properties"]["answer"].get("enum") == choices.get(kind)


def test_a_proposal_is_found_in_the_text_around_it_and_its_spaces_are_single() -> None:
    text = 'Here you are:\n```json\n{"answer": " 12\\n kg ", "question": "How  heavy?", "more": 1}\n```'
    assert parse_proposal(text) == Proposal("How heavy?", "12 kg")


@pytest.mark.parametrize(
    "text",
    ["", "no", "{}", "[1]", '{"answer": "a"}', '{"answer": 3, "question": "b"}', '{"answer": " ", "question": "b"}', '{"answer": "a', "}{"],
)
def test_a_reply_without_a_question_and_an_answer_is_no_proposal(text: str) -> None:
    assert parse_proposal(text) is None


@pytest.mark.parametrize(
    ("requested", "answer", "kind"),
    [
        ("number", "12 kg", "number"),
        ("number", "twelve", "fact"),
        ("name", "Ada Poole", "name"),
        ("name", "the old crane", "fact"),
        ("name", "\u5317\u4eac", "name"),
        ("list", "red, green and blue", "list"),
        ("list", "red", "fact"),
        ("why", "it rusted", "why"),
        ("fact", "12 kg", "fact"),
        ("yes_no", "no", "yes_no"),
    ],
)
def test_a_question_that_is_not_of_the_requested_kind_is_a_fact(requested: Kind, answer: str, kind: Kind) -> None:
    assert observe_kind(requested, Proposal("What?", answer)) == kind


def test_a_passage_with_quotes_and_braces_does_not_break_the_request() -> None:
    assert json.loads(json.dumps(build_proposal_request(make_request("fact"), 'w"{')))["model"] == 'w"{'
