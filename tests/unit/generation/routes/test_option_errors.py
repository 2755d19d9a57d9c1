"""An error about a retrieval option names the field as the caller wrote it, in a chat, a completion and a response."""

from typing import Any

import httpx
import pytest

from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit

QUESTION = "How many arms?"
FUNCTION = {"type": "function", "name": "look", "parameters": {"type": "object"}}
HYBRID = {"hybrid_search": {"embedding_weight": 1, "text_weight": 1}}
BOTH = "{{ passages|length }}{{ question }}"
WHOLE = "{% for p in passages %}{{ p }}{% endfor %}"
BAD_FIELD = "{{ question }}{% for p in passages %}{{ p.nope }}{% endfor %}"

# Options that cannot be combined, and the path of the field that is at fault.
COMBINATIONS: list[tuple[dict[str, Any], str]] = [
    ({"search_mode": "keyword", "ranking_options": HYBRID}, "ranking_options.hybrid_search"),
    ({"rerank": {}, "ranking_options": {"ranker": "none"}}, "ranking_options.ranker"),
]
# Options that cannot be used, the path of the field within the options, and the status.
CASES: list[tuple[dict[str, Any], str, int]] = [
    ({"vector_store_ids": []}, "vector_store_ids", 400),
    ({"vector_store_ids": ["vs_a", "vs_gone"]}, "vector_store_ids[1]", 404),
    ({"filters": {"type": "near", "key": "year", "value": 1}}, "filters.type", 400),
    ({"max_num_results": 51}, "max_num_results", 400),
    ({"ranking_options": {"score_threshold": 2}}, "ranking_options.score_threshold", 400),
    ({"ranking_options": {"ranker": "unknown"}}, "ranking_options.ranker", 400),
    *((options, field, 400) for options, field in COMBINATIONS),
    ({"max_context_tokens": 32}, "max_context_tokens", 400),
    ({"prompt_template": "{{ question"}, "prompt_template", 400),
    ({"prompt_template": BAD_FIELD}, "prompt_template", 400),
    ({"order": "random"}, "order", 400),
    ({"nonsense": 1}, "nonsense", 400),
]


@pytest.fixture(autouse=True)
def store(retrieval: FakeRetrieval) -> None:
    retrieval.add_store([make_hit("word " * 40, 0.9)])


def post(http: httpx.Client, path: str, body: dict[str, Any]) -> tuple[int, str | None, str]:
    response = http.post(path, json={"model": "tiny", **body})
    error = response.json()["error"]
    return response.status_code, error["param"], error["message"]


@pytest.mark.parametrize(("options", "field", "status"), CASES)
def test_a_chat_names_the_field_of_retrieval(http: httpx.Client, options: dict[str, Any], field: str, status: int) -> None:
    retrieval = {"vector_store_ids": ["vs_a"], **options}
    for path, body in (
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": QUESTION}]}),
        ("/v1/completions", {"prompt": QUESTION}),
    ):
        actual, param, message = post(http, path, {**body, "retrieval": retrieval})
        assert (actual, param) == (status, f"retrieval.{field}")
        assert f"'{field}'" not in message


@pytest.mark.parametrize(("options", "field", "status"), CASES)
def test_a_response_names_the_field_of_the_tool(http: httpx.Client, options: dict[str, Any], field: str, status: int) -> None:
    tools = [FUNCTION, {"type": "file_search", "vector_store_ids": ["vs_a"], **options}]
    choice = {"type": "file_search"}
    actual, param, message = post(http, "/v1/responses", {"input": QUESTION, "tools": tools, "tool_choice": choice})
    assert (actual, param) == (status, f"tools[1].{field}")
    assert "retrieval." not in message
    assert f"'{field}'" not in message


def test_a_search_that_the_model_asks_for_names_the_field_of_the_tool(http: httpx.Client, engine: FakeEngine) -> None:
    engine.supports_tools = True
    engine.tool_calls = [[("file_search", '{"queries": ["arms"]}')]]
    tools = [{"type": "file_search", "vector_store_ids": ["vs_gone"]}]
    assert post(http, "/v1/responses", {"input": QUESTION, "tools": tools})[:2] == (404, "tools[0].vector_store_ids[0]")


@pytest.mark.parametrize(("options", "field"), COMBINATIONS)
def test_options_that_cannot_be_combined_are_refused_before_anything_is_answered(
    http: httpx.Client, engine: FakeEngine, options: dict[str, Any], field: str
) -> None:
    engine.supports_tools = True
    tools = [{"type": "file_search", "vector_store_ids": ["vs_a"], **options}]
    for way in ({}, {"stream": True}, {"background": True}, {"tool_choice": "none"}):
        actual, param, message = post(http, "/v1/responses", {"input": QUESTION, "tools": tools, **way})
        assert (actual, param) == (400, f"tools[0].{field}")
        assert message.startswith(f"'tools[0].{field}' must ")
    assert engine.bodies == []


def test_only_a_chat_has_a_conversation_to_rewrite_the_question_from(http: httpx.Client) -> None:
    retrieval = {"vector_store_ids": ["vs_a"], "query": "conversation"}
    assert post(http, "/v1/completions", {"prompt": QUESTION, "retrieval": retrieval})[:2] == (400, "retrieval.query")


def test_the_message_about_an_unknown_ranker_names_the_field_as_the_request_does(http: httpx.Client) -> None:
    options = {"vector_store_ids": ["vs_a"], "ranking_options": {"ranker": "zz"}}
    chat = {"messages": [{"role": "user", "content": QUESTION}], "retrieval": options}
    response = {"input": QUESTION, "tools": [{"type": "file_search", **options}]}
    for path, body, place in (("/v1/chat/completions", chat, "retrieval"), ("/v1/responses", response, "tools[0]")):
        assert post(http, path, body)[2] == f"'{place}.ranking_options.ranker' must be 'none' or 'auto'."


@pytest.mark.parametrize("retrieves", [False, True])
def test_a_prompt_that_is_too_long_is_an_error_of_its_field(http: httpx.Client, engine: FakeEngine, retrieves: bool) -> None:
    engine.context_length, long = 60, "word " * 70
    options = {"vector_store_ids": ["vs_a"]}
    grounded: dict[str, Any] = {"retrieval": options} if retrieves else {}
    search: dict[str, Any] = {"tools": [{"type": "file_search", **options}], "tool_choice": "required"} if retrieves else {}
    bodies: list[tuple[str, dict[str, Any], str]] = [
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": long}], **grounded}, "messages"),
        ("/v1/completions", {"prompt": long * 2, **grounded}, "prompt"),
        ("/v1/responses", {"input": long, "instructions": "Be short.", **search}, "input"),
        ("/v1/responses", {"input": QUESTION, "instructions": long, **search}, "instructions"),
    ]
    for path, body, field in bodies:
        error = http.post(path, json={"model": "tiny", **body}).json()["error"]
        assert (error["param"], error["code"]) == (field, "context_length_exceeded")


def test_an_error_of_another_field_keeps_its_name(http: httpx.Client) -> None:
    body = {"messages": [{"role": "assistant", "content": "Two."}], "retrieval": {"vector_store_ids": ["vs_a"]}}
    assert post(http, "/v1/chat/completions", body)[:2] == (400, "messages")


IMAGE = {"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,x"}]}


@pytest.mark.parametrize("items", [[IMAGE], [{"role": "assistant", "content": "Two."}]])
def test_a_response_without_a_question_names_its_input(http: httpx.Client, engine: FakeEngine, items: list[Any]) -> None:
    tools = [{"type": "file_search", "vector_store_ids": ["vs_a"]}]
    status, param, message = post(http, "/v1/responses", {"input": items, "tools": tools, "tool_choice": "required"})
    assert (status, param) == (400, "input")
    assert message == "With 'file_search', the last user message in 'input' must have text."


@pytest.mark.parametrize(
    "template", [BAD_FIELD, "{{ lipsum }}" + BOTH, BOTH + "{{ question + 1 }}", "{{ passages }}{{ question }}", BOTH + WHOLE]
)
def test_a_mistake_in_a_template_shows_even_if_nothing_is_found(http: httpx.Client, retrieval: FakeRetrieval, template: str) -> None:
    retrieval.add_store([], "vs_empty")
    options = {"vector_store_ids": ["vs_empty"], "prompt_template": template}
    chat = {"messages": [{"role": "user", "content": QUESTION}], "retrieval": options}
    assert post(http, "/v1/chat/completions", chat)[:2] == (400, "retrieval.prompt_template")
    response = {"input": QUESTION, "tools": [{"type": "file_search", **options}]}
    for way in ({}, {"stream": True}, {"background": True}):
        assert post(http, "/v1/responses", {**response, **way})[:2] == (400, "tools[0].prompt_template")


def test_a_model_that_decides_about_the_search_does_not_hide_a_mistake_in_a_template(http: httpx.Client, engine: FakeEngine) -> None:
    engine.supports_tools = True
    tools = [{"type": "file_search", "vector_store_ids": ["vs_a"], "prompt_template": BAD_FIELD}]
    assert post(http, "/v1/responses", {"input": QUESTION, "tools": tools})[:2] == (400, "tools[0].prompt_template")


def test_a_template_with_only_the_first_passage_works(http: httpx.Client, engine: FakeEngine) -> None:
    retrieval = {"vector_store_ids": ["vs_a"], "prompt_template": "{{ (passages|first).text }}Q: {{ question }}"}
    body = {"model": "tiny", "messages": [{"role": "user", "content": QUESTION}], "retrieval": retrieval}
    assert http.post("/v1/chat/completions", json=body).status_code == 200
    assert engine.bodies[-1].count(b"word word") > 0
    assert b"Q: How many arms?" in engine.bodies[-1]
