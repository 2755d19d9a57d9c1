"""What a training takes on the devices of the workers: memory, whether it fits, time and cost."""

from collections.abc import Iterator, Mapping, Sequence

from services.generation.contracts.estimates import DeviceEstimate, DeviceType, Fit, MemoryParts, MethodsFit, MethodsMemory, Precision
from services.generation.jobs.feasibility.training_memory import Training
from shared.planning.memory import Computation, MethodName, TrainingMemory
from shared.records.training_devices import Device, Speed

SECONDS_PER_HOUR = 3600
KINDS = ((False, True), (True, True))  # of devices, if no worker has announced any: a processor and a GPU, both in bf16

DeviceSpeed = tuple[Device, Speed | None]
NO_PROBLEMS: Mapping[Device, str] = {}

BEING_MEASURED = "The time is not known yet: the worker measures its speed with '{}' when it has no job. Ask again in about a minute."
NOT_MEASURED = "The time is not known, because the worker could not measure its speed with '{}'. {} An estimate in an hour tries again."
SOURCES = {
    "training": "the speed of the last training on such a device",
    "calibration": "which was measured in a few steps on such a device",
}


def describe_memory(training: Training, devices: Sequence[DeviceSpeed]) -> list[MethodsMemory]:
    """Return the memory on each type of device that the workers have, or, if they have announced none, on a processor and on a GPU."""
    kinds = dict.fromkeys((device.is_gpu, device.bf16) for device, _ in devices) or KINDS
    return [_describe_kind(training, is_gpu, bf16) for is_gpu, bf16 in kinds]


def describe_devices(
    training: Training, devices: Sequence[DeviceSpeed], base: str, problems: Mapping[Device, str] = NO_PROBLEMS
) -> list[DeviceEstimate]:
    """Return what the training takes on each of the devices. `problems` says why the speed of some could not be measured."""
    details = [_explain_time(training, speed, base, problems.get(device)) for device, speed in devices]
    return [_describe_device(training, device, speed, detail) for (device, speed), detail in zip(devices, details, strict=True)]


def _describe_kind(training: Training, is_gpu: bool, bf16: bool) -> MethodsMemory:
    at_a_time = training.count_at_a_time(is_gpu)
    computation = training.compute(at_a_time, is_gpu, bf16)
    return MethodsMemory(
        device=_name_type(is_gpu),
        dtype=_name_precision(bf16),
        examples_at_a_time=at_a_time,
        full=_describe_parts(training.estimate("full", computation)),
        lora=_describe_parts(training.estimate("lora", computation)),
        qlora=_describe_parts(training.estimate("qlora", computation)),
    )


def _describe_parts(memory: TrainingMemory) -> MemoryParts:
    return MemoryParts(
        weights=memory.weights,
        gradients=memory.gradients,
        optimizer=memory.optimizer,
        activations=memory.activations,
        libraries=memory.libraries,
        peak=memory.peak,
    )


def _describe_device(training: Training, device: Device, speed: Speed | None, detail: str) -> DeviceEstimate:
    seconds = training.total_tokens / speed.tokens_per_second if speed and training.total_tokens is not None else None
    price = training.price_per_hour
    return DeviceEstimate(
        name=device.name,
        device=_name_type(device.is_gpu),
        dtype=_name_precision(device.bf16),
        free_bytes=device.free_bytes,
        fits=MethodsFit(
            full=_fits(training, "full", device),
            lora=_fits(training, "lora", device),
            qlora=_fits(training, "qlora", device) if device.is_gpu else "no",
        ),
        tokens_per_second=speed.tokens_per_second if speed else None,
        measured_at=int(speed.measured_at) if speed else None,
        measured_by=speed.measured_by if speed else None,
        seconds=None if seconds is None else round(seconds, 1),
        cost=None if seconds is None or price is None else round(seconds / SECONDS_PER_HOUR * price, 6),
        detail=detail,
    )


def _explain_time(training: Training, speed: Speed | None, base: str, problem: str | None) -> str:
    if speed is None:
        return NOT_MEASURED.format(base, problem) if problem else BEING_MEASURED.format(base)
    if training.total_tokens is None:
        return "The time is not known, because the tokens are not."
    return f"The time is that of a LoRA training at {speed.tokens_per_second:g} tokens/s, {SOURCES[speed.measured_by]}."


def _fits(training: Training, method: MethodName, device: Device) -> Fit:
    """Return whether a training fits: as planned, in smaller parts, or not at all."""
    planned, *smaller = _list_computations(training, device)
    if training.estimate(method, planned).peak <= device.free_bytes:
        return "yes"
    return "slower" if any(training.estimate(method, each).peak <= device.free_bytes for each in smaller) else "no"


def _list_computations(training: Training, device: Device) -> Iterator[Computation]:
    """Yield how the training is computed if there is enough memory, with one example at a time, and with activations computed twice."""
    at_a_time = training.count_at_a_time(device.is_gpu)
    for examples, recompute in ((at_a_time, False), (1, False), (1, True)):
        yield training.compute(examples, device.is_gpu, device.bf16, recompute=recompute)


def _name_type(is_gpu: bool) -> DeviceType:
    return "gpu" if is_gpu else "cpu"


def _name_precision(bf16: bool) -> Precision:
    return "bfloat16" if bf16 else "float32"
