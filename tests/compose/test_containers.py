"""The main job in containers, over the published port, with the keys of two projects, while every container is stopped and started.

The tests build on each other, in this order: an engine takes a minute to start. Each stop is measured: a process must end within 10 s of
SIGTERM in every state, and its work must go on.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
import pytest
from openai import APIError, NotFoundError, OpenAI
from openai.types.fine_tuning import FineTuningJob

from deploy.local.mainjob import CHUNKING
from tests.compose.docker import say
from tests.compose.stack import STOP_SECONDS, WORKERS_AND_SERVICES, Stack
from tests.dockerfiles import IMAGES
from tests.e2e.conftest import SAMPLE

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(3000)]
QUESTION = "Under which code name was the Tarnwick 6 developed?"
DOCUMENTS = ("overview.md", "calibration.md", "mooring.md")
ENDED = ("succeeded", "failed", "cancelled")
KILLED = 137
LOADING = "Starting to load model"  # in vLLM's log
WRITE = "id -u; for place in /tmp /app /opt/tandem /home/tandem /etc; do touch $place/a 2>/dev/null && echo $place; done; true"
METHOD: Any = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 1, "batch_size": 2}}}


class Made:
    """What the tests before have made."""

    store: str
    model: str
    job: str
    comparison: str
    cited: list[tuple[str, str]]
    verdict: str


made = Made()


@pytest.fixture(scope="module")
def alpha(stack: Stack) -> Iterator[OpenAI]:
    with stack.client("alpha") as client:
        yield client


@pytest.fixture(scope="module")
def beta(stack: Stack) -> Iterator[OpenAI]:
    with stack.client("beta") as client:
        yield client


@pytest.fixture(scope="module")
def base(alpha: OpenAI) -> str:
    return next(iter(alpha.models.list())).id


def until(reached: Callable[[], object], seconds: float = 600) -> None:
    """Return once `reached()` is true; a service that is stopped or starting is not an error."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if reached():
                return
        except (APIError, httpx.HTTPError) as error:
            problem: object = error
        else:
            problem = "not reached"
        assert time.monotonic() < deadline, problem
        time.sleep(1)


def ask(client: OpenAI, model: str, **fields: Any) -> Any:
    messages: Any = [{"role": "user", "content": QUESTION}]
    return client.chat.completions.create(model=model, messages=messages, max_tokens=16, temperature=0, **fields)


def stopped_and_started(stack: Stack, service: str, state: str) -> None:
    """Stop a container while it does something, check that it ended by itself and in time, and start it again."""
    assert stack.stop(service, state) < STOP_SECONDS
    assert stack.inspect(service)["State"]["ExitCode"] != KILLED
    stack.start(service)


def upload(client: OpenAI, name: str) -> str:
    return client.files.create(file=SAMPLE / "documents" / name, purpose="assistants").id


def is_indexed(client: OpenAI, store: str) -> bool:
    counts = client.vector_stores.retrieve(store).file_counts
    assert counts.failed == 0
    return counts.completed == counts.total > 0


def test_our_containers_run_as_user_10001_and_can_write_only_where_they_must(stack: Stack) -> None:
    sizes = {image: f"{size / 1e6:.0f} MB" for image, size in stack.list_images().items()}
    say(f"sizes of the images: {sizes}")
    for name in IMAGES:
        found = stack.inspect(name)
        assert (found["Config"]["User"], found["HostConfig"]["ReadonlyRootfs"]) == ("10001", True), name
    for name in WORKERS_AND_SERVICES:
        assert stack.run_in(name, WRITE).split() == ["10001", "/tmp"], name


def test_documents_are_indexed_and_an_answer_cites_them_streamed_or_not(alpha: OpenAI, base: str) -> None:
    made.store = alpha.vector_stores.create(file_ids=[upload(alpha, name) for name in DOCUMENTS], chunking_strategy=CHUNKING).id
    until(lambda: is_indexed(alpha, made.store))
    hit = alpha.vector_stores.search(made.store, query=QUESTION).data[0]
    assert hit.filename == "overview.md" and "Sandpiper" in hit.content[0].text
    grounded = {"retrieval": {"vector_store_ids": [made.store], "max_num_results": 2}}
    plain = ask(alpha, base, extra_body=grounded)
    chunks = list(ask(alpha, base, extra_body=grounded, stream=True))
    assert plain.citations[0]["filename"] == "overview.md"
    assert chunks[-1].citations == plain.citations
    made.cited = [(each["chunk_id"], each["text"]) for each in plain.citations]
    streamed = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert streamed == plain.choices[0].message.content


def test_a_container_that_does_nothing_stops_at_once(stack: Stack, alpha: OpenAI) -> None:
    for service in ("training", "evaluation", "retrieval", "generation"):
        stopped_and_started(stack, service, "idle")
    until(lambda: alpha.vector_stores.search(made.store, query=QUESTION).data)


def test_a_training_goes_on_although_its_worker_the_database_and_the_broker_are_restarted(stack: Stack, alpha: OpenAI, base: str) -> None:
    lines = (SAMPLE / "train.jsonl").read_bytes().splitlines(keepends=True)[:12]
    file = alpha.files.create(file=("train.jsonl", b"".join(lines)), purpose="fine-tune")
    made.job = alpha.fine_tuning.jobs.create(model=base, training_file=file.id, suffix="compose", method=METHOD, seed=1).id
    until(lambda: stage(alpha) == "training")
    stopped_and_started(stack, "training", "the training process imports its libraries")
    stack.stop("broker", "a job waits")
    stack.start("broker")
    until(lambda: list_steps(alpha))
    stopped_and_started(stack, "training", "training between two steps")
    stack.stop("postgres", "a job waits")
    stack.start("postgres")
    until(lambda: find_job(alpha).status in ENDED)
    job = find_job(alpha)
    assert job.status == "succeeded" and job.fine_tuned_model, job.error
    made.model = job.fine_tuned_model
    warnings = [event.message for event in alpha.fine_tuning.jobs.list_events(made.job, limit=100) if event.level == "warn"]
    assert len([message for message in warnings if message.startswith("The worker stopped.")]) == 2, warnings
    assert ask(alpha, made.model).choices[0].message.content


def find_job(client: OpenAI) -> FineTuningJob:
    return client.fine_tuning.jobs.retrieve(made.job)


def stage(client: OpenAI) -> str:
    return str((find_job(client).model_extra or {})["stage"])


def list_steps(client: OpenAI) -> list[str]:
    return [event.id for event in client.fine_tuning.jobs.list_events(made.job, limit=100) if event.type == "metrics"]


def test_indexing_goes_on_although_retrieval_and_its_index_are_restarted(stack: Stack, alpha: OpenAI) -> None:
    names = sorted(path.name for path in (SAMPLE / "documents").iterdir())[:16]
    store = alpha.vector_stores.create(file_ids=[upload(alpha, name) for name in names], chunking_strategy=CHUNKING).id
    until(lambda: alpha.vector_stores.retrieve(store).file_counts.completed >= 1)
    stopped_and_started(stack, "retrieval", f"indexing, {describe_counts(alpha, store)}")
    until(lambda: alpha.vector_stores.retrieve(store).file_counts.completed >= 2)
    stack.stop("qdrant", "files are indexed")
    stack.start("qdrant")
    until(lambda: is_indexed(alpha, store))
    hits = alpha.vector_stores.search(store, query="buoy", max_num_results=50).data
    assert len({(hit.file_id, hit.content[0].text) for hit in hits}) == len(hits) > 10
    alpha.vector_stores.delete(store)


def describe_counts(client: OpenAI, store: str) -> str:
    counts = client.vector_stores.retrieve(store).file_counts
    return f"{counts.completed} of {counts.total} files done"


def test_a_comparison_goes_on_although_worker_front_door_and_engine_are_restarted(stack: Stack, alpha: OpenAI) -> None:
    lines = (SAMPLE / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    answerable = [line for line in lines if json.loads(line).get("source") in DOCUMENTS][:6]
    questions = alpha.files.create(file=("questions.jsonl", "\n".join(answerable).encode()), purpose="evals")
    body = {"questions_file": questions.id, "model": made.model, "vector_store_ids": [made.store], "max_tokens": 12}
    made.comparison = call(alpha, "POST", "", body)["id"]
    until(lambda: is_asking(alpha))
    stopped_and_started(stack, "evaluation", "asking the questions of a comparison")
    until(lambda: is_asking(alpha))
    stopped_and_started(stack, "generation", "answering the questions of a comparison")
    until(lambda: ask(alpha, made.model))
    with answering(alpha):
        assert stack.stop("engine", "answering") < STOP_SECONDS
    for state, sign in (("starting", ""), ("loading its model", LOADING)):
        started = stack.start("engine")
        until(lambda: sign in stack.logs("engine", started))  # noqa: B023  it returns before the next round
        assert stack.stop("engine", state) < STOP_SECONDS
    stack.start("engine")
    until(lambda: stack.is_healthy("engine"))
    until(lambda: call(alpha, "GET", made.comparison)["status"] in ENDED)
    comparison = call(alpha, "GET", made.comparison)
    assert comparison["status"] == "succeeded", comparison["error"]
    assert [arm["arm"] for arm in comparison["result"]["arms"]] == ["base", "prompted", "rag", "fine_tuned", "both"]
    assert comparison["result"]["questions"] == len(answerable), list_failures(alpha, comparison["result"]["report_json"])
    made.verdict = comparison["result"]["verdict"]["headline"]
    assert alpha.files.content(comparison["result"]["report_html"]).text.lstrip().lower().startswith("<!doctype html>")


def list_failures(client: OpenAI, report: str) -> set[str]:
    """Return why answers of a comparison failed, with their arms."""
    questions = json.loads(client.files.content(report).content)["questions"]
    return {f"{answer['arm']}: {answer['failure']}" for each in questions for answer in each["results"] if answer["failure"]}


def call(client: OpenAI, method: str, id: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    read = partial(client.get, f"/comparisons/{id}") if method == "GET" else partial(client.post, "/comparisons", body=body)
    found: dict[str, Any] = read(cast_to=httpx.Response).json()
    return found


def is_asking(client: OpenAI) -> bool:
    comparison = call(client, "GET", made.comparison)
    assert comparison["status"] in ("queued", "running"), comparison
    return str(comparison["stage"]).startswith("asking")


@contextmanager
def answering(client: OpenAI) -> Iterator[None]:
    """Keep the engine answering a long request inside the context."""
    has_begun = threading.Event()
    thread = threading.Thread(target=stream_a_story, args=(client, has_begun.set), daemon=True)
    thread.start()
    assert has_begun.wait(300)
    yield
    thread.join(60)


def stream_a_story(client: OpenAI, begin: Callable[[], None]) -> None:
    messages: Any = [{"role": "user", "content": "Tell a story."}]
    request = {"model": made.model, "messages": messages, "max_tokens": 1500, "extra_body": {"ignore_eos": True}}
    try:
        with client.chat.completions.create(stream=True, **request) as chunks:
            for _ in chunks:
                begin()
    except (APIError, httpx.HTTPError):
        return


def test_a_project_sees_nothing_of_another(alpha: OpenAI, beta: OpenAI, base: str) -> None:
    assert beta.files.list().data == [] and beta.vector_stores.list().data == [] and beta.fine_tuning.jobs.list().data == []
    assert made.model in [model.id for model in alpha.models.list()]
    assert [model.id for model in beta.models.list()] == [base]
    file = alpha.files.list().data[0].id
    hidden: tuple[Callable[[], object], ...] = (
        lambda: beta.files.retrieve(file),
        lambda: beta.vector_stores.search(made.store, query=QUESTION),
        lambda: beta.fine_tuning.jobs.retrieve(made.job),
        lambda: call(beta, "GET", made.comparison),
        lambda: ask(beta, made.model),
        lambda: ask(beta, base, extra_body={"retrieval": {"vector_store_ids": [made.store]}}),
    )
    for look in hidden:
        with pytest.raises(NotFoundError):
            look()
    own = beta.vector_stores.create(file_ids=[upload(beta, "overview.md")]).id
    until(lambda: is_indexed(beta, own))
    assert beta.vector_stores.search(own, query=QUESTION).data
    with pytest.raises(NotFoundError):
        alpha.vector_stores.retrieve(own)


def find_refused_writes(stack: Stack) -> list[str]:
    """Return the lines of our containers' logs that say that something could not be written."""
    return [
        line for name in WORKERS_AND_SERVICES for line in stack.logs(name).splitlines() if "Read-only" in line or "PermissionError" in line
    ]


def test_after_down_and_up_everything_is_still_there(stack: Stack, alpha: OpenAI, base: str) -> None:
    assert find_refused_writes(stack) == []
    stack.down()
    stack.up()
    grounded = {"retrieval": {"vector_store_ids": [made.store], "max_num_results": 2}}
    assert [(each["chunk_id"], each["text"]) for each in ask(alpha, base, extra_body=grounded).citations] == made.cited
    assert ask(alpha, made.model).choices[0].message.content
    assert find_job(alpha).status == "succeeded"
    assert call(alpha, "GET", made.comparison)["result"]["verdict"]["headline"] == made.verdict
    assert find_refused_writes(stack) == []
