"""The generated clients do the main job on the real stack: documents, answers, an adapter, a comparison, and errors."""

from collections.abc import Iterator

import httpx
import pytest
from tandem_client import AuthenticatedClient
from tandem_client.api.answers import create_chat_completion
from tandem_client.api.comparisons import create_comparison, list_comparison_events, retrieve_comparison
from tandem_client.api.files import retrieve_content
from tandem_client.api.fine_tuning import create_fine_tuning_job, list_fine_tuning_events, retrieve_fine_tuning_job
from tandem_client.api.vector_stores import search_vector_store
from tandem_client.models import (
    ChatCompletionChunk,
    ChatCompletionCreate,
    ChatMessage,
    Comparison,
    ComparisonCreate,
    ComparisonResult,
    ErrorResponse,
    FineTuningJob,
    FineTuningJobCreate,
    Hyperparameters,
    Method,
    RetrievalOptions,
    SearchRequest,
    SupervisedMethod,
)
from tandem_streams import StreamFailed, stream

from tests.e2e.conftest import SAMPLE
from tests.e2e.stack import Stack, until
from tests.python_client import DAY, about, index, need, upload
from tests.typescript_client import run_main_job

pytestmark = pytest.mark.timeout(900)
DOCUMENT = "overview.md"
ASKED = "Under which code name was the Tarnwick 6 developed?"
ENDED = ("succeeded", "failed", "cancelled")
SECONDS = 600


def lines(name: str, count: int) -> bytes:
    return b"".join((SAMPLE / name).read_bytes().splitlines(keepends=True)[:count])


DOCUMENT_BYTES = next((SAMPLE / "documents").rglob(DOCUMENT)).read_bytes()
TRAINING, QUESTIONS = lines("train.jsonl", 16), lines("questions.jsonl", 2)


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[AuthenticatedClient]:
    with AuthenticatedClient(stack.base_url.removesuffix("/v1"), "none", timeout=httpx.Timeout(300)) as api:
        yield api


@pytest.fixture(scope="module")
def handbook(api: AuthenticatedClient) -> str:
    """A store with one document, which has attributes and expires after a day."""
    file, store = index(api, DOCUMENT_BYTES, DOCUMENT)
    assert file.expires_at == file.created_at + DAY
    assert need(retrieve_content.sync(file.id, client=api)).payload.read() == DOCUMENT_BYTES
    return store


@pytest.fixture(scope="module")
def tuned(api: AuthenticatedClient, base: str) -> FineTuningJob:
    """A fine-tuning job that has ended."""
    training = upload(api, TRAINING, "train.jsonl", "fine-tune")
    method = Method(supervised=SupervisedMethod(hyperparameters=Hyperparameters(n_epochs=1)))
    created = need(create_fine_tuning_job.sync(client=api, body=FineTuningJobCreate(base, training.id, method=method, seed=1)))
    until(lambda: need(retrieve_fine_tuning_job.sync(created.id, client=api)).status in ENDED, SECONDS)
    return need(retrieve_fine_tuning_job.sync(created.id, client=api))


def test_in_python_a_search_is_filtered_by_attributes(api: AuthenticatedClient, handbook: str) -> None:
    hits = need(search_vector_store.sync(handbook, client=api, body=SearchRequest(ASKED, filters=about("pump")))).data
    assert "Sandpiper" in hits[0].content[0].text
    assert need(search_vector_store.sync(handbook, client=api, body=SearchRequest(ASKED, filters=about("valve")))).data == []


def test_in_python_an_answer_from_documents_is_the_same_streamed_or_not(api: AuthenticatedClient, base: str, handbook: str) -> None:
    options = RetrievalOptions(vector_store_ids=[handbook], max_num_results=2)
    messages = [ChatMessage("user", content=ASKED)]
    body = ChatCompletionCreate(base, messages, max_tokens=16, temperature=0.0, retrieval=options)
    answer = need(create_chat_completion.sync(client=api, body=body))
    chunks = list(stream(api, "/v1/chat/completions", body, ChatCompletionChunk))
    pieces = [choice.delta.content for chunk in chunks for choice in chunk.choices if isinstance(choice.delta.content, str)]
    assert "".join(pieces) == answer.choices[0].message.content
    assert chunks[-1].citations == answer.citations
    assert isinstance(answer.citations, list)
    assert answer.citations[0].filename == DOCUMENT


def test_in_python_a_job_trains_an_adapter_and_tells_its_progress(api: AuthenticatedClient, tuned: FineTuningJob) -> None:
    assert tuned.status == "succeeded", tuned.error
    assert tuned.hyperparameters.n_epochs == 1
    events = need(list_fine_tuning_events.sync(tuned.id, client=api, limit=100)).data
    assert "metrics" in [event.type_ for event in events]


def test_in_python_a_comparison_ends_with_a_verdict(api: AuthenticatedClient, handbook: str, tuned: FineTuningJob) -> None:
    questions = upload(api, QUESTIONS, "questions.jsonl", "evals")
    body = ComparisonCreate(questions_file=questions.id, model=tuned.fine_tuned_model, vector_store_ids=[handbook], max_tokens=8)
    created = need(create_comparison.sync(client=api, body=body))

    def read() -> Comparison:
        return need(retrieve_comparison.sync(created.id, client=api))

    until(lambda: read().status in ENDED, SECONDS)
    result = read().result
    assert isinstance(result, ComparisonResult), read().error
    assert result.verdict.outcome == "too_few"
    assert need(list_comparison_events.sync(created.id, client=api)).data


def test_in_python_errors_are_typed_values(api: AuthenticatedClient, handbook: str) -> None:
    missing = retrieve_comparison.sync_detailed("cmp_none", client=api)
    assert missing.status_code == 404
    assert isinstance(missing.parsed, ErrorResponse)
    blank = search_vector_store.sync(handbook, client=api, body=SearchRequest(" "))
    assert isinstance(blank, ErrorResponse)
    assert blank.error.param == "query"
    unknown = ChatCompletionCreate("gpt-4o", [ChatMessage("user", content="Hi")])
    with pytest.raises(StreamFailed) as raised:
        next(stream(api, "/v1/chat/completions", unknown, ChatCompletionChunk))
    assert raised.value.error.code == "model_not_found"


def test_in_typescript_the_main_job_is_done(stack: Stack, base: str) -> None:
    documents = {"document": DOCUMENT_BYTES.decode(), "question": ASKED}
    files = {"training": TRAINING.decode(), "questions": QUESTIONS.decode()}
    found = run_main_job(stack.base_url.removesuffix("/v1"), "none", base, {**documents, **files}, wait=True, seconds=850)
    assert (found["seconds"], found["content"]) == (DAY, DOCUMENT_BYTES.decode())
    assert (len(found["hits"]) > 0, found["others"]) == (True, [])
    chat = found["chat"]
    assert chat["streamed"] == chat["whole"] != ""
    assert chat["cited"] == chat["citations"] != []
    assert found["kinds"][0] == "response.created"
    assert found["kinds"][-1] in ("response.completed", "response.incomplete")  # the model may talk until its tokens are used up
    assert found["job"]["status"] == "succeeded"
    assert found["job"]["events"] > 1
    assert (found["comparison"]["status"], found["comparison"]["verdict"]) == ("succeeded", "too_few")
    assert [(error["status"], error.get("code")) for error in found["errors"]][2] == (404, "model_not_found")
