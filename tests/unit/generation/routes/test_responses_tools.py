"""`tool_choice`: a search that is forced, left to a model that can call tools, or off; and the limits of searching."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openai import BadRequestError, InternalServerError, OpenAI

from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.unit.generation.conftest import FrontDoor

SEARCH: Any = {"type": "file_search", "vector_store_ids": ["vs_a"]}
LOOK: Any = {"type": "function", "name": "look", "parameters": {"type": "object"}}
SEARCH_CALLS = [("file_search", '{"queries": ["seal color"]}')]


@pytest.fixture
def client(open_front_door: FrontDoor, engine: FakeEngine, retrieval: FakeRetrieval) -> Iterator[OpenAI]:
    """A client of a front door whose engine reads tool calls."""
    engine.supports_tools = True
    engine.answer = "The seal is turquoise. [1]"
    retrieval.add_store([make_hit("The seal is turquoise.", 0.9)])
    with open_front_door() as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=20) as client:
        yield client


def bodies(engine: FakeEngine) -> list[dict[str, Any]]:
    return [json.loads(body) for body in engine.bodies]


def test_a_model_that_can_call_tools_decides_to_search(client: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    engine.tool_calls = [SEARCH_CALLS]
    with client.responses.stream(model="tiny", input="Which color?", tools=[SEARCH], include=["file_search_call.results"]) as stream:
        events = list(stream)
        response = stream.get_final_response()
    assert [event.type.removeprefix("response.") for event in events][2:7] == [
        "output_item.added", "file_search_call.in_progress", "file_search_call.searching", "file_search_call.completed", "output_item.done",
    ]  # fmt: skip
    search, message = response.output
    assert search.type == "file_search_call"
    assert (search.status, search.queries) == ("completed", ["seal color"])
    assert search.results is not None
    assert search.results[0].text == "The seal is turquoise."
    assert retrieval.searches[-1]["query"] == ["seal color"]
    first, second = bodies(engine)
    assert [tool["function"]["name"] for tool in first["tools"]] == ["file_search"]
    assert [message["role"] for message in second["messages"]] == ["user", "assistant", "tool"]
    assert "The seal is turquoise." in second["messages"][-1]["content"]
    assert message.type == "message"
    assert [note.type for note in message.content[0].annotations] == ["file_citation"]  # type: ignore[union-attr]
    assert response.usage is not None
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens


def test_a_model_that_does_not_search_just_answers(client: OpenAI, retrieval: FakeRetrieval) -> None:
    response = client.responses.create(model="tiny", input="Hello", tools=[SEARCH])
    assert [item.type for item in response.output] == ["message"]
    assert retrieval.searches == []


def test_the_passages_of_later_searches_continue_the_numbers(client: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    engine.tool_calls = [SEARCH_CALLS, [("file_search", '{"queries": ["who gave it"]}')]]
    response = client.responses.create(model="tiny", input="Which color?", tools=[SEARCH])
    assert [item.type for item in response.output] == ["file_search_call", "file_search_call", "message"]
    last = bodies(engine)[-1]["messages"]
    assert "[1]" in last[2]["content"]
    assert "[2]" in last[4]["content"]
    assert len(retrieval.searches) == 2


def test_the_number_of_rounds_is_limited(client: OpenAI, engine: FakeEngine) -> None:
    engine.tool_calls = [SEARCH_CALLS] * 9
    response = client.responses.create(model="tiny", input="Which color?", tools=[SEARCH])
    assert [item.type for item in response.output] == ["file_search_call"] * 4 + ["message"]
    assert [body["tool_choice"] for body in bodies(engine)] == ["auto"] * 4 + ["none"]


def test_max_tool_calls_limits_the_searches(client: OpenAI, engine: FakeEngine) -> None:
    engine.tool_calls = [[*SEARCH_CALLS, *SEARCH_CALLS], SEARCH_CALLS]
    response = client.responses.create(model="tiny", input="Which color?", tools=[SEARCH], max_tool_calls=1, parallel_tool_calls=False)
    assert [item.type for item in response.output] == ["file_search_call", "message"]
    assert response.max_tool_calls == 1
    assert bodies(engine)[0]["parallel_tool_calls"] is False


@pytest.mark.parametrize("arguments", ["", "{", '{"queries": 3}', '{"queries": [" "]}', '["x"]'])
def test_a_search_call_without_valid_queries_searches_for_the_question(
    client: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval, arguments: str
) -> None:
    engine.tool_calls = [[("file_search", arguments)]]
    client.responses.create(model="tiny", input="Which color?", tools=[SEARCH])
    assert retrieval.searches[-1]["query"] == ["Which color?"]


def test_a_function_call_ends_the_response_for_the_client_to_answer(client: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    engine.tool_calls = [[("look", '{"at": 1}'), *SEARCH_CALLS]]
    response = client.responses.create(model="tiny", input="Which color?", tools=[SEARCH, LOOK])
    (call,) = response.output
    assert call.type == "function_call"
    assert (call.name, call.arguments) == ("look", '{"at": 1}')
    assert retrieval.searches == []


@pytest.mark.parametrize("choice", [{"type": "file_search"}, "required", {"type": "allowed_tools", "mode": "required", "tools": [SEARCH]}])
def test_a_forced_search_is_made_before_the_model_is_called(
    client: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval, choice: Any
) -> None:
    if isinstance(choice, dict) and "tools" in choice:
        choice = {**choice, "tools": [{"type": "file_search"}]}
    tools = [SEARCH] if choice == "required" else [SEARCH, LOOK]
    response = client.responses.create(model="tiny", input="Which color?", tools=tools, tool_choice=choice)
    assert [item.type for item in response.output] == ["file_search_call", "message"]
    (body,) = bodies(engine)
    assert "tools" not in body
    assert retrieval.searches[-1]["query"] == "Which color?"


def test_on_empty_abstain_forces_the_search(client: OpenAI, engine: FakeEngine) -> None:
    tool: Any = {**SEARCH, "on_empty": "abstain", "ranking_options": {"score_threshold": 0.95}}
    response = client.responses.create(model="tiny", input="Which color?", tools=[tool])
    assert response.output_text == "The documents do not answer this question."
    assert engine.bodies == []


def test_one_of_several_tools_can_be_required(client: OpenAI, engine: FakeEngine) -> None:
    engine.tool_calls = [SEARCH_CALLS]
    client.responses.create(model="tiny", input="Which color?", tools=[SEARCH, LOOK], tool_choice="required")
    first, second = bodies(engine)
    assert (first["tool_choice"], second["tool_choice"]) == ("required", "auto")
    assert [tool["function"]["name"] for tool in first["tools"]] == ["look", "file_search"]


def test_only_allowed_tools_reach_the_model(client: OpenAI, engine: FakeEngine) -> None:
    allowed: Any = {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "look"}]}
    client.responses.create(model="tiny", input="x", tools=[SEARCH, LOOK], tool_choice=allowed)
    assert [tool["function"]["name"] for tool in bodies(engine)[-1]["tools"]] == ["look"]


def test_an_engine_that_parses_no_tool_calls_gets_the_search_tool_only_once(
    client: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval
) -> None:
    engine.supports_tools = False
    for _ in range(2):
        response = client.responses.create(model="tiny", input="Which color?", tools=[SEARCH])
        assert [item.type for item in response.output] == ["file_search_call", "message"]
    assert ["tools" in body for body in bodies(engine)] == [True, False, False]
    assert len(retrieval.searches) == 2


def test_if_the_engine_parses_no_tool_calls_the_error_names_the_setting(client: OpenAI, engine: FakeEngine) -> None:
    engine.supports_tools = False
    function: Any = {"type": "function", "function": {"name": "look"}}
    message: Any = {"role": "user", "content": "x"}
    for call in (
        lambda: client.responses.create(model="tiny", input="x", tools=[SEARCH, LOOK]),
        lambda: client.chat.completions.create(model="tiny", messages=[message], tools=[function], tool_choice="auto"),
    ):
        with pytest.raises(BadRequestError, match="set TANDEM_ENGINE_TOOL_CALL_PARSER, or start the engine with") as raised:
            call()
        assert raised.value.param == "tool_choice"


def test_vector_stores_are_always_searched_if_the_setting_says_so(
    open_front_door: FrontDoor, engine: FakeEngine, retrieval: FakeRetrieval
) -> None:
    engine.supports_tools = True
    retrieval.add_store([make_hit("The seal is turquoise.", 0.9)])
    with open_front_door(offer_search=False) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        client.responses.create(model="tiny", input="Which color?", tools=[SEARCH])
    assert "tools" not in bodies(engine)[0]
    assert len(retrieval.searches) == 1


def test_a_failing_search_fails_the_response(client: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    engine.tool_calls = [SEARCH_CALLS]
    retrieval.broken = True
    with pytest.raises(InternalServerError):
        client.responses.create(model="tiny", input="Which color?", tools=[SEARCH])
    engine.tool_calls = [SEARCH_CALLS]
    events = list(client.responses.create(model="tiny", input="Which color?", tools=[SEARCH], stream=True))
    assert events[-1].type == "response.failed"
    assert [event.sequence_number for event in events] == list(range(len(events)))


def test_truncation_auto_drops_the_oldest_turns(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.context_length = 200
    words = " ".join(["word"] * 40)
    items: Any = [{"role": "developer", "content": "Be short."}]
    for number in range(5):
        items += [{"role": "user", "content": f"{number} {words}"}, {"role": "assistant", "content": "Yes."}]
    items.append({"role": "user", "content": "last"})
    with pytest.raises(BadRequestError) as raised:
        sdk.responses.create(model="tiny", input=items, truncation="disabled")
    assert raised.value.code == "context_length_exceeded"
    response = sdk.responses.create(model="tiny", input=items, truncation="auto")
    kept = [message["content"].split(" ")[0] for message in bodies(engine)[-1]["messages"]]
    assert kept == ["Be", "3", "Yes.", "4", "Yes.", "last"]
    assert response.truncation == "auto"
    with pytest.raises(BadRequestError) as raised:
        sdk.responses.create(model="tiny", input=words * 6, truncation="auto")
    assert raised.value.code == "context_length_exceeded"


def test_calls_stay_with_their_outputs_when_turns_are_dropped(sdk: OpenAI, engine: FakeEngine) -> None:
    call: Any = {"type": "function_call", "call_id": "c", "name": "look", "arguments": "{}"}
    result: Any = {"type": "function_call_output", "call_id": "c", "output": " ".join(["word"] * 100)}
    items: Any = [{"role": "user", "content": "one"}, call, result, {"role": "user", "content": "two"}]
    sdk.responses.create(model="tiny", input=items, truncation="auto")
    assert len(bodies(engine)[-1]["messages"]) == 4
    engine.context_length = 100
    sdk.responses.create(model="tiny", input=items, truncation="auto")
    assert [message["content"] for message in bodies(engine)[-1]["messages"]] == ["two"]


def test_truncation_leaves_room_for_passages(sdk: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    retrieval.add_store([make_hit("The seal is turquoise.", 0.9)])
    engine.context_length = 300
    items: Any = [{"role": "user", "content": f"{number} " + " ".join(["word"] * 30)} for number in range(7)]
    sdk.responses.create(model="tiny", input=items, tools=[SEARCH], tool_choice="required", truncation="auto", max_output_tokens=20)
    messages = bodies(engine)[-1]["messages"]
    assert "The seal is turquoise." in messages[-1]["content"]
    assert 1 < len(messages) < 7


def test_search_results_are_stored_and_shown_if_include_names_them(sdk: OpenAI, retrieval: FakeRetrieval) -> None:
    retrieval.add_store([make_hit("The seal is turquoise.", 0.9)])
    response = sdk.responses.create(model="tiny", input="Which color?", tools=[SEARCH], tool_choice="required")
    assert response.output[0].to_dict()["results"] is None
    assert sdk.responses.retrieve(response.id).output[0].to_dict()["results"] is None
    (search, _) = sdk.responses.retrieve(response.id, include=["file_search_call.results"]).output
    assert search.type == "file_search_call"
    assert search.results is not None
    assert [found.text for found in search.results] == ["The seal is turquoise."]
    with pytest.raises(BadRequestError, match="include"):
        sdk.responses.retrieve(response.id, include=["web_search_call.results"])


def test_input_tokens_are_counted_by_the_engine(sdk: OpenAI, engine: FakeEngine) -> None:
    first = sdk.responses.create(model="tiny", input="one two")
    assert first.usage is not None
    counted = sdk.responses.input_tokens.count(model="tiny", input="one two")
    assert (counted.object, counted.input_tokens) == ("response.input_tokens", first.usage.input_tokens)
    assert sdk.responses.input_tokens.count(previous_response_id=first.id).input_tokens > counted.input_tokens
    with pytest.raises(BadRequestError, match="The prompt is empty"):
        sdk.responses.input_tokens.count()
    assert len(engine.bodies) == 1


def test_the_output_of_a_call_that_was_never_made_is_refused(sdk: OpenAI) -> None:
    output: Any = {"type": "function_call_output", "call_id": "call_x", "output": "4 kg"}
    call: Any = {"type": "function_call", "call_id": "call_x", "name": "weigh", "arguments": "{}"}
    other = sdk.responses.create(model="tiny", input="Hi")
    refused: list[dict[str, Any]] = [
        {"input": [output]},
        {"input": [{**call, "call_id": "call_y"}, output]},
        {"input": [output, call]},
        {"input": [output], "previous_response_id": other.id},
        {"input": [output], "background": True},
    ]
    for fields in refused:
        with pytest.raises(BadRequestError, match="'call_x', but no earlier function call") as raised:
            sdk.responses.create(model="tiny", **fields)
        assert raised.value.param == f"input[{fields['input'].index(output)}].call_id"
    with pytest.raises(BadRequestError, match="no earlier function call"):
        sdk.responses.input_tokens.count(model="tiny", input=[output])
    assert sdk.responses.create(model="tiny", input=[{"role": "user", "content": "How heavy?"}, call, output]).status == "completed"


def test_the_output_of_a_call_in_the_previous_response_is_accepted(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.supports_tools = True
    engine.tool_calls = [[("weigh", "{}")]]
    tools: Any = [{"type": "function", "name": "weigh", "parameters": {"type": "object"}, "strict": False}]
    first = sdk.responses.create(model="tiny", input="How heavy is it?", tools=tools)
    (call,) = [item for item in first.output if item.type == "function_call"]
    output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "4 kg"}
    assert sdk.responses.create(model="tiny", input=[output], previous_response_id=first.id).status == "completed"
