"""Every base model that an engine serves and that has files can be fine-tuned, exported and imported, each with its own files."""

import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from shared.records.database import Database
from shared.records.jobs import Job
from shared.records.models.adapters import Adapter
from shared.records.training_devices import Device, announce
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.serving import serving
from tests.unit.generation.routes.test_estimate import SMOLLM
from tests.unit.generation.routes.test_fine_tuning import EXAMPLE, EXAMPLES, supervised
from tests.unit.generation.serving.export_models import write_adapter, write_base
from tests.unit.generation.serving.imports.archives import make_files, pack
from tests.unit.training.cases import write_tensors

FrontDoor = Callable[..., Any]
HUGE = "ft:huge:default::abcdefgh1234"
SHOWS_TOOLS = "{% for each in messages %}{{ each.content }}{{ tools }}{{ each.tool_calls }}{% endfor %}"


@pytest.fixture
def http(open_front_door: FrontDoor, engine_url: str, retrieval: FakeRetrieval, tmp_path: Path) -> Iterator[httpx.Client]:
    """A front door of three base models: `tiny` and `huge` can be fine-tuned, `closed` cannot."""
    (tmp_path / "tools.jinja").write_text(SHOWS_TOOLS)
    for name in ("tiny", "huge"):
        write_base(tmp_path / name)
    common = {
        "base_model": str(tmp_path / "tiny"),
        "base_models": {"huge": str(tmp_path / "huge")},
        "chat_templates": {"huge": str(tmp_path / "tools.jinja")},
    }
    with ExitStack() as stack:
        others = [stack.enter_context(serving(FakeEngine(model=name).app())) for name in ("huge", "closed")]
        engines = dict(zip(("huge", "closed", "tiny"), [*([url] for url in others), [engine_url]], strict=True))
        url = stack.enter_context(open_front_door(common, data=tmp_path, engines=engines))
        yield stack.enter_context(httpx.Client(base_url=url, timeout=60))


@pytest.fixture
def opened(http: httpx.Client, tmp_path: Path) -> Iterator[Database]:
    database = Database(JobSettings(data=tmp_path).jobs_url)
    yield database
    database.close()


@pytest.fixture
def training_file(http: httpx.Client, retrieval: FakeRetrieval) -> str:
    return retrieval.add_file(EXAMPLES)


def create(http: httpx.Client, **body: Any) -> httpx.Response:
    return http.post("/v1/fine_tuning/jobs", json=body)


def add_adapter(database: Database) -> None:
    with database.session() as session:
        manifest = {"lora": {"rank": 4, "alpha": 6.0}}
        session.add(Adapter(name=HUGE, project_id="default", base="huge", job_id="ftjob-1", manifest=manifest, created_at=7))


def bases_of(database: Database) -> list[str | None]:
    with database.session() as session:
        return list(session.scalars(select(Job.base).order_by(Job.created_at, Job.id)))


@pytest.mark.parametrize("model", ["huge", HUGE])
def test_a_base_model_and_what_was_fine_tuned_from_it_can_be_fine_tuned(
    http: httpx.Client, opened: Database, training_file: str, model: str
) -> None:
    add_adapter(opened)
    assert create(http, model=model, training_file=training_file).json()["model"] == model
    assert bases_of(opened) == ["huge"]


def test_another_base_model_is_refused_with_those_that_can_be_fine_tuned(http: httpx.Client, training_file: str) -> None:
    error = create(http, model="closed", training_file=training_file).json()["error"]
    assert (error["param"], error["code"]) == ("model", "model_not_supported")
    assert error["message"] == "'closed' cannot be fine-tuned here. Use one of these base models: 'tiny' and 'huge' (TANDEM_BASE_MODELS)."


def test_layers_are_those_of_the_base_model_of_the_job(http: httpx.Client, training_file: str, tmp_path: Path) -> None:
    write_tensors(tmp_path / "huge" / "more.safetensors", {"model.layers.0.self_attn.qkv_proj.weight": [4, 4]})
    body = {"training_file": training_file, **supervised({"target_modules": ["qkv_proj"]})}
    assert create(http, model="huge", **body).status_code == 200
    assert create(http, model="tiny", **body).json()["error"]["code"] == "target_module_not_found"


def test_tools_are_shown_by_the_chat_template_of_the_base_model_of_the_job(http: httpx.Client, retrieval: FakeRetrieval) -> None:
    tool = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}
    chats = [[{"role": "user", "content": f"Where is {number}?"}, EXAMPLE["messages"][1]] for number in range(10)]
    lines = [json.dumps({"messages": chat, "tools": [tool]}) for chat in chats]
    file_id = retrieval.add_file("\n".join(lines).encode())
    assert create(http, model="huge", training_file=file_id).status_code == 200
    error = create(http, model="tiny", training_file=file_id).json()["error"]
    assert "the chat template that 'tiny' is trained with does not show tools" in error["message"]


def test_an_estimate_is_that_of_the_base_model(http: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "huge" / "config.json").write_text(json.dumps(SMOLLM))
    found = http.post("/v1/fine_tuning/estimate", json={"model": "huge"}).json()
    assert (found["base"], found["parameters"]) == ("huge", 134_515_008)


def test_a_job_whose_base_model_no_running_worker_has_says_so(http: httpx.Client, opened: Database, training_file: str) -> None:
    with opened.session() as session:
        announce(session, Device("host", "cpu", "tiny", is_gpu=False, bf16=True, free_bytes=2**40))
    newest = {}
    for model in ("tiny", "huge"):
        job_id = create(http, model=model, training_file=training_file).json()["id"]
        newest[model] = http.get(f"/v1/fine_tuning/jobs/{job_id}/events").json()["data"][0]["message"]
    assert newest["tiny"] == "Files validated, moving job to queued state"
    assert newest["huge"] == "No running training worker has the base model 'huge'. The job waits until there is one."


def test_a_comparison_of_documents_says_which_base_model_is_trained_and_another_one_can_be_chosen(
    http: httpx.Client, retrieval: FakeRetrieval
) -> None:
    document = retrieval.add_file(b"The pump is red.", purpose="assistants", name="pump.txt")

    def compare(**body: Any) -> tuple[str, str]:
        """Create a comparison; return the base model, and the end of the first event."""
        created = http.post("/v1/comparisons", json={"documents": [document], **body}).json()
        event = http.get(f"/v1/comparisons/{created['id']}/events").json()["data"][0]["message"]
        return created["base_model"], event.split(". ", 1)[1] if ". " in event else ""

    choice = "To choose another base model (huge), send it as 'model'."
    assert compare() == ("tiny", f"The fine-tuned model is trained from 'tiny', the default. {choice}")
    assert compare(model="huge") == ("huge", "The fine-tuned model is trained from 'huge'.")
    assert compare(model="closed", arms=["base", "rag"]) == ("closed", "")
    error = http.post("/v1/comparisons", json={"documents": [document], "model": "closed"}).json()["error"]
    assert (error["param"], error["code"]) == ("model", "model_not_supported")


def test_an_adapter_is_merged_with_its_own_base_model(http: httpx.Client, opened: Database, tmp_path: Path) -> None:
    add_adapter(opened)
    (tmp_path / "huge" / "tokenizer.json").write_text("of huge")
    write_adapter(JobSettings(data=tmp_path).adapters_dir / HUGE)
    response = http.post(f"/v1/models/{HUGE}/export", json={})
    with tarfile.open(fileobj=io.BytesIO(response.content)) as archive:
        files = {member.name: archive.extractfile(member) for member in archive.getmembers()}
        contents = {name: file.read().decode() for name, file in files.items() if file and not name.endswith(".safetensors")}
    assert (contents["tokenizer.json"], contents["chat_template.jinja"]) == ("of huge", SHOWS_TOOLS)


def test_an_imported_adapter_belongs_to_the_base_model_in_the_request(http: httpx.Client, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "huge")  # so the engine checks the adapter's layers
    files = {"file": ("adapter.tar", pack(make_files()))}
    model = http.post("/v1/models/import", files=files, data={"model": "huge"}).json()
    assert model["parent"] == "huge"
    config = json.loads((JobSettings(data=tmp_path).adapters_dir / model["id"] / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == str(tmp_path / "huge")
    refused = http.post("/v1/models/import", files=files, data={"model": "closed"}).json()["error"]
    assert refused["message"] == "Adapters of 'closed' cannot be imported here, only those of 'tiny' and 'huge' (TANDEM_BASE_MODELS)."
