"""The main job on a real stack: documents, an adapter, five ways of answering, a verdict; and what goes wrong on the way."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import BadRequestError, OpenAI
from openai.types.fine_tuning import FineTuningJob
from rich.console import Console
from safetensors.torch import load_file, save_file

from deploy.local.demo import show
from deploy.local.mainjob import MainJob
from services.evaluation.report.bundle.read_bundle import read_bundle
from shared.records.database import Database
from shared.records.models.adapters import Adapter
from tests.e2e.conftest import SAMPLE
from tests.e2e.stack import Stack, until

pytestmark = pytest.mark.timeout(900)
QUICK: Any = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 1}}}
OVER = ("succeeded", "failed", "cancelled")


@pytest.fixture(scope="session")
def examples(client: OpenAI) -> str:
    rows = (SAMPLE / "train.jsonl").read_bytes().splitlines(keepends=True)
    return client.files.create(file=("train.jsonl", b"".join(rows[:64])), purpose="fine-tune").id


@pytest.fixture(scope="session")
def trained(client: OpenAI, base: str, examples: str) -> FineTuningJob:
    job = client.fine_tuning.jobs.create(model=base, training_file=examples, suffix="e2e", method=QUICK, seed=1)
    return finished(client, job)


def finished(client: OpenAI, job: FineTuningJob) -> FineTuningJob:
    until(lambda: client.fine_tuning.jobs.retrieve(job.id).status in OVER, seconds=600)
    return client.fine_tuning.jobs.retrieve(job.id)


def ask(client: OpenAI, model: str, question: str, **fields: Any) -> Any:
    messages: Any = [{"role": "user", "content": question}]
    return client.chat.completions.create(model=model, messages=messages, max_tokens=24, temperature=0, **fields)


def test_every_document_of_the_sample_is_indexed_with_its_place(client: OpenAI, store: str) -> None:
    counts = client.vector_stores.retrieve(store).file_counts
    assert (counts.failed, counts.in_progress) == (0, 0)
    assert counts.completed >= 25
    hit = client.vector_stores.search(store, query="Under which code name was the Tarnwick 6 developed?").data[0]
    assert hit.filename == "overview.md"
    assert "Sandpiper" in hit.content[0].text


def test_an_answer_with_documents_is_the_same_streamed_or_not(client: OpenAI, base: str, store: str) -> None:
    extra = {"retrieval": {"vector_store_ids": [store], "max_num_results": 2}}
    question = "Under which code name was the Tarnwick 6 developed?"
    plain = ask(client, base, question, extra_body=extra)
    chunks = list(ask(client, base, question, extra_body=extra, stream=True))
    streamed = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert streamed == plain.choices[0].message.content
    assert chunks[-1].citations == plain.citations
    assert plain.citations[0]["filename"] == "overview.md"
    assert plain.usage.prompt_tokens > 60


def test_the_trained_adapter_is_served_and_answers_differently_from_its_base(
    stack: Stack, client: OpenAI, base: str, trained: FineTuningJob
) -> None:
    assert trained.status == "succeeded", trained.error
    assert trained.fine_tuned_model is not None
    assert trained.fine_tuned_model in [model.id for model in client.models.list()]
    assert getattr(trained, "probe", {})["status"] == "differs"
    manifest = json.loads((stack.data / "adapters" / trained.fine_tuned_model / "manifest.json").read_text())
    assert manifest["evidence"]["adapter"] > manifest["evidence"]["base"] + 0.2
    question = "How many minutes are in an hour?"
    tuned = ask(client, trained.fine_tuned_model, question).choices[0].message.content
    assert tuned != ask(client, base, question).choices[0].message.content
    metrics = [event for event in client.fine_tuning.jobs.list_events(trained.id, limit=100) if event.type == "metrics"]
    assert metrics
    assert isinstance(metrics[0].data, dict)
    assert {"step", "total_steps", "train_loss", "percent", "seconds_left"} <= set(metrics[0].data)


def copied(stack: Stack, trained: str, suffix: str) -> Path:
    """Publish a copy of the adapter under another name, by hand; return its folder."""
    base, job = trained.split(":")[1], "copied00"
    name = f"ft:{base}:default:{suffix}:{job}"
    folder = stack.data / "adapters" / name
    shutil.copytree(stack.data / "adapters" / trained, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["weights_sha256"]  # which would give it away before the engine is asked
    database = Database(f"sqlite:///{stack.data / 'jobs.db'}")
    with database.session() as session:
        session.add(Adapter(name=name, project_id="default", base=base, job_id=job, manifest=manifest, created_at=1))
    database.close()
    return folder


def test_an_adapter_that_is_broken_or_not_at_work_is_a_clear_error_and_can_be_deleted(
    stack: Stack, client: OpenAI, base: str, trained: FineTuningJob
) -> None:
    assert trained.fine_tuned_model is not None
    broken = copied(stack, trained.fine_tuned_model, "broken") / "adapter_model.safetensors"
    broken.write_bytes(broken.read_bytes()[:-1000])
    idle = copied(stack, trained.fine_tuned_model, "idle") / "adapter_model.safetensors"
    save_file({name: tensor * ("lora_B" not in name) for name, tensor in load_file(idle).items()}, idle)
    for folder, reason in ((broken.parent, "cannot load it: "), (idle.parent, "does not use its weights")):
        with pytest.raises(BadRequestError, match=reason) as raised:
            ask(client, folder.name, "Hi")
        assert raised.value.code == "model_out_of_service"
        assert (client.models.retrieve(folder.name).model_extra or {})["status"] == "out_of_service"
        assert ask(client, base, "Hi").choices[0].message.content
        client.models.delete(folder.name)
        assert not folder.exists()
    good = client.models.retrieve(trained.fine_tuned_model).model_extra or {}
    assert (good["status"], good["job"], good["parent"]) == ("in_service", trained.id, base)
    listed = httpx.get(f"http://127.0.0.1:{stack.environment['TANDEM_ENGINE_PORT']}/v1/models").json()["data"]
    names = {model["id"] for model in listed}  # other tests may have trained models too
    assert names >= {base, trained.fine_tuned_model} and not any("copied00" in name for name in names)


def test_a_comparison_asks_every_question_five_ways_and_gives_a_verdict(
    client: OpenAI, http: httpx.Client, store: str, trained: FineTuningJob, tmp_path: Path
) -> None:
    rows = (SAMPLE / "questions.jsonl").read_bytes().splitlines(keepends=True)[:8]
    (tmp_path / "questions.jsonl").write_bytes(b"".join(rows))
    assert trained.fine_tuned_model is not None
    job, notes = MainJob(client, lambda: None), []
    done = job.compare(trained.fine_tuned_model, store, tmp_path / "questions.jsonl", lambda _, note="": notes.append(note))
    html, saved = job.save_report(done, tmp_path)
    printed = Console(record=True, width=140)
    show(printed, done)
    url = f"/comparisons/{done.id}"
    result = http.get(url).json()["result"]
    assert any(note.startswith("asking ") for note in notes)
    assert result["verdict"]["text"][:40] in printed.export_text()
    assert [arm["arm"] for arm in result["arms"]] == ["base", "prompted", "rag", "fine_tuned", "both"]
    assert len(result["differences"]) == 10
    assert result["verdict"]["outcome"] == "too_few"  # eight questions never decide
    assert all(arm["single_latency_p50"] > 0 and arm["engine_seconds"] > 0 for arm in result["arms"])
    report = json.loads(saved.read_bytes())
    assert len(report["questions"]) == 8
    assert html.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")
    assert http.delete(url).status_code == 200
    assert http.get(url).status_code == 404
    assert http.get(f"/files/{result['report_html']}").status_code == 404


def test_a_comparison_is_continued_with_more_questions_and_replayed_without_an_engine(
    client: OpenAI, http: httpx.Client, base: str, store: str, tmp_path: Path
) -> None:
    rows = (SAMPLE / "questions.jsonl").read_bytes().splitlines(keepends=True)
    files = [client.files.create(file=("q.jsonl", b"".join(rows[:count])), purpose="evals") for count in (6, 12)]
    one_passage = {"name": "one-passage", "retrieval": {"max_num_results": 1}, "sampling": {"max_tokens": 8}}
    arms = ["base", one_passage, {"name": "again"}]
    body = {"questions_file": files[0].id, "model": base, "vector_store_ids": [store], "arms": arms, "max_tokens": 16}
    first = ended(http, http.post("/comparisons", json=body).json())
    second = ended(http, http.post("/comparisons", json={"extends": first["id"], "questions_file": files[1].id}).json())
    assert (first["look"], second["look"], second["result"]["questions"]) == (1, 2, 12)
    assert second["result"]["verdict"]["alpha"] == first["result"]["verdict"]["alpha"] / 2
    kept, more = (read_answers(http, each["result"]["bundle"]) for each in (first, second))
    assert len(more) == 36
    same = next(each for each in second["result"]["differences"] if {each["better"], each["worse"]} == {"base", "again"})
    assert not same["shown"]  # an arm against itself
    assert second["result"]["verdict"]["flip_rate"] <= 0.5
    assert all(more[key] == answer for key, answer in kept.items())  # no question was asked twice
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(http.get(f"/files/{second['result']['bundle']}/content").content)
    replay = subprocess.run(
        [sys.executable, "-m", "services.evaluation", "replay", str(bundle)], capture_output=True, text=True, timeout=120
    )
    assert replay.returncode == 0, replay.stdout + replay.stderr
    assert second["result"]["verdict"]["headline"] in replay.stdout


def ended(http: httpx.Client, comparison: dict[str, Any]) -> dict[str, Any]:
    assert "id" in comparison, comparison
    until(lambda: http.get(f"/comparisons/{comparison['id']}").json()["status"] not in ("queued", "running"), seconds=240)
    done: dict[str, Any] = http.get(f"/comparisons/{comparison['id']}").json()
    assert done["status"] == "succeeded", done["error"]
    return done


def read_answers(http: httpx.Client, bundle: str) -> dict[tuple[int, str], tuple[str, float]]:
    """Return the text and the seconds of every answer, by question and arm: nobody answers in the same time twice."""
    evidence, _ = read_bundle(http.get(f"/files/{bundle}/content").content)
    return {(answer.question, answer.arm): (answer.text, answer.seconds) for answer in evidence.answers}


def test_a_client_that_leaves_ends_its_generation_in_the_engine(stack: Stack, base: str) -> None:
    body = {"model": base, "messages": [{"role": "user", "content": "Tell a story."}], "max_tokens": 1500, "ignore_eos": True}
    before = stack.engine_metric("vllm:generation_tokens_total")
    with httpx.Client(base_url=stack.base_url, timeout=60) as leaving, pytest.raises(httpx.ReadTimeout):
        leaving.post("/chat/completions", json=body, timeout=httpx.Timeout(2.0, connect=10.0))
    with httpx.stream("POST", f"{stack.base_url}/chat/completions", json={**body, "stream": True}, timeout=60) as answer:
        assert answer.status_code == 200, answer.read()
        lines = answer.iter_lines()  # held: httpx closes the connection with the iterator
        assert next(lines).startswith("data: {")
        until(lambda: stack.engine_metric("vllm:num_requests_running") >= 1, seconds=20)
    until(lambda: stack.engine_metric("vllm:num_requests_running") == 0, seconds=20)
    assert stack.engine_metric("vllm:generation_tokens_total") - before < 1500


def test_a_request_id_is_found_in_the_logs_of_every_hop(stack: Stack, http: httpx.Client, base: str, store: str) -> None:
    retrieval = {"vector_store_ids": [store], "max_num_results": 1}
    body = {"model": base, "messages": [{"role": "user", "content": "Mass?"}], "max_tokens": 4, "retrieval": retrieval}
    answer = http.post("/chat/completions", json=body, headers={"X-Request-ID": "req_followme"})
    assert answer.headers["x-request-id"] == "req_followme"
    until(lambda: all("req_followme" in stack.log(name) for name in ("generation", "retrieval")), seconds=10)


def test_a_wrong_training_line_is_refused_with_its_number(client: OpenAI, http: httpx.Client, base: str) -> None:
    file = client.files.create(file=("bad.jsonl", b'{"messages": []}\n'), purpose="fine-tune")
    answer = http.post("/fine_tuning/jobs", json={"model": base, "training_file": file.id})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("Line 1:")


def killed(stack: Stack, name: str, back: Callable[[], bool], seconds: float) -> None:
    before = stack.pid(name)
    stack.kill(name)
    until(lambda: stack.pid(name) != before and back(), seconds=seconds)


def is_live(http: httpx.Client, path: str = "/models") -> bool:
    try:
        return http.get(path).is_success
    except httpx.HTTPError:
        return False


def test_another_worker_continues_the_job_of_a_killed_training_worker(stack: Stack, client: OpenAI, base: str, examples: str) -> None:
    job = client.fine_tuning.jobs.create(model=base, training_file=examples, suffix="killed", method=QUICK, seed=2)
    until(lambda: any(event.type == "metrics" for event in client.fine_tuning.jobs.list_events(job.id).data), seconds=200)
    killed(stack, "training", lambda: True, seconds=60)
    job = finished(client, job)
    assert job.status == "succeeded", job.error
    data = [event.data for event in client.fine_tuning.jobs.list_events(job.id, limit=100) if event.type == "metrics"]
    steps = [each["step"] for each in data if isinstance(each, dict)]
    assert len(steps) > len(set(steps)) or any("resumes" in event.message for event in client.fine_tuning.jobs.list_events(job.id))


def test_retrieval_killed_while_it_indexes_continues_without_duplicates(stack: Stack, client: OpenAI, http: httpx.Client) -> None:
    made = client.vector_stores.create(name="killed")
    documents = sorted((SAMPLE / "documents").glob("*.md"))
    for document in documents:
        file = client.files.create(file=document, purpose="assistants")
        client.vector_stores.files.create(vector_store_id=made.id, file_id=file.id)
    killed(stack, "retrieval", lambda: is_live(http, "/files"), seconds=120)
    until(lambda: client.vector_stores.retrieve(made.id).status == "completed", seconds=240)
    assert client.vector_stores.retrieve(made.id).file_counts.completed == len(documents)
    hits = client.vector_stores.search(made.id, query="buoy", max_num_results=50).data
    assert len({(hit.file_id, hit.content[0].text) for hit in hits}) == len(hits)


def test_a_job_made_while_the_broker_is_gone_still_runs(stack: Stack, client: OpenAI, base: str, examples: str) -> None:
    stack.kill("broker")
    job = client.fine_tuning.jobs.create(model=base, training_file=examples, suffix="nobroker", method=QUICK)
    assert job.status == "queued"
    until(lambda: client.fine_tuning.jobs.retrieve(job.id).status == "running", seconds=120)
    client.fine_tuning.jobs.cancel(job.id)
    assert finished(client, job).status == "cancelled"


def test_an_engine_killed_is_a_clear_error_and_serves_the_adapter_again_afterwards(
    stack: Stack, client: OpenAI, http: httpx.Client, trained: FineTuningJob
) -> None:
    body = {"model": trained.fine_tuned_model, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 4}
    before = stack.pid("engine")
    stack.kill("engine")
    gone = http.post("/chat/completions", json=body)
    assert gone.status_code == 503
    assert "GENERATION_ENGINE_URL" in gone.json()["error"]["message"]
    assert http.get("/files").is_success
    until(lambda: stack.pid("engine") != before and http.post("/chat/completions", json=body).is_success, seconds=240)
