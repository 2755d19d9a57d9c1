"""Checks before hours are spent: whether the engine can load the adapter, and whether there is enough disk space and memory."""

import os
import shutil
from pathlib import Path

from services.training.data.base_model import read_json
from services.training.planning.estimate import Estimate
from services.training.planning.hardware import available_memory, has_gpu
from shared.contracts.fine_tuning import TrainingSpec, check_early_stopping, check_packing, check_target_modules
from shared.errors import InvalidRequest, StorageFull, TandemError
from shared.planning.quantization import check_load_in_4bit
from shared.records.models.adapters import NAME
from shared.records.models.weights import list_linear_modules

MAX_NAME = 220  # a directory's name may have 255 bytes; those of checkpoints, and of directories that are being deleted, are longer


def check_spec(spec: TrainingSpec, base_name: str, max_rank: int, max_length: int) -> None:
    """Check that this worker trains the requested model on examples of this length, in this way, and that the engine loads adapters of the
    rank.

    Raises:
        InvalidRequest: if not.
    """
    if spec.model != base_name and not NAME.fullmatch(spec.model):
        message = f"This worker cannot train '{spec.model}'; it trains '{base_name}'."
        raise InvalidRequest(message, param="model", code="model_not_found")
    options, param = spec.method.options, f"{spec.method.lora_field}.rank"
    if options.lora.rank > max_rank:
        message = f"'{param}' must be at most {max_rank} (TRAINING_MAX_LORA_RANK), the engine's limit; got {options.lora.rank}."
        raise InvalidRequest(message, param=param, code="rank_too_high")
    length, param = options.hyperparameters.max_length, f"{options.hyperparameters.field}.max_length"
    if length != "auto" and length > max_length:
        message = f"'{param}' must be at most {max_length} (TRAINING_MAX_LENGTH); got {length}."
        raise InvalidRequest(message, param=param, code="length_too_high")
    if options.lora.load_in_4bit and not has_gpu():
        param = f"{spec.method.lora_field}.load_in_4bit"
        raise InvalidRequest(f"'{param}' needs a GPU, and this worker has none. Leave it out.", param=param, code="gpu_required")
    check_early_stopping(options.hyperparameters, spec.validation_file)
    check_packing(options.hyperparameters)


def check_base(spec: TrainingSpec, base_name: str, base: Path) -> None:
    """Check that the base model in the folder `base` has the layers that the adapter shall change, and can be in 4 bits if it shall.

    Raises:
        InvalidRequest: if not.
    """
    check_target_modules(spec.method, base_name, list_linear_modules(base))
    check_load_in_4bit(spec.method, base_name, read_json(base / "config.json"))


def check_adapter_name(name: str) -> None:
    """Raise TandemError unless `name` can be the name of a directory and of a model."""
    if not NAME.fullmatch(name):
        raise TandemError(
            f"'{name}' is not a valid adapter name. Set TANDEM_BASE_NAME to a name of lowercase letters, digits, '.', '_' and '-'."
        )
    if len(name) > MAX_NAME:
        raise TandemError(f"The model's name '{name}' would have {len(name)} characters; it may have {MAX_NAME}. Use a shorter 'suffix'.")


def check_disk_space(expected: Estimate, *folders: Path) -> None:
    """Check that every folder can be written to and has space for what the training writes there.

    Raises:
        StorageFull: if a folder has too little space.
        TandemError: if a folder cannot be written to.
    """
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise TandemError(f"The worker cannot write to the folder {folder}.", code="storage_not_writable")
        free = shutil.disk_usage(folder).free
        if free < expected.disk_bytes:
            raise StorageFull(f"{folder} has {free / 1e6:,.0f} MB free; the training needs {expected.disk_bytes / 1e6:,.0f} MB there.")


def find_memory_warning(expected: Estimate) -> str | None:
    """Return a warning if the training may not fit into this machine's memory; None on a GPU, which has its own memory."""
    free = available_memory()
    if has_gpu() or expected.memory_bytes < free:
        return None
    return (
        f"The training needs about {expected.memory_bytes / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB is free. "
        "Batches are split to fit, which takes longer."
    )
