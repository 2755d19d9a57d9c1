from typing import Any

from openai.types.responses import Response as SdkResponse
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from services.generation.contracts.grounding import AnswerSpan, Citation, Grounding, Sentence
from services.generation.contracts.responses import Response
from services.generation.responses.items import RESULTS
from services.generation.responses.writer import Draft
from tests.fakes import make_hit

EVENTS: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)


def draft() -> Draft:
    return Draft(Response(id="resp_1", created_at=1, status="in_progress", model="tiny"), [RESULTS])


def chunk(delta: dict[str, Any], reason: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}], **fields}


def written(made: Draft, chunks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    events = [*made.begin(), *(event for each in chunks for event in made.take(each)), *made.finish()]
    for event in events:
        EVENTS.validate_python(event, strict=False)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    SdkResponse.model_validate(events[-1]["response"])
    return events


def test_a_text_is_told_in_the_documented_order() -> None:
    events = written(draft(), [chunk({"role": "assistant", "content": ""}), chunk({"content": "one "}), chunk({"content": "two"}, "stop")])
    assert [event["type"].removeprefix("response.") for event in events] == [
        "created", "in_progress", "output_item.added", "content_part.added", "output_text.delta", "output_text.delta",
        "output_text.done", "content_part.done", "output_item.done", "completed",
    ]  # fmt: skip
    assert events[-1]["response"]["output"][0]["content"][0]["text"] == "one two"


def test_events_show_things_as_they_were_then() -> None:
    events = written(draft(), [chunk({"content": "one"}), chunk({"content": " two"}, "stop")])
    assert events[2]["item"]["content"] == []
    assert events[3]["part"]["text"] == ""


def test_what_was_searched_and_cited_is_told() -> None:
    hit = make_hit("The seal is turquoise.", 0.9)
    made = draft()
    searched = [*made.search(["Which colour?"]), *made.found([hit])]
    assert [event["type"].rpartition(".")[2] for event in searched] == ["added", "in_progress", "searching", "completed", "done"]
    assert searched[-1]["item"]["results"][0]["text"] == "The seal is turquoise."
    list(made.take(chunk({"content": "The seal is turquoise. It is a gift."}, "stop")))
    assert made.said == "The seal is turquoise. It is a gift."
    about = {"file_id": hit.file_id, "filename": hit.filename, "vector_store_id": "vs_a", "chunk_id": "file-a:0", "chunk": hit.chunk}
    span = AnswerSpan(choice=0, start=0, end=22, source="alignment", support=1.0)
    citation = Citation(**about, index=1, score=0.9, text="The seal is turquoise.", spans=[span])
    sentences = [
        Sentence(choice=0, start=0, end=22, passages=[1], support=1.0, supported=True),
        Sentence(choice=0, start=23, end=36, passages=[], support=0.0, supported=False),
    ]
    made.grounding = Grounding(citations=[citation], sentences=sentences, notes=["One was dropped."])
    events = list(made.finish())
    assert events[0]["annotation"] == {**events[0]["annotation"], "type": "file_citation", "file_id": "file-a", "index": 22}
    assert events[-1]["response"]["grounding"] == {"abstained": False, "notes": ["One was dropped."], "trace": None}
    part = made.response.output[1]["content"][0]
    assert [sentence["supported"] for sentence in part["sentences"]] == [True, False]


def test_calls_of_functions_are_put_together() -> None:
    first = {"index": 0, "id": "call_1", "function": {"name": "look", "arguments": '{"a"'}}
    events = written(
        draft(), [chunk({"tool_calls": [first]}), chunk({"tool_calls": [{"index": 0, "function": {"arguments": ": 1}"}}]}, "tool_calls")]
    )
    (item,) = events[-1]["response"]["output"]
    assert (item["call_id"], item["name"], item["arguments"], item["status"]) == ("call_1", "look", '{"a": 1}', "completed")


def test_an_answer_that_was_cut_is_incomplete() -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 4}}
    last = written(draft(), [chunk({"content": "one"}, "length"), {"choices": [], "usage": usage}])[-1]
    assert last["type"] == "response.incomplete"
    assert last["response"]["incomplete_details"] == {"reason": "max_output_tokens"}
    assert (last["response"]["usage"]["total_tokens"], last["response"]["usage"]["input_tokens_details"]["cached_tokens"]) == (9, 4)


def test_a_failure_keeps_what_was_said() -> None:
    made = draft()
    list(made.take(chunk({"content": "one"})))
    (last,) = made.fail("server_error", "The engine died.")
    assert last["type"] == "response.failed"
    assert (last["response"]["error"]["message"], last["response"]["output"][0]["status"]) == ("The engine died.", "incomplete")
