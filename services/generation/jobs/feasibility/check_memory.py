"""Refuses a training that none of the workers' devices can ever have the memory for, and says what would help.

The memory is that of the smallest computation: one of the longest examples at a time, with activations computed twice. A device that is
busy now is no reason to refuse, nor is one whose memory is not known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.generation.contracts.fine_tuning import DeviceType
from services.generation.jobs.feasibility.training_memory import Training
from shared.contracts.fine_tuning import DpoMethod, Method
from shared.datasets.checks.warn import Note
from shared.errors import InvalidRequest
from shared.planning.memory import name_method
from shared.planning.model_size import ModelSize, read_model_size
from shared.planning.quantization import find_quantization_problem
from shared.records.training_devices import Device

MARGIN = 0.9  # of an estimate: what was measured was less, but never as much less
MIN_AUTO_BATCH = 4
LENGTH_STEP = 64
GIGABYTE = 1e9


@dataclass(frozen=True)
class Planned:
    """A training of an adapter of a model with this size. `length` is the tokens of the longest example, as far as it is known.

    `may_change` has what the caller could ask for to save memory, besides a shorter `max_length`: `rank` and `load_in_4bit`.
    """

    method: Method
    size: ModelSize
    length: int
    may_change: frozenset[str] = frozenset()

    def count_bytes(self, device: Device) -> int:
        """Return how many bytes of the device's memory the training needs at least."""
        options = self.method.options
        batch_size, chats = options.hyperparameters.batch_size, 2 if isinstance(options, DpoMethod) else 1
        training = Training(
            size=self.size,
            adapter_parameters=self.size.count_adapter_parameters(options.lora.rank, options.lora.target_modules),
            batch_size=MIN_AUTO_BATCH if batch_size == "auto" else batch_size,
            min_parts=1,
            length=chats * self.length,
            total_tokens=None,
            price_per_hour=None,
            chats=chats,
        )
        computation = replace(training.compute(1, device.is_gpu, device.bf16, recompute=True), learned=1)
        return int(MARGIN * training.estimate(name_method(options.lora.load_in_4bit), computation).peak)

    def can_fit(self, device: Device) -> bool:
        """Return whether the device has enough memory in all, or may have."""
        return device.total_bytes is None or self.count_bytes(device) <= device.total_bytes

    def with_lora(self, **changes: Any) -> "Planned":
        """Return the training with other options of the adapter."""
        return replace(self, method=self.method.with_options(lora=self.method.options.lora.model_copy(update=changes)))


def plan(method: Method, config: Mapping[str, Any], length: int, *, continues: bool) -> Planned | None:
    """Return the training of the model with this `config.json`; None if its size is not known.

    `continues` says whether the training goes on with an adapter, whose rank cannot change.
    """
    size = read_model_size(config) if config else None
    if size is None or not size.is_known:
        return None
    can_be_quantized = not method.options.lora.load_in_4bit and find_quantization_problem(config) is None
    may_change = {*([] if continues else ["rank"]), *(["load_in_4bit"] if can_be_quantized else [])}
    return Planned(method, size, length, frozenset(may_change))


def select_devices(devices: Sequence[Device], requested: DeviceType) -> list[Device]:
    """Return the devices of the requested type."""
    return [device for device in devices if requested == "auto" or device.is_gpu == (requested == "gpu")]


def check_memory(planned: Planned | None, devices: Sequence[Device], all_devices: Sequence[Device]) -> Iterator[Note]:
    """Yield a note if no device that can run the job has enough free memory now. `all_devices` are also those that the job may not run on.

    Raises:
        InvalidRequest: if each device that can run the job has too little memory, free or not.
    """
    if planned is None or not devices:
        return
    if not any(planned.can_fit(device) for device in devices):
        problem = _describe(planned, devices, "and no running training worker has that much", lambda device: device.total_bytes or 0)
        raise InvalidRequest(f"{problem} {_advise(planned, devices, all_devices)}", param="model", code="does_not_fit")
    if all(planned.count_bytes(device) > device.free_bytes for device in devices):
        problem = _describe(planned, devices, "and no running training worker has that much free", lambda device: device.free_bytes)
        yield Note("warn", f"{problem} The job may run out of memory if this is still the case when it starts.")


def _describe(planned: Planned, devices: Sequence[Device], verdict: str, memory: Any) -> str:
    """Return what is needed, and what the device has that comes closest."""
    closest = max(devices, key=lambda device: memory(device) - planned.count_bytes(device))
    options = planned.method.options
    needed, available = planned.count_bytes(closest) / GIGABYTE, memory(closest) / GIGABYTE
    example = f" and an example of {planned.length:,} tokens" if planned.length > 1 else ""
    what = f"rank {options.lora.rank}{example}"
    return f"The training needs at least {needed:.2f} GB of memory with {what}, {verdict}: '{closest.name}' has {available:.2f} GB."


def _advise(planned: Planned, devices: Sequence[Device], all_devices: Sequence[Device]) -> str:
    remedies = [*_advise_length(planned, devices), *_advise_rank(planned, devices), *_advise_quantization(planned, all_devices)]
    if not remedies:
        return "Train a smaller base model, or start a worker with more memory."
    return f"Set {' or '.join(remedies)}, or start a worker with more memory."


def _advise_length(planned: Planned, devices: Sequence[Device]) -> Iterator[str]:
    for length in range((planned.length - 1) // LENGTH_STEP * LENGTH_STEP, 0, -LENGTH_STEP):
        shorter = replace(planned, length=length)
        if any(shorter.can_fit(device) for device in devices):
            yield f"'{planned.method.options.hyperparameters.field}.max_length' to {length} (longer examples are truncated)"
            return


def _advise_rank(planned: Planned, devices: Sequence[Device]) -> Iterator[str]:
    rank = planned.method.options.lora.rank
    lower = [2**power for power in range(8, -1, -1) if 2**power < rank] if "rank" in planned.may_change else []
    for each in lower:
        if any(planned.with_lora(rank=each).can_fit(device) for device in devices):
            yield f"'{planned.method.lora_field}.rank' to {each}"
            return


def _advise_quantization(planned: Planned, devices: Sequence[Device]) -> Iterator[str]:
    in_4bit = planned.with_lora(load_in_4bit=True)
    if "load_in_4bit" in planned.may_change and any(device.is_gpu and in_4bit.can_fit(device) for device in devices):
        yield f"'{planned.method.lora_field}.load_in_4bit' to true (QLoRA, on a GPU)"
