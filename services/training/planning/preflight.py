"""What is checked before hours are spent: whether the engine will load the adapter, and whether there is room for it."""

import os
import shutil
from pathlib import Path

from services.training.planning.estimate import Size, available_memory, has_gpu
from shared.contracts.fine_tuning import TrainingSpec
from shared.errors import InvalidRequest, StorageFull, TandemError
from shared.records.adapters import NAME


def check_request(spec: TrainingSpec, base_name: str, max_rank: int) -> None:
    """Raise InvalidRequest unless the worker has the model, and the engine will load an adapter of this shape."""
    if spec.model != base_name:
        raise InvalidRequest(f"This worker trains '{base_name}', not '{spec.model}'.", param="model", code="model_not_found")
    rank = spec.method.supervised.lora.rank
    if rank > max_rank:
        problem = f"The rank {rank} is above {max_rank}, the highest the engine loads (TRAINING_MAX_LORA_RANK)."
        raise InvalidRequest(problem, param="method.supervised.lora.rank", code="rank_too_high")


def check_name(name: str) -> None:
    """Raise TandemError unless the adapter's name can be a directory's, and be asked for."""
    if not NAME.fullmatch(name):
        raise TandemError(f"'{name}' cannot be an adapter's name; set TANDEM_BASE_NAME to small letters, digits, '.', '_', '-'.")


def check_room(size: Size, *folders: Path) -> None:
    """Raise StorageFull or TandemError unless each folder can be written to and has room for what the training leaves there."""
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise TandemError(f"The folder {folder} cannot be written to.", code="storage_not_writable")
        free = shutil.disk_usage(folder).free
        if free < size.disk_bytes:
            raise StorageFull(f"{folder} has {free / 1e6:,.0f} MB free; the training needs {size.disk_bytes / 1e6:,.0f} MB there.")


def warn_of_memory(size: Size) -> str | None:
    """Return a warning where the training may not fit into this machine's memory; None on a GPU, which has its own."""
    free = available_memory()
    if has_gpu() or size.memory_bytes < free:
        return None
    wanted, left = size.memory_bytes / 1e9, free / 1e9
    return f"The training wants about {wanted:.1f} GB of memory and {left:.1f} GB are free; batches are split to fit, which takes longer."
