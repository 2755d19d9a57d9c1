"""Imports an adapter: receive, unpack, check, show it to the engines, store the row. Whatever fails leaves nothing behind.

The archive is in a file without a name, which is gone when the process is. The adapter's folder appears complete, under a name that no
request knows before the row is stored.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from anyio import CancelScope
from starlette.concurrency import run_in_threadpool

from services.generation.contracts.models import Model
from services.generation.serving.archive import CONFIG
from services.generation.serving.fleet import Fleet
from services.generation.serving.imports.check_config import LoraConfig, read_config, unfit, write_config
from services.generation.serving.imports.check_weights import check_targets, list_modules, read_weights
from services.generation.serving.imports.receive import ImportForm, disk_errors, receive
from services.generation.serving.imports.unpack import unpack
from services.generation.serving.models import Models, join_names
from services.generation.serving.replica import Replica
from services.generation.serving.verify import unwrap
from shared.errors import InvalidRequest, NotFound, TandemError, Unavailable
from shared.ids import new_id
from shared.log import get_logger
from shared.records.database import Database
from shared.records.models.adapters import IMPORT, MANIFEST, WEIGHTS, Adapter, hash_weights, make_safe, name_adapter
from shared.records.models.check import EngineLimits, check_adapter, read_engine_limits
from shared.settings import TrainableBase

NOT_SUPPORTED = "model_not_supported"
MAX_NAME = 220  # a directory's name may have 255 bytes; those of directories that are being deleted are longer

log = get_logger(__name__)


@dataclass(frozen=True)
class ImportSettings:
    """Where adapters are, the base models by their names, the engines' highest rank, and the largest adapter in bytes.

    If a base model is no folder of this machine, layers and shapes are left for the engine to check.
    """

    folder: Path
    bases: Mapping[str, TrainableBase]
    max_rank: int
    max_bytes: int

    def read_limits(self, base: str) -> EngineLimits:
        """Return what the engine of a base model can load."""
        folder = self.bases[base].folder
        return read_engine_limits(folder, self.max_rank) if (folder / "config.json").exists() else EngineLimits(self.max_rank)


class AdapterImport:
    """Imports adapters of the base models that are fine-tuned here."""

    def __init__(self, database: Database, models: Models, fleet: Fleet, settings: ImportSettings) -> None:
        self._database = database
        self._models = models
        self._fleet = fleet
        self._settings = settings

    async def run(self, project_id: str, chunks: AsyncIterator[bytes], headers: Mapping[str, str]) -> Model:
        """Import the adapter in a multipart body for the project; return the new model.

        Raises:
            TooLarge, StorageFull: if the adapter has too many bytes.
            NotFound: if its base model does not exist.
            InvalidRequest: if the form, the archive or the adapter cannot be used, or an engine refuses it.
            Unavailable: if no engine can be asked.
        """
        with disk_errors(), self._open_temporary() as archive:
            form = await receive(chunks, headers, archive, self._settings.max_bytes)
            name, import_id = await run_in_threadpool(self._name, form, project_id)
            with _hidden(self._settings.folder / f".{name}") as hidden:
                manifest = {"name": name, "import_id": import_id, "project": project_id, "base_name": form.model}
                complete = await run_in_threadpool(self._prepare, archive, hidden, manifest)
                await self._publish(hidden, complete)
        log.info("adapter imported", model=name)
        return await run_in_threadpool(self._models.find, project_id, name)

    @contextmanager
    def _open_temporary(self) -> Iterator[BinaryIO]:
        """Open a file without a name on the disk of the adapters."""
        self._settings.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self._settings.folder) as file:
            yield file

    def _name(self, form: ImportForm, project_id: str) -> tuple[str, str]:
        """Return the new model's name and the import's id. Check the base model."""
        if form.model not in self._models.base_models:
            self._models.find(project_id, form.model)  # or it does not exist at all
            here = join_names(self._models.trainable)
            problem = f"'{form.model}' is a fine-tuned model. Send the adapter's base model instead; adapters of {here} can be imported."
            raise InvalidRequest(problem, param="model", code=NOT_SUPPORTED)
        if form.model not in self._models.trainable:
            here = join_names(self._models.trainable)
            problem = f"Adapters of '{form.model}' cannot be imported here, only those of {here} (TANDEM_BASE_MODELS)."
            raise InvalidRequest(problem, param="model", code=NOT_SUPPORTED)
        import_id = new_id(IMPORT)
        name = name_adapter(form.model, project_id, make_safe(form.suffix) if form.suffix else None, import_id)
        if len(name) > MAX_NAME:
            problem = f"The model's name '{name}' would have {len(name)} characters; it may have {MAX_NAME}. Use a shorter 'suffix'."
            raise InvalidRequest(problem, param="suffix")
        return name, import_id

    def _prepare(self, archive: BinaryIO, hidden: Path, manifest: dict[str, Any]) -> dict[str, Any]:
        """Write the checked adapter and its manifest to the folder `hidden`; return the manifest."""
        unpack(archive, hidden, self._settings.max_bytes)
        limits, base = self._settings.read_limits(manifest["base_name"]), self._settings.bases[manifest["base_name"]].model
        config = read_config(hidden / CONFIG)
        tensors = read_weights(hidden / WEIGHTS, config.r, limits)
        try:
            check_adapter(config.model_dump(), tensors, limits)
        except TandemError as error:
            raise unfit(error.message) from error
        check_targets(config, tensors)
        modules = list_modules(tensors)
        write_config(config, modules, base, hidden / CONFIG)
        about = {"base": base, "lora": _describe(config, modules), "weights_sha256": hash_weights(hidden)}
        complete = {**manifest, **about, "created_at": int(time.time())}
        (hidden / MANIFEST).write_text(json.dumps(complete, indent=2))
        for path in [*hidden.iterdir(), hidden]:
            _fsync(path)
        return complete

    async def _publish(self, hidden: Path, manifest: dict[str, Any]) -> None:
        """Let the adapter's folder appear, the engines load it, and the database know it. If one of them cannot, undo the others."""
        path = self._settings.folder / manifest["name"]
        replicas = await self._fleet.find_healthy(manifest["base_name"])
        if not replicas:
            raise Unavailable(f"No engine of '{manifest['base_name']}' can be asked to load the adapter now. Try again.")
        try:
            await run_in_threadpool(_rename, hidden, path)
            for replica in replicas:
                await _load(replica, path)
            await run_in_threadpool(self._store, manifest)
        except BaseException:
            with CancelScope(shield=True):
                await _withdraw(replicas, path)
            raise

    def _store(self, manifest: dict[str, Any]) -> None:
        with self._database.session() as session:
            session.add(
                Adapter(
                    name=manifest["name"],
                    project_id=manifest["project"],
                    base=manifest["base_name"],
                    job_id=manifest["import_id"],
                    manifest=manifest,
                    created_at=manifest["created_at"],
                )
            )


@contextmanager
def _hidden(folder: Path) -> Iterator[Path]:
    """Make a folder, and delete it at the end unless it was renamed."""
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _load(replica: Replica, path: Path) -> None:
    """Let an engine load the adapter. Raises InvalidRequest if it refuses, in its own words."""
    try:
        await replica.engine.load(path.name, str(path))
    except NotFound as error:
        problem = f"The engine {replica.engine.url} does not find the adapter's files. All services must share the folder TANDEM_ADAPTERS."
        raise Unavailable(problem) from error
    except TandemError as error:
        if error.status not in (400, 500):
            raise
        await replica.engine.ping()  # an engine that is ending refuses everything
        raise unfit(f"The engine cannot load this adapter: {unwrap(error.message).rstrip('.')}.") from error


async def _withdraw(replicas: list[Replica], path: Path) -> None:
    for replica in replicas:
        with suppress(TandemError):
            await replica.engine.unload(path.name)
    await run_in_threadpool(shutil.rmtree, path, ignore_errors=True)


def _describe(config: LoraConfig, modules: list[str]) -> dict[str, Any]:
    """Return the adapter's shape as the manifest of a training has it."""
    return {"rank": config.r, "alpha": config.lora_alpha, "use_rslora": config.use_rslora, "target_modules": modules}


def _rename(hidden: Path, path: Path) -> None:
    hidden.rename(path)
    _fsync(path.parent)


def _fsync(path: Path) -> None:
    """Force a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
