"""The front door and retrieval in one process. Most tests run against the fake service and against the real one."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI

from services.generation.app import create_app
from services.generation.settings import GenerationSettings
from services.retrieval.app import create_app as create_retrieval
from services.retrieval.settings import RetrievalSettings
from shared.settings import CommonSettings, JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.serving import serving, wait_until

MAX_FILE_BYTES = 1_000_000
ROOT = Path(__file__).parents[2]
EMBEDDER = ROOT / ".tandem" / "models" / "all-MiniLM-L6-v2"
KEYS: dict[str, Any] = {"keys": "red:red-key-1,blue:blue-key-1", "worker_key": "worker-key-1"}
LINE = b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n'
HANDBOOK = b"# Handbook\n\n## Frame\n\nThe Lumen has two folding arms.\n\n## Hull\n\nThe hull is made of cedar and floats.\n"


@pytest.fixture(scope="module")
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture(scope="module")
def engine_url(engine: FakeEngine, stack: ExitStack) -> str:
    return stack.enter_context(serving(engine.app()))


@pytest.fixture(scope="module")
def fake_url(stack: ExitStack) -> str:
    fake = FakeRetrieval(projects={"Bearer red-key-1": "red", "Bearer blue-key-1": "blue"})
    return stack.enter_context(serving(fake.app()))


@pytest.fixture(scope="module")
def real_url(stack: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> str:
    common = CommonSettings(data=tmp_path_factory.mktemp("retrieval"), **KEYS)
    settings = RetrievalSettings(common=common, embedding_model=str(EMBEDDER), max_file_bytes=MAX_FILE_BYTES)
    return stack.enter_context(serving(create_retrieval(settings)))


@pytest.fixture(scope="module", params=["fake", "real"])
def retrieval_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def open_door(stack: ExitStack, retrieval_url: str, engine_url: str, data: Path) -> str:
    common = JobSettings(data=data, base_name="tiny", broker_url="memory://", **KEYS)
    return stack.enter_context(serving(create_app(GenerationSettings(common=common, engine_url=engine_url, retrieval_url=retrieval_url))))


def open_sdk(url: str, project: str) -> OpenAI:
    return OpenAI(base_url=f"{url}/v1", api_key=f"{project}-key-1", max_retries=0, timeout=60)


@pytest.fixture(scope="module")
def door(stack: ExitStack, retrieval_url: str, engine_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    return open_door(stack, retrieval_url, engine_url, tmp_path_factory.mktemp("jobs"))


@pytest.fixture
def red(door: str) -> Iterator[OpenAI]:
    with open_sdk(door, "red") as sdk:
        yield sdk


@pytest.fixture
def blue(door: str) -> Iterator[OpenAI]:
    with open_sdk(door, "blue") as sdk:
        yield sdk


def test_a_file_is_downloaded_as_it_was_uploaded_and_belongs_to_its_project(red: OpenAI, blue: OpenAI) -> None:
    content = LINE * 5000
    file = red.files.create(file=("train.jsonl", content), purpose="fine-tune")
    assert (file.bytes, file.filename) == (len(content), "train.jsonl")
    assert red.files.content(file.id).content == content
    assert file.id in [each.id for each in red.files.list()]
    with pytest.raises(NotFoundError):
        blue.files.content(file.id)
    assert file.id not in [each.id for each in blue.files.list()]
    assert red.files.delete(file.id).deleted


def test_a_training_file_is_checked_at_retrieval(red: OpenAI, blue: OpenAI) -> None:
    file = red.files.create(file=("train.jsonl", LINE * 10), purpose="fine-tune")
    assert red.fine_tuning.jobs.create(model="tiny", training_file=file.id).status == "queued"
    with pytest.raises(BadRequestError) as raised:
        blue.fine_tuning.jobs.create(model="tiny", training_file=file.id)
    assert raised.value.param == "training_file"
    wrong = red.files.create(file=("train.jsonl", LINE * 10 + b"{}\n"), purpose="fine-tune")
    with pytest.raises(BadRequestError, match="Line 11"):
        red.fine_tuning.jobs.create(model="tiny", training_file=wrong.id)


def test_a_comparison_is_checked_at_retrieval_and_belongs_to_its_project(red: OpenAI, blue: OpenAI) -> None:
    questions = red.files.create(file=("fragen.csv", b"question;answer\nWie hoch?;8 m\nWie tief?;6,5 m\n"), purpose="evals")
    examples = red.files.create(file=("train.jsonl", LINE * 10), purpose="fine-tune")
    body = {"questions_file": questions.id, "model": "tiny", "training_file": examples.id}
    created = red.post("/comparisons", body=body, cast_to=httpx.Response).json()
    assert (created["arms"], created["look"], created["margin"]) == (["base", "prompted"], 1, 0.05)
    with pytest.raises(BadRequestError) as raised:
        blue.post("/comparisons", body=body, cast_to=httpx.Response)
    assert raised.value.param == "training_file"
    for path in (f"/comparisons/{created['id']}", f"/comparisons/{created['id']}/events"):
        assert red.get(path, cast_to=httpx.Response).status_code == 200
        with pytest.raises(NotFoundError):
            blue.get(path, cast_to=httpx.Response)
    assert red.delete(f"/comparisons/{created['id']}", cast_to=httpx.Response).json()["deleted"]
    assert red.files.retrieve(questions.id).id == questions.id
    other = red.files.create(file=("train.jsonl", LINE * 10), purpose="user_data")
    with pytest.raises(BadRequestError, match="must have the purpose 'fine-tune'"):
        red.fine_tuning.jobs.create(model="tiny", training_file=other.id)


@pytest.mark.parametrize("store", ["vs_gone", "vs/../gone?x=1"])
def test_an_unknown_store_is_an_error_of_its_field_and_not_of_the_path(red: OpenAI, store: str) -> None:
    with pytest.raises(NotFoundError) as raised:
        red.chat.completions.create(
            model="tiny", messages=[{"role": "user", "content": "Hi"}], extra_body={"retrieval": {"vector_store_ids": [store]}}
        )
    assert raised.value.param == "retrieval.vector_store_ids[0]"


@pytest.fixture(scope="module")
def real_door(stack: ExitStack, real_url: str, engine_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    return open_door(stack, real_url, engine_url, tmp_path_factory.mktemp("real-jobs"))


@pytest.fixture(scope="module")
def store_id(real_door: str) -> str:
    with open_sdk(real_door, "red") as sdk:
        file = sdk.files.create(file=("handbook.md", HANDBOOK), purpose="assistants")
        store = sdk.vector_stores.create(name="handbook")
        sdk.vector_stores.files.create(store.id, file_id=file.id)
        wait_until(lambda: sdk.vector_stores.files.retrieve(file.id, vector_store_id=store.id).status != "in_progress", 120)
        return store.id


def test_an_answer_cites_the_hits_of_the_real_service(real_door: str, store_id: str, engine: FakeEngine) -> None:
    with open_sdk(real_door, "red") as sdk:
        hits = sdk.vector_stores.search(store_id, query="How many arms does it have?")
        reply = sdk.chat.completions.create(
            model="tiny",
            messages=[{"role": "user", "content": "How many arms does it have?"}],
            extra_body={"retrieval": {"vector_store_ids": [store_id], "max_num_results": 3}},
        )
    citations = (reply.model_extra or {})["citations"]
    assert [citation["text"] for citation in citations] == [hit.content[0].text for hit in hits.data[:3]]
    assert (citations[0]["filename"], citations[0]["index"], citations[0]["vector_store_id"]) == ("handbook.md", 1, store_id)
    prompt = json.loads(engine.bodies[-1])["messages"][0]["content"]
    assert prompt.startswith("Answer the question from the numbered passages.\n\n<passages>\n[1] Handbook")
    assert "two folding arms" in prompt
    assert prompt.endswith("Question: How many arms does it have?")


def test_the_store_of_another_project_does_not_exist(real_door: str, store_id: str) -> None:
    with open_sdk(real_door, "blue") as sdk, pytest.raises(NotFoundError):
        sdk.chat.completions.create(
            model="tiny", messages=[{"role": "user", "content": "Hi"}], extra_body={"retrieval": {"vector_store_ids": [store_id]}}
        )


def test_a_file_over_the_limit_is_refused_by_retrieval(real_door: str) -> None:
    with open_sdk(real_door, "red") as sdk, pytest.raises(APIStatusError) as raised:
        sdk.files.create(file=("large.txt", b"x" * 30 * MAX_FILE_BYTES), purpose="assistants")
    assert raised.value.status_code == 413


def complete(sdk: OpenAI, question: str, include: Any = None, **options: Any) -> dict[str, Any]:
    extra = {"retrieval": options, **({"include": include} if include else {})}
    messages: Any = [{"role": "user", "content": question}]
    return sdk.chat.completions.create(model="tiny", messages=messages, extra_body=extra).model_dump()


def test_sentences_are_compared_with_passages_by_the_stores_own_embedding_model(real_door: str, store_id: str, engine: FakeEngine) -> None:
    engine.answer = "The Lumen comes with a pair of arms that fold. Its hull is cedar. Bananas are grown in Ecuador and sold in May."
    with open_sdk(real_door, "red") as sdk:
        answer = complete(sdk, "How many arms?", vector_store_ids=[store_id])
        by_words = complete(sdk, "How many arms?", vector_store_ids=[store_id], attribution="words")
    engine.answer = None
    assert answer["notes"] == by_words["notes"] == []
    assert [sentence["supported"] for sentence in answer["sentences"]] == [True, True, False]
    assert answer["sentences"][0]["support"] > by_words["sentences"][0]["support"]


def test_the_trace_has_the_real_services_scores(real_door: str, store_id: str, engine: FakeEngine) -> None:
    with open_sdk(real_door, "red") as sdk:
        trace = complete(sdk, "How many arms?", include=["trace"], vector_store_ids=[store_id])["trace"]
    assert trace["hits"]
    for hit in trace["hits"]:
        assert hit["scores"]["query"] == "How many arms?"
        assert hit["scores"]["fused"]["score"] == pytest.approx(hit["score"])
    assert trace["context_tokens"] > 0


def test_nothing_above_the_threshold_is_an_abstention(real_door: str, store_id: str, engine: FakeEngine) -> None:
    engine.bodies.clear()
    options: Any = {"vector_store_ids": [store_id], "search_mode": "vector", "on_empty": "abstain"}
    tool: Any = {**options, "type": "file_search", "ranking_options": {"score_threshold": 0.95}}
    with open_sdk(real_door, "red") as sdk:
        answer = complete(sdk, "Which bananas grow in Ecuador?", score_threshold=0.95, **options)
        response = sdk.responses.create(model="tiny", input="Which bananas?", tools=[tool])
    assert answer["choices"][0]["message"]["content"] == response.output_text == "The documents do not answer this question."
    assert (answer["abstained"], (response.model_extra or {})["grounding"]["abstained"], engine.bodies) == (True, True, [])


def test_an_option_that_the_search_refuses_has_the_searchs_own_error(real_door: str, store_id: str, engine: FakeEngine) -> None:
    engine.bodies.clear()
    with open_sdk(real_door, "red") as sdk, pytest.raises(BadRequestError, match="RETRIEVAL_RERANK_MODEL"):
        complete(sdk, "How many arms?", vector_store_ids=[store_id], rerank={"top_k": 10})
    assert engine.bodies == []
