"""The generated Python client against the front door, with a fake engine and a fake index behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tandem_client import AuthenticatedClient
from tandem_client.api.answers import create_chat_completion, create_response
from tandem_client.api.comparisons import create_comparison, list_comparison_events, retrieve_comparison
from tandem_client.api.files import retrieve_content
from tandem_client.api.fine_tuning import create_fine_tuning_job, list_fine_tuning_events, list_fine_tuning_jobs
from tandem_client.api.vector_stores import search_vector_store
from tandem_client.models import (
    ChatCompletionChunk,
    ChatCompletionCreate,
    ChatMessage,
    ComparisonCreate,
    ErrorResponse,
    FineTuningJobCreate,
    FineTuningJobCreateMetadataType0,
    Hyperparameters,
    ListFineTuningJobsMetadata,
    Method,
    ResponseCreate,
    ResponseEvent,
    RetrievalOptions,
    SearchRequest,
    SupervisedMethod,
)
from tandem_streams import StreamFailed, stream

from tests.contract.fuzzed import KEY, LINE, MODEL, QUESTION, serving_front_door
from tests.python_client import DAY, about, index, need, upload

TEXT = b"# Pump\n\nThe pump delivers 40 liters of water per minute.\n"
QUESTION_TEXT = "How much water does the pump deliver?"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_front_door(tmp_path_factory.mktemp("front-door")) as url:
        yield url


@pytest.fixture
def client(url: str) -> Iterator[AuthenticatedClient]:
    with AuthenticatedClient(url, KEY, raise_on_unexpected_status=True) as client:
        yield client


def chat(store: str) -> ChatCompletionCreate:
    messages = [ChatMessage("user", content=QUESTION_TEXT)]
    return ChatCompletionCreate(MODEL, messages, retrieval=RetrievalOptions(vector_store_ids=[store], max_num_results=2))


def test_an_upload_expires_when_it_should_and_its_bytes_come_back(client: AuthenticatedClient) -> None:
    file = upload(client, TEXT, "Pumpe €.md", "assistants")
    assert file.filename == "Pumpe €.md"
    assert file.expires_at == file.created_at + DAY
    assert need(retrieve_content.sync(file.id, client=client)).payload.read() == TEXT


def test_a_search_with_nested_filters_returns_typed_hits(client: AuthenticatedClient) -> None:
    _, store = index(client, TEXT, "pump.md")
    found = need(search_vector_store.sync(store, client=client, body=SearchRequest("water", filters=about("pump"))))
    assert [hit.filename for hit in found.data] == ["pump.md"]
    assert "40 liters" in found.data[0].content[0].text
    others = need(search_vector_store.sync(store, client=client, body=SearchRequest("water", filters=about("valve"))))
    assert others.data == []


def test_a_chat_with_documents_cites_them_plain_and_streamed(client: AuthenticatedClient) -> None:
    body = chat(index(client, TEXT, "pump.md")[1])
    answer = need(create_chat_completion.sync(client=client, body=body))
    assert isinstance(answer.citations, list)
    assert [each.filename for each in answer.citations] == ["pump.md"]
    chunks = list(stream(client, "/v1/chat/completions", body, ChatCompletionChunk))
    pieces = [choice.delta.content for chunk in chunks for choice in chunk.choices if isinstance(choice.delta.content, str)]
    assert "".join(pieces).split() == str(answer.choices[0].message.content).split()
    assert isinstance(chunks[-1].citations, list)
    assert [each.text for each in chunks[-1].citations] == [each.text for each in answer.citations]


def test_a_response_is_read_plain_and_by_its_events(client: AuthenticatedClient) -> None:
    body = ResponseCreate(model=MODEL, input_=QUESTION_TEXT)
    whole = need(create_response.sync(client=client, body=body))
    assert whole.status == "completed"
    events = list(stream(client, "/v1/responses", body, ResponseEvent))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    text = "".join(event.delta for event in events if isinstance(event.delta, str))
    assert text.split() == whole.output[0].to_dict()["content"][0]["text"].split()


def test_a_fine_tuning_job_and_a_comparison_are_created_and_have_events(client: AuthenticatedClient) -> None:
    training = upload(client, LINE * 10, "train.jsonl", "fine-tune")
    method = Method(supervised=SupervisedMethod(hyperparameters=Hyperparameters(n_epochs=1)))
    job = need(create_fine_tuning_job.sync(client=client, body=FineTuningJobCreate(MODEL, training.id, method=method)))
    assert job.hyperparameters.n_epochs == 1
    assert need(list_fine_tuning_events.sync(job.id, client=client)).data[0].object_ == "fine_tuning.job.event"
    questions = upload(client, QUESTION, "questions.jsonl", "evals")
    body = ComparisonCreate(questions_file=questions.id, model=MODEL, vector_store_ids=[index(client, TEXT, "pump.md")[1]])
    comparison = need(create_comparison.sync(client=client, body=body))
    assert need(list_comparison_events.sync(comparison.id, client=client)).data
    assert need(retrieve_comparison.sync(comparison.id, client=client)) == comparison


def test_jobs_are_listed_by_their_metadata(client: AuthenticatedClient) -> None:
    file = upload(client, LINE * 10, "examples.jsonl", "fine-tune")
    metadata = FineTuningJobCreateMetadataType0.from_dict({"team": "support"})
    with_metadata, without = (
        need(create_fine_tuning_job.sync(client=client, body=body)).id
        for body in (FineTuningJobCreate(MODEL, file.id, metadata=metadata), FineTuningJobCreate(MODEL, file.id))
    )

    def find(**query: str) -> set[str]:
        """List the jobs as `docs/api.md` says."""
        filter = ListFineTuningJobsMetadata.from_dict(query)
        return {job.id for job in need(list_fine_tuning_jobs.sync(client=client, metadata=filter)).data}

    assert find(**{"metadata[team]": "support"}) == {with_metadata}
    assert without in find(metadata="null")
    assert with_metadata not in find(metadata="null")


def test_errors_are_typed_values_with_the_field_and_the_code(client: AuthenticatedClient, url: str) -> None:
    with AuthenticatedClient(url, "wrong") as stranger:
        refused = retrieve_comparison.sync_detailed("cmp_1", client=stranger)
    assert refused.status_code == 401
    assert isinstance(refused.parsed, ErrorResponse)
    assert refused.parsed.error.code == "invalid_api_key"
    assert retrieve_comparison.sync_detailed("cmp_1", client=client).status_code == 404
    unknown = ChatCompletionCreate("gpt-4o", [ChatMessage("user", content="Hi")])
    wrong = create_chat_completion.sync_detailed(client=client, body=unknown)
    assert wrong.status_code == 404
    assert isinstance(wrong.parsed, ErrorResponse)
    assert (wrong.parsed.error.param, wrong.parsed.error.code) == ("model", "model_not_found")
    searched = search_vector_store.sync("vs_none", client=client, body=SearchRequest(" "))
    assert isinstance(searched, ErrorResponse)
    assert searched.error.param == "query"


def test_a_stream_that_is_refused_is_an_error_with_the_same_fields(client: AuthenticatedClient) -> None:
    with pytest.raises(StreamFailed, match="does not exist") as raised:
        next(stream(client, "/v1/chat/completions", ChatCompletionCreate("gpt-4o", chat("vs_1").messages), ChatCompletionChunk))
    assert (raised.value.status, raised.value.error.code) == (404, "model_not_found")


def test_the_package_has_what_it_imports() -> None:
    folder = Path(__file__).parents[2] / "deploy" / "clients" / "python"
    assert {path.parent.name for path in folder.rglob("__init__.py")} >= {"tandem_client", "api", "models", "vector_stores"}
