import json
from typing import Any

import httpx
import pytest
from openai import BadRequestError, InternalServerError, NotFoundError, OpenAI

from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.unit.generation.conftest import FrontDoor

SEARCH: dict[str, Any] = {"type": "file_search", "vector_store_ids": ["vs_a"]}


def last_body(engine: FakeEngine) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(engine.bodies[-1])
    return body


def test_a_string_is_answered_with_a_message(sdk: OpenAI, engine: FakeEngine) -> None:
    response = sdk.responses.create(model="tiny", input="one two", instructions="Be short.", temperature=0, max_output_tokens=9)
    assert (response.output_text, response.status, response.error) == ("one two ", "completed", None)
    assert response.usage is not None
    assert response.usage.total_tokens > 0
    assert [message["role"] for message in last_body(engine)["messages"]] == ["system", "user"]
    assert (last_body(engine)["temperature"], last_body(engine)["max_completion_tokens"]) == (0, 9)


def test_a_stream_adds_up_to_the_plain_response(sdk: OpenAI) -> None:
    with sdk.responses.stream(model="tiny", input="one two") as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        final = stream.get_final_response()
    assert text == final.output_text == sdk.responses.create(model="tiny", input="one two").output_text
    assert sdk.responses.retrieve(final.id).output_text == text


def test_a_response_continues_from_the_previous_one(sdk: OpenAI, engine: FakeEngine) -> None:
    first = sdk.responses.create(model="tiny", input="one")
    second = sdk.responses.create(model="tiny", input="two", previous_response_id=first.id)
    assert [message["content"] for message in last_body(engine)["messages"]] == ["one", "one ", "two"]
    sdk.responses.create(model="tiny", input="three", previous_response_id=second.id, store=False)
    assert [message["content"] for message in last_body(engine)["messages"]] == ["one", "one ", "two", "two ", "three"]


def test_a_stored_response_can_be_retrieved_listed_and_deleted(sdk: OpenAI) -> None:
    items: Any = [{"role": "user", "content": "one"}, {"role": "user", "content": "two"}, {"role": "user", "content": "three"}]
    response = sdk.responses.create(model="tiny", input=items, metadata={"a": "b"})
    assert sdk.responses.retrieve(response.id).metadata == {"a": "b"}
    listed = sdk.responses.input_items.list(response.id, limit=2, order="asc")
    assert [item.to_dict()["content"] for item in listed] == [[{"type": "input_text", "text": text}] for text in ("one", "two", "three")]
    sdk.responses.delete(response.id)
    with pytest.raises(NotFoundError):
        sdk.responses.retrieve(response.id)
    with pytest.raises(BadRequestError, match="not found"):
        sdk.responses.create(model="tiny", input="x", previous_response_id=response.id)


def test_a_response_with_store_false_is_not_stored(sdk: OpenAI) -> None:
    response = sdk.responses.create(model="tiny", input="one", store=False)
    with pytest.raises(NotFoundError):
        sdk.responses.retrieve(response.id)


def test_an_answer_from_documents_has_their_passages_in_its_prompt_and_citations(
    sdk: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval
) -> None:
    retrieval.add_store([make_hit("The seal is turquoise.", 0.9)])
    filters = {"type": "eq", "key": "year", "value": 2024}
    tool: Any = {
        **SEARCH,
        "max_num_results": 3,
        "filters": filters,
        "ranking_options": {"score_threshold": 0.2, "hybrid_search": {"embedding_weight": 1, "text_weight": 2}},
    }
    response = sdk.responses.create(model="tiny", input="Which color?", tools=[tool], include=["file_search_call.results"])
    search, message = response.output
    assert search.type == "file_search_call"
    assert search.queries == ["Which color?"]
    assert search.results is not None
    assert search.results[0].text == "The seal is turquoise."
    assert message.type == "message"
    assert "The seal is turquoise." in last_body(engine)["messages"][0]["content"]
    assert {note.file_id for note in message.content[0].annotations} == {"file-a"}  # type: ignore[union-attr]
    search_request = retrieval.searches[-1]
    assert (search_request["max_num_results"], search_request["ranking_options"]["score_threshold"], search_request["filters"]) == (
        3,
        0.2,
        filters,
    )
    assert search_request["ranking_options"]["hybrid_search"] == {"embedding_weight": 1, "text_weight": 2}


@pytest.mark.parametrize("choice", ["none", {"type": "function", "name": "look"}])
def test_nothing_is_searched_if_tool_choice_excludes_the_search(sdk: OpenAI, retrieval: FakeRetrieval, choice: Any) -> None:
    tools: Any = [SEARCH, {"type": "function", "name": "look", "parameters": {}}]
    sdk.responses.create(model="tiny", input="x", tools=tools, tool_choice=choice)
    assert retrieval.searches == []


def test_functions_and_formats_are_translated_for_the_engine(sdk: OpenAI, engine: FakeEngine) -> None:
    tools: Any = [{"type": "function", "name": "look", "parameters": {"type": "object"}, "strict": True}]
    text: Any = {"format": {"type": "json_schema", "name": "it", "schema": {"type": "object"}, "strict": True}}
    sdk.responses.create(model="tiny", input="x", tools=tools, tool_choice={"type": "function", "name": "look"}, text=text)
    assert last_body(engine)["tools"] == [
        {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}, "strict": True}}
    ]
    assert last_body(engine)["tool_choice"] == {"type": "function", "function": {"name": "look"}}
    assert last_body(engine)["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "it", "schema": {"type": "object"}, "strict": True},
    }


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"input": []}, "input"),
        ({"tools": [{"type": "web_search"}]}, "tools[0].type"),
        ({"tools": [SEARCH, SEARCH]}, "tools"),
        ({"background": True, "store": False}, "background"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tool_choice": {"type": "file_search"}}, "tool_choice"),
        ({"tools": [SEARCH], "tool_choice": {"type": "function", "name": "look"}}, "tool_choice"),
        ({"tools": [SEARCH, {"type": "function", "name": "file_search"}]}, "tools"),
        ({"truncation": "middle"}, "truncation"),
        ({"wrong": 1}, "wrong"),
        ({"text": {"format": {"type": "json_schema"}}}, "text.format.name"),
    ],
)
def test_an_invalid_field_is_an_error_that_names_it(http: httpx.Client, change: dict[str, Any], param: str | None) -> None:
    response = http.post("/v1/responses", json={"model": "tiny", "input": "x", **change})
    assert (response.status_code, response.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize("way", [{}, {"stream": True}, {"background": True}])
def test_an_empty_prompt_is_refused_before_anything_is_answered(http: httpx.Client, engine: FakeEngine, way: dict[str, Any]) -> None:
    response = http.post("/v1/responses", json={"model": "tiny", "input": [{"type": "reasoning", "summary": []}], **way})
    error = response.json()["error"]
    message = "The prompt is empty. Set 'input', 'instructions' or 'previous_response_id'."
    assert (response.status_code, error["param"], error["message"]) == (400, "input", message)
    assert engine.bodies == []


def test_an_unknown_model_is_a_404(sdk: OpenAI) -> None:
    with pytest.raises(NotFoundError, match="does not exist"):
        sdk.responses.create(model="other", input="x")


def test_a_failing_engine_fails_the_response(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.sends_error = True
    with pytest.raises(InternalServerError, match="EngineCore died"):
        sdk.responses.create(model="tiny", input="one")
    events = list(sdk.responses.create(model="tiny", input="one", stream=True))
    assert events[-1].type == "response.failed"


def test_a_client_that_disconnects_cancels_the_generation(front_door: str, engine: FakeEngine) -> None:
    engine.hangs = True
    with httpx.stream("POST", f"{front_door}/v1/responses", json={"model": "tiny", "input": "x", "stream": True}) as response:
        next(response.iter_bytes())
    assert engine.aborted.wait(10)


def test_a_project_cannot_see_the_responses_of_another(open_front_door: FrontDoor, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    keys = {"keys": "red:red-key-1,blue:blue-key-1", "worker_key": "worker-key-1"}
    with open_front_door(common=keys) as url:
        red, blue = (OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) for key in ("red-key-1", "blue-key-1"))
        response = red.responses.create(model="tiny", input="one")
        assert red.responses.retrieve(response.id).id == response.id
        with pytest.raises(NotFoundError):
            blue.responses.retrieve(response.id)
        with pytest.raises(BadRequestError, match="not found"):
            blue.responses.create(model="tiny", input="x", previous_response_id=response.id)
        red.close()
        blue.close()


def test_an_engine_that_sends_nonsense_fails_only_that_response(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.sends_invalid_json = True
    with pytest.raises(InternalServerError, match="not a JSON object"):
        sdk.responses.create(model="tiny", input="one")
    events = list(sdk.responses.create(model="tiny", input="one", stream=True))
    assert events[-1].type == "response.failed"
    engine.sends_invalid_json = False
    assert sdk.responses.create(model="tiny", input="two").output_text == "two "
