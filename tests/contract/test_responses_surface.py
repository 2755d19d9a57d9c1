"""`/v1/responses` checked against the installed `openai` package and the Open Responses specification: every method, every parameter, every
field of its responses, every event. These tests fail with a version of the package that has more.
"""

import json
import typing
from collections.abc import Iterator
from typing import Any

import httpx
import openai.types.responses as sdk_types
import pytest
from openai import BadRequestError, NotFoundError, OpenAI
from openai.resources import responses as resources
from openai.types.responses import Response, ResponseStreamEvent, response_create_params, response_retrieve_params
from pydantic import BaseModel, TypeAdapter

from services.generation.app import create_app
from services.generation.contracts.responses.response import ResponseCreate
from services.generation.settings import GenerationSettings
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import serving, wait_until

EVENTS: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
SEARCH: Any = {
    "type": "file_search",
    "vector_store_ids": ["vs_a"],
    "max_num_results": 3,
    "filters": None,
    "ranking_options": {"ranker": "auto"},
}
LOOK: Any = {
    "type": "function",
    "name": "look",
    "description": "Looks.",
    "parameters": {"type": "object", "properties": {}},
    "strict": False,
}
NOT_ENDPOINTS = {"with_raw_response", "with_streaming_response"}

ACCEPTED: dict[str, list[Any]] = {
    "model": ["tiny"],
    "input": ["one", [{"role": "user", "content": "one"}]],
    "instructions": ["Be short.", None],
    "previous_response_id": [None],
    "store": [True, False, None],
    "stream": [True, False, None],
    "stream_options": [{"include_obfuscation": False}, None],
    "background": [True, False, None],
    "metadata": [{"a": "b"}, None],
    "text": [
        {"format": {"type": "text"}},
        {"format": {"type": "json_object"}},
        {"verbosity": "low"},
        {"format": None, "verbosity": None},
        None,
    ],
    "tools": [[LOOK], [SEARCH]],
    "tool_choice": ["auto", "none"],
    "parallel_tool_calls": [True, False, None],
    "max_tool_calls": [3, None],
    "include": [["file_search_call.results"], ["message.output_text.logprobs"], ["reasoning.encrypted_content"], None],
    "max_output_tokens": [9, None],
    "temperature": [0.5, None],
    "top_p": [0.5, None],
    "top_logprobs": [2, None],
    "truncation": ["auto", "disabled", None],
    "user": ["me"],
    "safety_identifier": ["me"],
    "prompt_cache_key": ["mine"],
    "prompt_cache_retention": ["24h", "in_memory", "in-memory", None],
    "service_tier": ["auto", "default", None],
    "reasoning": [{"effort": "low"}, {"effort": None}, None],
}
REFUSED: dict[str, Any] = {
    "access_programs": {"cyber": "standard"},
    "background_options": {"completion_window": "2h"},
    "context_management": [{"type": "compaction"}],
    "conversation": "conv_1",
    "image": {"context_compression": "auto"},
    "moderation": {"model": "omni-moderation-latest"},
    "prompt": {"id": "pmpt_1"},
    "prompt_cache_options": {"mode": "implicit"},
}
REFUSED_VALUES = [
    {"reasoning": {"effort": "some"}},
    {"reasoning": {"summary": "auto"}},
    {"seed": 2**63},
    {"service_tier": "flex"},
    {"include": ["web_search_call.results"]},
    {"include": ["message.input_image.image_url"]},
    {"text": {"verbosity": "loud"}},
    {"text": {"size": 5}},
    {"prompt_cache_retention": "1h"},
    {"top_p": 0},
    {"tools": [{**LOOK, "allowed_callers": ["direct"]}]},
    {"tools": [{"type": "web_search"}]},
    {"tools": [{"type": "mcp", "server_label": "it", "server_url": "http://it"}]},
    {"tools": [LOOK], "tool_choice": {"type": "custom", "name": "look"}},
    {"tools": [LOOK], "tool_choice": {"type": "web_search_preview"}},
]
# Fields of services that do not exist here: a response never has them.
NEVER_RETURNED = {
    "access_programs", "conversation", "image", "input_transformations", "moderation", "prompt", "prompt_cache_diagnostics",
    "prompt_cache_options", "tool_usage",
}  # fmt: skip

# The public Open Responses specification (openresponses.org, version 2026-04-24): the fields that its schema requires.
REQUIRED = {
    "response": (
        "id object created_at completed_at status incomplete_details model previous_response_id instructions output error tools "
        "tool_choice truncation parallel_tool_calls text top_p presence_penalty frequency_penalty top_logprobs temperature reasoning "
        "usage max_output_tokens max_tool_calls store background service_tier metadata safety_identifier prompt_cache_key"
    ),
    "usage": "input_tokens output_tokens total_tokens input_tokens_details output_tokens_details",
    "message": "type id status role content",
    "output_text": "type text annotations",
    "input_text": "type text",
    "function_call": "type id call_id name arguments status",
    "function_call_output": "type id call_id output status",
    "function": "type name description parameters strict",
    "text.format": "type",
    "error": "code message",
}
NUMERIC_FIELDS = ("top_p", "presence_penalty", "frequency_penalty", "temperature", "top_logprobs", "created_at")
ITEM_FIELDS = {"item_id", "output_index"}
CONTENT_FIELDS = {*ITEM_FIELDS, "content_index"}
EVENT_FIELDS: dict[str, set[str]] = {
    "created": {"response"},
    "queued": {"response"},
    "in_progress": {"response"},
    "completed": {"response"},
    "failed": {"response"},
    "incomplete": {"response"},
    "output_item.added": {"output_index", "item"},
    "output_item.done": {"output_index", "item"},
    "content_part.added": {*CONTENT_FIELDS, "part"},
    "content_part.done": {*CONTENT_FIELDS, "part"},
    "output_text.delta": {*CONTENT_FIELDS, "delta"},
    "output_text.done": {*CONTENT_FIELDS, "text"},
    "output_text.annotation.added": {*CONTENT_FIELDS, "annotation_index", "annotation"},
    "function_call_arguments.delta": {*ITEM_FIELDS, "delta"},
    "function_call_arguments.done": {*ITEM_FIELDS, "arguments"},
    "file_search_call.in_progress": ITEM_FIELDS,
    "file_search_call.searching": ITEM_FIELDS,
    "file_search_call.completed": ITEM_FIELDS,
}


class Color(BaseModel):
    """A structured answer."""

    color: str


@pytest.fixture(scope="module")
def engine() -> FakeEngine:
    return FakeEngine(supports_tools=True)


@pytest.fixture(scope="module")
def url(engine: FakeEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    retrieval = FakeRetrieval()
    retrieval.add_store([make_hit("The seal is turquoise.", 0.9)])
    common = JobSettings(data=tmp_path_factory.mktemp("jobs"), base_name="tiny", broker_url="memory://")
    with serving(engine.app()) as engine_url, serving(retrieval.app()) as retrieval_url:
        settings = GenerationSettings(common=common, engine_url=engine_url, retrieval_url=retrieval_url)
        with serving(create_app(settings)) as front_door_url:
            yield f"{front_door_url}/v1"


@pytest.fixture
def client(url: str, engine: FakeEngine) -> Iterator[OpenAI]:
    engine.answer, engine.tool_calls, engine.sends_error = None, [], False
    with OpenAI(base_url=url, api_key="none", max_retries=0, timeout=30) as client:
        yield client


def post(url: str, **body: Any) -> httpx.Response:
    return httpx.post(f"{url}/responses", json={"model": "tiny", "input": "one", **body}, timeout=30)


def test_every_parameter_is_accepted_or_refused(url: str, client: OpenAI) -> None:
    kinds = (response_create_params.ResponseCreateParamsNonStreaming, response_create_params.ResponseCreateParamsStreaming)
    known = {name for kind in kinds for name in typing.get_type_hints(kind)}
    assert known == {*ACCEPTED, *REFUSED}, "the SDK has parameters that are not tested here"
    for name, values in ACCEPTED.items():
        for value in values:
            needed = {"tools": [LOOK]} if name == "tool_choice" else {}
            response = post(url, **{**needed, name: value})
            assert response.is_success, (name, value, response.text)
    first = client.responses.create(model="tiny", input="one")
    assert post(url, previous_response_id=first.id).is_success
    for name, value in REFUSED.items():
        response = post(url, **{name: value})
        error = response.json()["error"]
        assert (response.status_code, error["param"], name in error["message"]) == (400, name, True)


@pytest.mark.parametrize("change", REFUSED_VALUES, ids=json.dumps)
def test_a_value_that_is_not_supported_is_an_error_of_its_field(url: str, change: dict[str, Any]) -> None:
    response = post(url, **change)
    assert response.status_code == 400
    assert response.json()["error"]["param"].split("[")[0].split(".")[0] in change


@pytest.mark.parametrize("path", ["/responses", "/responses/input_tokens"])
def test_null_means_that_a_field_was_not_sent(url: str, path: str) -> None:
    fields = dict.fromkeys(REFUSED)
    look, search = ({**tool, **dict.fromkeys(["allowed_callers", "async_", "output_schema", "nonsense"])} for tool in (LOOK, SEARCH))
    search = {**search, "ranking_options": {"ranker": None, "nonsense": None}}
    parts = {
        "text": {"format": {"type": "text", "name": None, "nonsense": None}, "nonsense": None},
        "reasoning": {"effort": "low", "summary": None},
        "tools": [look, search],
        "tool_choice": {"type": "function", "name": "look", "nonsense": None},
        "input": [{"type": None, "id": None, "status": None, "role": "user", "content": "one", "phase": None}],
    }
    sent = httpx.post(f"{url}{path}", json={"model": "tiny", **fields, **parts}, timeout=30)
    assert sent.is_success, sent.text
    if path == "/responses":
        answer = sent.json()
        assert (answer["text"]["format"], answer["tools"][0], answer["reasoning"]) == ({"type": "text"}, LOOK, {"effort": "low"})


def test_the_parts_of_a_response_can_be_sent_again_as_the_package_reads_them(client: OpenAI, url: str, engine: FakeEngine) -> None:
    engine.answer, engine.tool_calls = "The seal is turquoise. [1]", [[("file_search", '{"queries": ["seal"]}')]]
    form = {"type": "json_schema", "name": "it", "schema": {"type": "object"}, "strict": True}
    choice = {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "file_search"}, {"type": "function", "name": "look"}]}
    body = {"tools": [SEARCH, LOOK], "tool_choice": choice, "text": {"format": form, "verbosity": "low"}, "reasoning": {"effort": "low"}}
    echoed = {*ACCEPTED} - {"model", "input", "include", "stream", "stream_options", "tool_choice"}
    first = client.responses.create(model="tiny", input="Which color?", extra_body={**body, "prompt_cache_retention": "24h"})
    shown = first.model_dump()
    assert (shown["text"]["verbosity"], shown["prompt_cache_retention"]) == ("low", "24h")
    again = post(url, **{name: shown[name] for name in echoed}, tool_choice=choice)
    assert again.is_success, again.text
    second = client.responses.retrieve(again.json()["id"]).model_dump()
    assert {name: second[name] for name in echoed} == {name: shown[name] for name in echoed}
    listed = [item.model_dump() for item in client.responses.input_items.list(first.id)]
    answered = post(url, input=[*listed, *shown["output"], {"role": "user", "content": "And now?"}])
    assert answered.is_success, answered.text


@pytest.mark.parametrize(
    ("format", "field", "code"),
    [
        ({"schema": {}}, "name", "missing_required_parameter"),
        ({"name": "it"}, "schema", "missing_required_parameter"),
        ({"name": None, "schema": {}}, "name", "invalid_type"),
        ({"name": "it", "schema": None}, "schema", "invalid_type"),
    ],
)
def test_a_format_without_a_name_or_a_schema_has_the_same_error_as_in_a_chat(
    url: str, format: dict[str, Any], field: str, code: str
) -> None:
    refused = post(url, text={"format": {"type": "json_schema", **format}}).json()["error"]
    ask = {"model": "tiny", "messages": [{"role": "user", "content": "one"}]}
    chat = {**ask, "response_format": {"type": "json_schema", "json_schema": format}}
    in_chat = httpx.post(f"{url}/chat/completions", json=chat).json()["error"]
    assert (refused["param"], refused["code"]) == (f"text.format.{field}", code)
    assert (in_chat["param"], in_chat["code"]) == (f"response_format.json_schema.{field}", code)


@pytest.mark.parametrize(
    ("part", "field", "code"),
    [
        (5, "", "invalid_type"),
        ({"type": "text", "text": 5}, ".text", "invalid_type"),
        ({"type": "text", "text": None}, ".text", "invalid_type"),
        ({"type": "text"}, ".text", "missing_required_parameter"),
        ({"type": "refusal"}, ".refusal", "missing_required_parameter"),
        ({"type": "nonsense"}, ".type", "invalid_value"),
        ({"text": "one"}, ".type", "missing_required_parameter"),
    ],
)
def test_a_wrong_part_has_the_same_error_as_in_a_chat(url: str, part: Any, field: str, code: str) -> None:
    message = {"role": "user", "content": [part]}
    refused = post(url, input=[message]).json()["error"]
    in_chat = httpx.post(f"{url}/chat/completions", json={"model": "tiny", "messages": [message]}).json()["error"]
    assert (refused["param"], refused["code"]) == (f"input[0].content[0]{field}", code)
    assert (in_chat["param"], in_chat["code"]) == (f"messages[0].content[0]{field}", code)


@pytest.mark.parametrize("name", ["a b", "", "n" * 65])
def test_a_function_name_that_is_not_allowed_is_explained_in_words(url: str, name: str) -> None:
    error = post(url, tools=[{**LOOK, "name": name}]).json()["error"]
    assert error["param"] == "tools[0].name"
    assert error["message"] == (
        f"'tools[0].name' must have 1 to 64 characters, each a letter from a to z, a digit, '_' or '-'; got '{name}'."
    )


def test_the_values_of_include_are_all_listed(client: OpenAI, url: str) -> None:
    id = client.responses.create(model="tiny", input="one").id
    for name in ("include", "include[]"):
        response = httpx.get(f"{url}/responses/{id}/input_items", params={name: "zzz"})
        assert response.status_code == 400
        error = response.json()["error"]
        assert "'message.input_image.image_url'" in error["message"]
        assert ("got 'zzz'" in error["message"], error["param"]) == (True, "include[0]")


def test_reasoning_and_a_seed_reach_the_engine_and_are_returned(client: OpenAI, engine: FakeEngine) -> None:
    raw = client.responses.with_raw_response.create(model="tiny", input="one", reasoning={"effort": "low"}, extra_body={"seed": 7})
    wire = check(raw.http_response.json(), raw.parse())
    assert (wire["reasoning"], wire["seed"]) == ({"effort": "low"}, 7)
    sent = json.loads(engine.bodies[-1])
    assert (sent["reasoning_effort"], sent["seed"]) == ("low", 7)


def test_every_tool_choice_is_returned_unchanged(client: OpenAI, engine: FakeEngine) -> None:
    allowed = {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "look"}]}
    choices: Any = ["none", "auto", "required", {"type": "function", "name": "look"}, {"type": "file_search"}, allowed]
    for choice in choices:
        raw = client.responses.with_raw_response.create(model="tiny", input="one", tools=[SEARCH, LOOK], tool_choice=choice)
        assert check(raw.http_response.json(), raw.parse())["tool_choice"] == choice


def check(wire: dict[str, Any], parsed: Response) -> dict[str, Any]:
    """Check strictly that a response matches the SDK's type and has what the specification requires."""
    Response.model_validate(wire)
    assert set(Response.model_fields) - NEVER_RETURNED <= set(wire)
    assert parsed.id == wire["id"]
    require("response", wire)
    require("text.format", wire["text"]["format"])
    assert all(isinstance(wire[name], int | float) for name in NUMERIC_FIELDS)
    assert isinstance(wire["service_tier"], str)
    if wire["usage"] is not None:
        require("usage", wire["usage"])
    if wire["error"] is not None:
        require("error", wire["error"])
    for part in [*wire["output"], *wire["tools"]]:
        require(part["type"], part)
    return wire


def require(kind: str, fields: dict[str, Any]) -> None:
    """Check that `fields` has what the specification requires of this kind, and that its parts have."""
    assert set(REQUIRED.get(kind, "").split()) <= set(fields), (kind, fields)
    for part in fields.get("content") or ():
        require(part["type"], part)


def test_every_method_works_or_says_what_to_do_instead(client: OpenAI, engine: FakeEngine, url: str) -> None:
    raw, results = client.responses.with_raw_response, dict[str, Any]()
    made = raw.create(model="tiny", input=[{"role": "user", "content": "one"}], tools=[SEARCH, LOOK])
    results["create"] = first = check(made.http_response.json(), made.parse())
    fetched = raw.retrieve(first["id"])
    results["retrieve"] = check(fetched.http_response.json(), fetched.parse())
    assert results["retrieve"] == results["create"]
    listed = client.responses.input_items.list(first["id"], limit=1, order="asc", include=["message.input_image.image_url"])
    results["input_items.list"] = [item.to_dict() for item in listed]
    require("message", results["input_items.list"][0])
    results["input_tokens.count"] = client.responses.input_tokens.count(
        model="tiny", input="one", tools=[LOOK], text={"format": {"type": "text"}}
    )
    assert results["input_tokens.count"].input_tokens > 0
    later = client.responses.create(model="tiny", input="one", background=True)
    wait_until(lambda: client.responses.retrieve(later.id).status == "completed")
    cancelled = raw.cancel(later.id)
    results["cancel"] = check(cancelled.http_response.json(), cancelled.parse())
    engine.answer = '{"color": "turquoise"}'
    results["parse"] = client.responses.parse(model="tiny", input="Which color?", text_format=Color)
    assert results["parse"].output_parsed == Color(color="turquoise")
    with client.responses.stream(model="tiny", input="Which color?", text_format=Color) as stream:
        results["stream"] = stream.get_final_response()
    assert results["stream"].output_parsed == Color(color="turquoise")
    results["delete"] = client.responses.delete(first["id"])  # type: ignore[func-returns-value]
    with pytest.raises(NotFoundError):
        client.responses.retrieve(first["id"])
    with pytest.raises(BadRequestError, match="truncation"):
        client.responses.compact(model="tiny", input="one")
    results["compact"] = results["connect"] = None  # refused; there is no WebSocket
    assert httpx.get(f"{url}/responses", headers={"connection": "upgrade", "upgrade": "websocket"}).status_code == 405
    expected = set(vars(resources.Responses)) - {"input_items", "input_tokens"} - NOT_ENDPOINTS
    expected |= {f"input_items.{name}" for name in set(vars(resources.InputItems)) - NOT_ENDPOINTS}
    expected |= {f"input_tokens.{name}" for name in set(vars(resources.InputTokens)) - NOT_ENDPOINTS}
    assert set(results) == {name for name in expected if not name.rpartition(".")[2].startswith("_")}


def test_every_parameter_of_the_other_methods_is_accepted_or_refused(client: OpenAI, url: str) -> None:
    id = client.responses.create(model="tiny", input="one").id
    assert set(typing.get_type_hints(response_retrieve_params.ResponseRetrieveParamsStreaming)) == {
        "include", "include_obfuscation", "starting_after", "stream",
    }  # fmt: skip
    client.responses.retrieve(id, include=["file_search_call.results", "message.output_text.logprobs"], include_obfuscation=False)
    assert set(typing.get_type_hints(sdk_types.InputItemListParams)) == {"after", "include", "limit", "order"}
    item = next(iter(client.responses.input_items.list(id))).to_dict()["id"]
    assert list(client.responses.input_items.list(id, after=str(item))) == []
    all_params = set(typing.get_type_hints(sdk_types.InputTokenCountParams))
    refused: dict[str, Any] = {"conversation": "conv_1", "personality": "friendly"}
    accepted: dict[str, Any] = {
        "model": "tiny", "input": "one", "instructions": "Be short.", "previous_response_id": id, "parallel_tool_calls": True,
        "text": {"format": {"type": "text"}, "verbosity": "low"}, "tools": [LOOK, SEARCH], "tool_choice": "auto", "truncation": "auto",
        "reasoning": {"effort": "low"},
    }  # fmt: skip
    assert all_params == {*accepted, *refused}
    assert client.responses.input_tokens.count(**accepted).input_tokens > 0
    for name, value in refused.items():
        response = httpx.post(f"{url}/responses/input_tokens", json={"input": "one", name: value})
        assert (response.status_code, response.json()["error"]["param"]) == (400, name)


def streamed(client: OpenAI, **body: Any) -> list[dict[str, Any]]:
    """Return the events of a stream; each is checked against the SDK's type and the specification."""
    with client.responses.with_streaming_response.create(model="tiny", input="Which color?", stream=True, **body) as response:
        blocks = [block.split("\n", 1) for block in "".join(response.iter_text()).strip().split("\n\n")]
    events = [json.loads(data.removeprefix("data: ")) for _, data in blocks]
    assert [name.removeprefix("event: ") for name, _ in blocks] == [event["type"] for event in events]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    for event in events:
        EVENTS.validate_python(event)
        required = EVENT_FIELDS[event["type"].removeprefix("response.")]
        assert required <= set(event), event
        if "response" in event:
            check(event["response"], Response.model_validate(event["response"]))
        if "item" in event:
            require(event["item"]["type"], event["item"])
    assert_in_order(events)
    return events


def assert_in_order(events: list[dict[str, Any]]) -> None:
    """Check that items are added in order, and that each is complete before the response ends."""
    kinds = [event["type"].removeprefix("response.") for event in events]
    assert kinds[0] == "created"
    assert events[-1]["response"]["status"] == kinds[-1]
    added = [event for event in events if event["type"] == "response.output_item.added"]
    done = [event for event in events if event["type"] == "response.output_item.done"]
    assert [event["output_index"] for event in added] == list(range(len(added)))
    if kinds[-1] == "failed":
        return  # the item in progress is not complete
    assert sorted(event["output_index"] for event in done) == list(range(len(added)))
    last = events[-1]["response"]["output"]
    for start in added:
        place, id = start["output_index"], start["item"]["id"]
        own = [event for event in events if event.get("item_id") == id or (event.get("item") or {}).get("id") == id]
        assert own[0] is start
        assert own[-1]["type"] == "response.output_item.done"
        assert {event["output_index"] for event in own} == {place}
        assert own[-1]["item"] == last[place]
        streamed_text = "".join(event["delta"] for event in own if event["type"].endswith(".delta"))
        whole = last[place].get("arguments") or "".join(part["text"] for part in last[place].get("content", ()))
        assert streamed_text == whole


@pytest.mark.parametrize("background", [False, True])
def test_every_event_is_as_documented_and_in_order(client: OpenAI, engine: FakeEngine, background: bool) -> None:
    calls = [("file_search", '{"queries": ["seal"]}')]
    seen = {event["type"] for event in streamed(client, background=background)}
    engine.answer, engine.tool_calls = "The seal is turquoise. [1]", [calls]
    seen |= {event["type"] for event in streamed(client, tools=[SEARCH, LOOK], background=background, include=["file_search_call.results"])}
    seen |= {event["type"] for event in streamed(client, tools=[SEARCH], tool_choice="required", background=background)}
    engine.tool_calls = [[("look", '{"at": 1}'), ("look", '{"at": 2}')]]
    seen |= {event["type"] for event in streamed(client, tools=[LOOK], background=background)}
    engine.sends_error = True
    seen |= {event["type"] for event in streamed(client, background=background)}
    missing = {"response.incomplete", *(() if background else ("response.queued",))}  # test_writer has the first
    assert seen == {f"response.{kind}" for kind in EVENT_FIELDS} - missing


def test_a_request_survives_being_stored() -> None:
    body = {
        "model": "tiny",
        "input": "one",
        "tools": [SEARCH, LOOK],
        "text": {"format": {"type": "json_schema", "name": "it", "schema": {}}},
    }
    request = ResponseCreate.model_validate(body)
    assert ResponseCreate.model_validate(request.model_dump(mode="json", exclude_unset=True)) == request
