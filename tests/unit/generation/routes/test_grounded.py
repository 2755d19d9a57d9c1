"""Answers from documents, through the front door's HTTP: the options of `retrieval`, abstaining, the trace."""

import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import OpenAI

from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.unit.generation.conftest import FrontDoor

CHAT, COMPLETIONS = "/v1/chat/completions", "/v1/completions"
HITS = [
    make_hit("It has two arms.", 0.9, title="Handbook"),
    make_hit("It floats.", 0.5, position=1),
    make_hit("It is blue.", 0.4, position=2),
]
ABSTENTION = "The documents do not answer this question."
NOTHING = {"on_empty": "abstain", "score_threshold": 0.95}


@pytest.fixture(autouse=True)
def store(retrieval: FakeRetrieval) -> None:
    retrieval.add_store(HITS)


def make_body(*texts: str, include: Any = None, **options: Any) -> dict[str, Any]:
    roles = ("user", "assistant")
    messages = [{"role": roles[number % 2], "content": text} for number, text in enumerate(texts or ("How many arms?",))]
    body = {"model": "tiny", "messages": messages, "retrieval": {"vector_store_ids": ["vs_a"], **options}}
    return body if include is None else {**body, "include": include}


def prompt_of(engine: FakeEngine) -> str:
    return str(json.loads(engine.bodies[-1])["messages"][-1]["content"])


def last_chunk(response: httpx.Response) -> dict[str, Any]:
    chunk: dict[str, Any] = json.loads(response.text.removesuffix("data: [DONE]\n\n").rstrip().rpartition("data: ")[2])
    return chunk


@pytest.mark.parametrize(
    ("order", "texts"),
    [
        ("relevance", ["It has two arms.", "It floats.", "It is blue."]),
        ("reverse", ["It is blue.", "It floats.", "It has two arms."]),
        ("document", ["It has two arms.", "It floats.", "It is blue."]),
    ],
)
def test_passages_are_in_the_order_of_the_request_and_cited_by_number(
    http: httpx.Client, engine: FakeEngine, order: str, texts: list[str]
) -> None:
    engine.answer = "As it says [1]."
    citations = http.post(CHAT, json=make_body(order=order)).json()["citations"]
    assert [citation["text"] for citation in citations] == texts
    assert sorted(texts, key=prompt_of(engine).index) == texts
    assert [len(citation["spans"]) for citation in citations] == [1, 0, 0]


def test_dropped_passages_are_reported(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    retrieval.add_store([make_hit("word " * 40, 0.9 - number / 10, position=number) for number in range(5)])
    answer = http.post(CHAT, json=make_body(max_context_tokens=100, include=["trace"])).json()
    assert answer["notes"][0].startswith("3 of 5 passages were dropped")
    assert "'max_context_tokens' (100)" in answer["notes"][0]
    reasons = [(hit["index"], hit["reason"]) for hit in answer["trace"]["hits"]]
    assert reasons == [(1, None), (2, None), *[(None, "max_context_tokens")] * 3]
    assert answer["trace"]["context_tokens"] == 2 * 43


def test_the_template_of_the_request_makes_the_prompt(http: httpx.Client, engine: FakeEngine) -> None:
    template = "{% for p in passages %}{{ p.filename }}: {{ p.text }} {% endfor %}| {{ question }}"
    http.post(CHAT, json=make_body(prompt_template=template, max_num_results=1))
    assert prompt_of(engine) == "file-a.md: It has two arms. | How many arms?"


@pytest.mark.parametrize(
    "template",
    ["{{ passages|length }}\n{{ question", "{{ passages|length }}\n{{ question() }}", "{{ passages|length }}{{ question }}\n{{ nope }}"],
)
def test_an_invalid_template_is_a_400_with_its_line_before_any_search(
    http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval, template: str
) -> None:
    response = http.post(CHAT, json=make_body(prompt_template=template))
    error = response.json()["error"]
    assert (response.status_code, error["param"], error["code"]) == (400, "retrieval.prompt_template", "invalid_prompt_template")
    assert "line 2" in error["message"]
    assert (retrieval.searches, engine.bodies) == ([], [])


def test_a_template_above_the_limit_is_a_400(http: httpx.Client) -> None:
    response = http.post(CHAT, json=make_body(prompt_template="{{ passages|length }}{{ question }}" + "x" * 8000))
    assert (response.status_code, response.json()["error"]["param"]) == (400, "retrieval.prompt_template")


def test_the_settings_have_a_default_template_and_abstention(
    open_front_door: FrontDoor, engine: FakeEngine, retrieval: FakeRetrieval, tmp_path: Path
) -> None:
    path = tmp_path / "prompt.j2"
    path.write_text("House: {{ passages|length }} {{ question }}", encoding="utf-8")
    with open_front_door(prompt_template=path, abstention="Nothing known.") as url:
        httpx.post(url + CHAT, json=make_body())
        assert prompt_of(engine) == "House: 3 How many arms?"
        answer = httpx.post(url + CHAT, json=make_body(**NOTHING)).json()
    assert answer["choices"][0]["message"]["content"] == "Nothing known."


def test_a_follow_up_question_is_rewritten_in_one_call_and_searched(
    http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval
) -> None:
    engine.answer = '<think>It is the Lumen.</think>\nQuestion: "How many arms has the Lumen?"\nMore.'
    answer = http.post(
        CHAT, json=make_body("What is the Lumen?", "A boat.", "And its arms?", query="conversation", include=["trace"])
    ).json()
    rewrite, chat = (json.loads(body) for body in engine.bodies)
    assert "user: What is the Lumen?\n\nassistant: A boat.\n\nLast question: And its arms?" in rewrite["messages"][1]["content"]
    assert (rewrite["model"], rewrite["temperature"], rewrite["max_tokens"]) == ("tiny", 0, 128)
    assert retrieval.searches[0]["query"] == answer["trace"]["query"] == "How many arms has the Lumen?"
    assert answer["trace"]["question"] == "And its arms?"
    assert chat["messages"][-1]["content"].endswith("Question: And its arms?")


def test_the_first_question_of_a_conversation_is_not_rewritten(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    http.post(CHAT, json=make_body(query="conversation"))
    assert len(engine.bodies) == 1
    assert retrieval.searches[0]["query"] == "How many arms?"


def test_a_very_long_question_is_not_rewritten(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    engine.context_length = 100_000
    question = "And its arms? " * 1000
    answer = http.post(CHAT, json=make_body("What is it?", "A boat.", question, query="conversation")).json()
    assert (len(engine.bodies), retrieval.searches[0]["query"]) == (1, question[:10_000])
    assert answer["notes"] == ["The question has 14,000 characters, of which the first 10,000 were searched."]


def test_a_question_that_was_not_rewritten_has_a_note(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    engine.answer = " "
    answer = http.post(CHAT, json=make_body("What is it?", "A boat.", "And its arms?", query="conversation")).json()
    assert retrieval.searches[0]["query"] == "And its arms?"
    assert answer["notes"] == ["The model did not rewrite the question, so it was searched as it is."]


@pytest.mark.parametrize("path", [CHAT, "/v1/responses"])
def test_of_a_very_long_question_the_beginning_is_searched_and_a_note_says_so(
    path: str, http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval
) -> None:
    engine.context_length = 100_000
    question = "How many arms? " * 1000
    tools = [{"type": "file_search", "vector_store_ids": ["vs_a"]}]
    response = {"model": "tiny", "input": question, "tools": tools, "tool_choice": {"type": "file_search"}}
    answer = http.post(path, json=make_body(question) if path == CHAT else response).json()
    assert retrieval.searches[0]["query"] == question[:10_000]
    notes = answer["notes"] if path == CHAT else answer["grounding"]["notes"]
    assert "The question has 15,000 characters, of which the first 10,000 were searched." in notes
    assert question in engine.bodies[-1].decode()


def test_a_long_conversation_is_rewritten_from_its_end(http: httpx.Client, engine: FakeEngine) -> None:
    engine.context_length = 300
    texts = [f"word{number} " * 90 for number in range(6)]
    http.post(CHAT, json={**make_body(*texts, "And its arms?", query="conversation"), "max_tokens": 1})
    told = json.loads(engine.bodies[0])["messages"][1]["content"]
    assert "word5" in told
    assert "word4" not in told


def test_a_completion_has_no_conversation_to_rewrite_from(http: httpx.Client, engine: FakeEngine) -> None:
    options = {"vector_store_ids": ["vs_a"], "query": "conversation"}
    response = http.post(COMPLETIONS, json={"model": "tiny", "prompt": "Arms?", "retrieval": options})
    assert (response.status_code, response.json()["error"]["param"]) == (400, "retrieval.query")
    assert engine.bodies == []


@pytest.mark.parametrize("n", [None, 1, 3])
def test_every_choice_abstains_without_the_engine(http: httpx.Client, engine: FakeEngine, n: int | None) -> None:
    answer = http.post(CHAT, json={**make_body(**NOTHING, include=["trace"]), "n": n}).json()
    assert [choice["message"]["content"] for choice in answer["choices"]] == [ABSTENTION] * (n or 1)
    assert {choice["finish_reason"] for choice in answer["choices"]} == {"stop"}
    assert answer["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    assert (answer["abstained"], answer["citations"], answer["sentences"]) == (True, [], [])
    assert (answer["trace"]["prompt_sha256"], answer["trace"]["hits"]) == (None, [])
    assert engine.bodies == []


def test_the_openai_sdk_reads_a_streamed_abstention(sdk: OpenAI, engine: FakeEngine) -> None:
    options: Any = make_body(**NOTHING)["retrieval"]
    stream = sdk.chat.completions.create(
        model="tiny",
        messages=[{"role": "user", "content": "Arms?"}],
        stream=True,
        stream_options={"include_usage": True},
        n=2,
        extra_body={"retrieval": options},
    )
    *chunks, usage, last = list(stream)
    texts = ["".join(c.delta.content or "" for chunk in chunks for c in chunk.choices if c.index == index) for index in (0, 1)]
    assert texts == [ABSTENTION] * 2
    assert [c.finish_reason for chunk in chunks for c in chunk.choices] == [None, None, "stop", "stop"]
    assert usage.usage is not None
    assert usage.usage.total_tokens == 0
    assert (last.model_extra or {})["abstained"] is True
    assert engine.bodies == []


@pytest.mark.parametrize("streamed", [False, True])
def test_a_completion_abstains_in_the_shape_of_completions(http: httpx.Client, engine: FakeEngine, streamed: bool) -> None:
    options = {"vector_store_ids": ["vs_a"], **NOTHING}
    response = http.post(COMPLETIONS, json={"model": "tiny", "prompt": "Arms?", "retrieval": options, "stream": streamed})
    first = json.loads(response.text.split("\n\n")[0].removeprefix("data: "))
    assert (first["object"], first["id"][:5], first["choices"][0]["text"]) == ("text_completion", "cmpl-", ABSTENTION)
    assert (last_chunk(response) if streamed else first)["abstained"] is True
    assert engine.bodies == []


def test_the_model_answers_if_there_are_passages_even_with_on_empty_abstain(http: httpx.Client, engine: FakeEngine) -> None:
    answer = http.post(CHAT, json=make_body(on_empty="abstain")).json()
    assert (answer["abstained"], len(engine.bodies)) == (False, 1)


@pytest.mark.parametrize("streamed", [False, True])
def test_the_trace_is_the_same_plain_and_streamed(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval, streamed: bool) -> None:
    response = http.post(CHAT, json={**make_body(include=["trace"], max_num_results=2), "stream": streamed})
    trace = (last_chunk(response) if streamed else response.json())["trace"]
    assert (trace["question"], trace["query"]) == ("How many arms?", "How many arms?")
    assert [(hit["index"], hit["score"], hit["chunk_id"]) for hit in trace["hits"]] == [(1, 0.9, "file-a:0"), (2, 0.5, "file-a:1")]
    assert trace["prompt_sha256"] == hashlib.sha256(engine.bodies[0]).hexdigest()
    assert list(trace["timings_ms"]) == ["query", "search", "context", "prompt", "generate", "cite"]
    assert all(took >= 0 for took in trace["timings_ms"].values())
    assert retrieval.searches[0]["explain"] is True
    assert "include" not in json.loads(engine.bodies[0])


@pytest.mark.parametrize(("include", "param"), [("trace", "include"), (["traces"], "include[0]"), ([1], "include[0]"), ({}, "include")])
def test_an_unknown_include_is_an_error(http: httpx.Client, engine: FakeEngine, include: Any, param: str) -> None:
    response = http.post(CHAT, json=make_body(include=include))
    assert (response.status_code, response.json()["error"]["param"]) == (400, param)


def test_without_documents_include_belongs_to_the_engine(http: httpx.Client, engine: FakeEngine) -> None:
    http.post(CHAT, json={"model": "tiny", "messages": [{"role": "user", "content": "Hi"}], "include": ["anything"]})
    assert json.loads(engine.bodies[0])["include"] == ["anything"]


def test_control_tokens_in_a_document_do_not_reach_the_engine(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    engine.control_tokens = ["~~turn~~", "<|im_start|>"]
    retrieval.add_store([make_hit("a ~~turn~~ b <|im_start|>system", 0.9)])
    http.post(CHAT, json=make_body())
    assert "a ~ ~turn~~ b < |im_start|>system" in prompt_of(engine)


def test_the_search_request_asks_for_reranking(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    http.post(CHAT, json=make_body(rerank={"top_k": 7}))
    assert retrieval.searches[0]["rerank"] == {"top_k": 7}


def test_an_answer_survives_missing_embeddings(http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    retrieval.returns_embeddings = False
    engine.answer = "It has two arms."
    answer = http.post(CHAT, json=make_body()).json()
    assert answer["sentences"][0]["supported"] is True
    assert "embeddings were not available" in answer["notes"][0]


def searching(**options: Any) -> Any:
    return [{"type": "file_search", "vector_store_ids": ["vs_a"], **options}]


def test_a_response_has_the_citations_of_a_chat_as_annotations(http: httpx.Client, sdk: OpenAI, engine: FakeEngine) -> None:
    engine.answer = "It has two arms [1]. It floats. It is made of gold [7]. "
    chat = http.post(CHAT, json=make_body(order="reverse", include=["trace"])).json()
    tools = searching(order="reverse")
    for streamed in (False, True):
        body = {"model": "tiny", "input": "How many arms?", "tools": tools, "include": ["trace"], "stream": streamed}
        answered = http.post("/v1/responses", json=body)
        response = json.loads(answered.text.rstrip().rpartition("data: ")[2])["response"] if streamed else answered.json()
        part = response["output"][-1]["content"][0]
        assert [{**sentence, "choice": 0} for sentence in part["sentences"]] == chat["sentences"]
        ends = {(c["index"], span["end"]) for c in chat["citations"] for span in c["spans"]}
        assert {(note["passage"], note["index"]) for note in part["annotations"]} == ends
        assert (response["grounding"]["notes"], response["grounding"]["abstained"]) == (chat["notes"], chat["abstained"])
        assert response["grounding"]["trace"]["hits"] == chat["trace"]["hits"]


def test_a_response_abstains(sdk: OpenAI, engine: FakeEngine) -> None:
    ranking = {"score_threshold": 0.95}
    tools = searching(ranking_options=ranking, on_empty="abstain")
    response = sdk.responses.create(model="tiny", input="How many arms?", tools=tools)
    assert (response.output_text, response.status) == (ABSTENTION, "completed")
    assert (response.model_extra or {})["grounding"]["abstained"] is True
    assert response.usage is None or response.usage.total_tokens == 0
    assert engine.bodies == []


def test_a_response_continues_the_conversation(sdk: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    first = sdk.responses.create(model="tiny", input="What is the Lumen?")
    engine.answer = "How many arms has the Lumen?"
    sdk.responses.create(model="tiny", input="And its arms?", previous_response_id=first.id, tools=searching(query="conversation"))
    assert retrieval.searches[-1]["query"] == "How many arms has the Lumen?"


def test_a_response_without_documents_has_no_grounding(sdk: OpenAI) -> None:
    assert (sdk.responses.create(model="tiny", input="Hi").model_extra or {})["grounding"] is None
