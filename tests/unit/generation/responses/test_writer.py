from typing import Any

from openai.types.responses import Response as SdkResponse
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from services.generation.contracts.grounding import AnswerSpan, Citation, Grounding, Sentence
from services.generation.contracts.responses.response import Response
from services.generation.responses.items import RESULTS
from services.generation.responses.search_tool import SearchCall
from services.generation.responses.writer import ResponseWriter
from tests.fake_retrieval import make_hit

EVENTS: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)


def new_writer() -> ResponseWriter:
    return ResponseWriter(Response(id="resp_1", created_at=1, status="in_progress", model="tiny"), [RESULTS])


def make_chunk(delta: dict[str, Any], finish_reason: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}], **fields}


def write_all(writer: ResponseWriter, chunks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    events = [*writer.begin(), *(event for chunk in chunks for event in writer.write(chunk)), *writer.end_round(), writer.finish()]
    for event in events:
        EVENTS.validate_python(event, strict=False)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    SdkResponse.model_validate(events[-1]["response"])
    return events


def test_text_becomes_events_in_the_documented_order() -> None:
    chunks = [make_chunk({"role": "assistant", "content": ""}), make_chunk({"content": "one "}), make_chunk({"content": "two"}, "stop")]
    events = write_all(new_writer(), chunks)
    assert [event["type"].removeprefix("response.") for event in events] == [
        "created", "in_progress", "output_item.added", "content_part.added", "output_text.delta", "output_text.delta",
        "output_text.done", "content_part.done", "output_item.done", "completed",
    ]  # fmt: skip
    assert events[-1]["response"]["output"][0]["content"][0]["text"] == "one two"


def test_an_event_does_not_change_after_it_was_written() -> None:
    events = write_all(new_writer(), [make_chunk({"content": "one"}), make_chunk({"content": " two"}, "stop")])
    assert events[2]["item"]["content"] == []
    assert events[3]["part"]["text"] == ""


def test_a_search_and_its_citations_have_events() -> None:
    hit = make_hit("The seal is turquoise.", 0.9)
    writer = new_writer()
    search = [*writer.begin_search(["Which color?"]), *writer.end_search([hit])]
    assert [event["type"].rpartition(".")[2] for event in search] == ["added", "in_progress", "searching", "completed", "done"]
    assert search[-1]["item"]["results"][0]["text"] == "The seal is turquoise."
    list(writer.write(make_chunk({"content": "The seal is turquoise. It is a gift."}, "stop")))
    assert writer.text == "The seal is turquoise. It is a gift."
    fields = {"file_id": hit.file_id, "filename": hit.filename, "vector_store_id": "vs_a", "chunk_id": "file-a:0", "chunk": hit.chunk}
    span = AnswerSpan(choice=0, start=0, end=22, source="alignment", support=1.0)
    citation = Citation(**fields, index=1, score=0.9, text="The seal is turquoise.", spans=[span])
    sentences = [
        Sentence(choice=0, start=0, end=22, passages=[1], support=1.0, supported=True),
        Sentence(choice=0, start=23, end=36, passages=[], support=0.0, supported=False),
    ]
    events = list(writer.end_round(Grounding(citations=[citation], sentences=sentences, notes=["One was dropped."])))
    assert events[0]["annotation"] == {**events[0]["annotation"], "type": "file_citation", "file_id": "file-a", "index": 22}
    assert writer.finish()["response"]["grounding"] == {"abstained": False, "notes": ["One was dropped."], "trace": None}
    part = writer.response.output[1]["content"][0]
    assert [sentence["supported"] for sentence in part["sentences"]] == [True, False]


def test_the_parts_of_a_function_call_are_joined() -> None:
    first = {"index": 0, "id": "call_1", "function": {"name": "look", "arguments": '{"a"'}}
    second = {"index": 0, "function": {"arguments": ": 1}"}}
    events = write_all(new_writer(), [make_chunk({"tool_calls": [first]}), make_chunk({"tool_calls": [second]}, "tool_calls")])
    (item,) = events[-1]["response"]["output"]
    assert (item["call_id"], item["name"], item["arguments"], item["status"]) == ("call_1", "look", '{"a": 1}', "completed")


def test_a_search_call_has_no_events_until_the_search_is_made() -> None:
    writer = new_writer()
    first = {"index": 0, "id": "call_1", "function": {"name": "file_search", "arguments": '{"queries"'}}
    second = {"index": 0, "function": {"arguments": ': ["a"]}'}}
    chunks = [make_chunk({"tool_calls": [delta]}) for delta in (first, second)]
    assert [event for chunk in chunks for event in writer.write(chunk, offers_search=True)] == []
    assert writer.search_calls == [SearchCall("call_1", '{"queries": ["a"]}')]
    list(writer.end_round())
    assert writer.search_calls == []


def test_a_clients_function_may_be_named_file_search_if_the_search_is_not_offered() -> None:
    call = {"index": 0, "id": "call_1", "function": {"name": "file_search", "arguments": "{}"}}
    events = write_all(new_writer(), [make_chunk({"tool_calls": [call]}, "tool_calls")])
    assert events[-1]["response"]["output"][0]["type"] == "function_call"


def test_an_answer_that_reaches_the_token_limit_is_incomplete() -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 4}}
    last = write_all(new_writer(), [make_chunk({"content": "one"}, "length"), {"choices": [], "usage": usage}])[-1]
    assert last["type"] == "response.incomplete"
    assert last["response"]["incomplete_details"] == {"reason": "max_output_tokens"}
    assert (last["response"]["usage"]["total_tokens"], last["response"]["usage"]["input_tokens_details"]["cached_tokens"]) == (9, 4)


def test_the_usage_of_all_rounds_is_added_up() -> None:
    writer = new_writer()
    for _ in range(2):
        list(writer.write({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}))
    assert writer.response.usage is not None
    assert (writer.response.usage.input_tokens, writer.response.usage.total_tokens) == (14, 18)


def test_a_response_that_fails_keeps_its_output() -> None:
    writer = new_writer()
    list(writer.write(make_chunk({"content": "one"})))
    last = writer.fail("server_error", "The engine died.")
    assert last["type"] == "response.failed"
    assert (last["response"]["error"]["message"], last["response"]["output"][0]["status"]) == ("The engine died.", "incomplete")
