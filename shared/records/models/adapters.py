"""Published adapters: their names, their rows, and the manifest next to the weights.

An adapter is a directory with the model's name: `<adapters>/<name>/` with `adapter_model.safetensors`, `adapter_config.json` and
`manifest.json`. A name is never reused for other weights. Knows nothing of training or serving.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.records.database import Record

# ft:<base>:<project>:<suffix>:<id>; the suffix may be empty. The name is a directory's, so it has no slash and does not start with a dot.
# An adapter from the end of an earlier epoch has the step at its end.
CHECKPOINT = ":ckpt-step-"
NAME = re.compile(
    rf"ft:[a-z0-9][a-z0-9._-]{{0,95}}:[A-Za-z0-9_-]{{1,64}}:[A-Za-z0-9_-]{{0,64}}:[A-Za-z0-9]{{8,32}}({CHECKPOINT}[1-9][0-9]{{0,8}})?"
)
MANIFEST = "manifest.json"
WEIGHTS = "adapter_model.safetensors"
JOB, IMPORT = "ftjob-", "import-"
MAX_SUFFIX = 64
SAFE_SUFFIX = re.compile(r"[A-Za-z0-9_-]+")


class Adapter(Record):
    """A LoRA adapter that requests can name as their model. `manifest` is a copy of the file next to the weights.

    `job_id` is the id of the fine-tuning job that trained it, or of the import that it came with: no job has that id.
    Each is a checkpoint of its job, with the id `checkpoint_id`: the weights after `step` steps. Both are None if the step is not known.

    `faults` says, by the URL of an engine, why the adapter must not be used there; an adapter with a fault is out of service. A row with
    `deleted_at` (seconds since 1970) is hidden from everyone, and is deleted once every file of the adapter is.
    """

    __tablename__ = "adapters"
    name: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(index=True)
    base: Mapped[str]
    job_id: Mapped[str] = mapped_column(index=True)
    manifest: Mapped[dict[str, Any]]
    created_at: Mapped[int]
    checkpoint_id: Mapped[str | None] = mapped_column(index=True, unique=True, default=None)
    step: Mapped[int | None] = mapped_column(default=None)
    faults: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    deleted_at: Mapped[int | None] = mapped_column(default=None)


@dataclass(frozen=True)
class Evidence:
    """What the trainer measured on a training example; the served adapter must measure the same. In the manifest under `evidence`.

    `input_ids` are the example's tokens, `learned` positions of tokens that the model learned. `base` and `adapter` are the mean
    log-probability of these (nats per token) without and with the adapter. `messages` is None if the template's output depends on the date.
    `tools` are those of the example.
    """

    messages: list[dict[str, Any]] | None
    input_ids: list[int]
    learned: list[int]
    base: float
    adapter: float
    tools: list[dict[str, Any]] = field(default_factory=list)


def name_adapter(base: str, project: str, suffix: str | None, job_id: str) -> str:
    """Return the adapter's name; `base` is the base model's name in the API; the id comes from that of the job or import."""
    identifier = job_id.removeprefix(JOB).removeprefix(IMPORT)[:16]
    return f"ft:{base}:{project}:{suffix or ''}:{identifier}"


def read_base(name: str) -> str:
    """Return the name of the base model of a model, which may be a base model itself, or an adapter."""
    return name.split(":")[1] if NAME.fullmatch(name) else name


def make_safe(suffix: str) -> str | None:
    """Return `suffix` as a part of a model's name: ASCII letters, digits, `-` and `_`. None if it has none of these."""
    if SAFE_SUFFIX.fullmatch(suffix):
        return suffix
    plain = "".join(each for each in unicodedata.normalize("NFKD", suffix) if not unicodedata.combining(each))
    return re.sub(r"[^A-Za-z0-9_-]+", "-", plain)[:MAX_SUFFIX].strip("-") or None


def find_job(adapter: Adapter) -> str | None:
    """Return the id of the fine-tuning job that trained the adapter; None if it was imported."""
    return None if adapter.job_id.startswith(IMPORT) else adapter.job_id


def name_checkpoint(final: str, step: int) -> str:
    """Return the name of the adapter after `step` steps of the training whose result is named `final`."""
    return f"{final}{CHECKPOINT}{step}"


def is_checkpoint(name: str) -> bool:
    """Return whether the adapter of this name is from an earlier epoch, and so not the result of its job."""
    return CHECKPOINT in name


def select_checkpoints(job_id: str) -> Select[Adapter]:
    """Return the statement that selects the checkpoints of a job: its result, and the adapters from the ends of earlier epochs."""
    return select(Adapter).where(Adapter.job_id == job_id, Adapter.checkpoint_id.is_not(None), Adapter.deleted_at.is_(None))


def select_published_jobs() -> Select[str]:
    """Return the query for the ids of the jobs whose result is published. All of a job's adapters are stored together."""
    return select(Adapter.job_id).where(~Adapter.name.contains(CHECKPOINT), Adapter.deleted_at.is_(None))


def list_earlier_checkpoints(session: Session, result: Adapter) -> list[Adapter]:
    """Return the adapters from the ends of the epochs before `result`, oldest first; nothing if it is itself such an adapter."""
    if is_checkpoint(result.name):
        return []
    earlier = Adapter.name.startswith(result.name + CHECKPOINT, autoescape=True)
    return list(session.scalars(select_checkpoints(result.job_id).where(earlier).order_by(Adapter.step)))


def find_adapter(session: Session, project_id: str, name: str) -> Adapter | None:
    """Return the project's adapter of that name, or None."""
    adapter = session.get(Adapter, name)
    return adapter if adapter and adapter.project_id == project_id and adapter.deleted_at is None else None


def hash_weights(folder: Path) -> str:
    """Return the hexadecimal SHA-256 of the weights in an adapter's folder. The manifest has it as `weights_sha256`."""
    with (folder / WEIGHTS).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_evidence(adapter: Adapter) -> Evidence | None:
    """Return what the trainer measured; None if the adapter was published before that was recorded."""
    stored = adapter.manifest.get("evidence")
    return Evidence(**stored) if stored else None


def was_base_quantized(adapter: Adapter) -> bool:
    """Return whether the base model was in 4 bits during the training, and so for the evidence."""
    return "base_quantization" in adapter.manifest
