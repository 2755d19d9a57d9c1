"""What a fine-tuning job may ask for: what the training workers and the engine were set up with.

A worker checks the same before it trains, or finds it out when memory ends. Here, the caller gets the answer at once.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from services.generation.contracts.fine_tuning import DeviceType
from services.generation.jobs.feasibility.check_answers import ChatReader
from services.generation.jobs.feasibility.check_chats import check_chats
from services.generation.jobs.feasibility.check_memory import check_memory, plan, select_devices
from services.generation.jobs.feasibility.count_tokens import CountingModel, Template
from shared.contracts.fine_tuning import ALL_LINEAR, Method, check_target_modules, name_dataset_error
from shared.contracts.integrations import TITLES, Integration
from shared.datasets.checks.file_check import FileCheck, Found
from shared.datasets.checks.warn import Note
from shared.datasets.examples.harmony import ONLY_THINKING
from shared.errors import InvalidDataset, InvalidRequest
from shared.planning.quantization import check_load_in_4bit
from shared.records.models.adapters import Adapter
from shared.records.models.chat_template import is_harmony_model, read_chat_template
from shared.records.models.weights import list_linear_modules
from shared.records.training_devices import Device, Speed
from shared.settings import TrainableBase
from shared.validation.codes import BOUNDS

TOO_LARGE = f"integer_{BOUNDS['less_than_equal']}"
# The options of an adapter that its weights depend on, and what they were before there was a choice.
SHAPE = {"rank": None, "alpha": None, "use_rslora": False, "target_modules": ALL_LINEAR}
RENDER_SECONDS = 5.0  # for the engine, whose answers are awaited before a job is created


@dataclass(frozen=True)
class TrainingLimits:
    """The engines' highest rank, the longest example in tokens, and the base models that can be fine-tuned, by their names in the API.

    If a base model is no folder of this machine, target modules, calls and whether it can be in 4 bits are left for the worker to check.
    `trackers` are what the training workers report to. `counters` are the engines, which render chats and count tokens, by base model;
    `list_devices` returns the devices of the running workers that can train a base model.
    """

    max_rank: int
    max_length: int
    bases: Mapping[str, TrainableBase]
    trackers: frozenset[str] = frozenset()
    counters: Mapping[str, ChatReader] = field(default_factory=dict)
    list_devices: Callable[[str], Sequence[tuple[Device, Speed | None]]] = lambda _: ()


def check_integrations(requested: Sequence[Integration], limits: TrainingLimits) -> None:
    """Check that the training workers report to each tracker that is requested. Raises InvalidRequest if not."""
    for position, integration in enumerate(requested):
        if integration.type not in limits.trackers:
            param = f"integrations[{position}].type"
            problem = f"'{param}' is '{integration.type}', but the training workers do not report to {TITLES[integration.type]}."
            remedy = "The operator of this server can change that (TANDEM_INTEGRATIONS)."
            raise InvalidRequest(f"{problem} {remedy}", param=param, code="integration_not_enabled")


def keep_shape(method: Method, start: Adapter) -> Method:
    """Return the method with the shape of the adapter `start`, whose training is continued: its weights fit into no other.

    Raises:
        InvalidRequest: if another shape is requested.
    """
    shape = {name: start.manifest["lora"].get(name, default) for name, default in SHAPE.items()}
    lora = method.options.lora
    for name, kept in shape.items():
        requested = getattr(lora, name)
        if name in lora.model_fields_set and requested is not None and not _is_same(requested, kept):
            param = f"{method.lora_field}.{name}"
            problem = f"'{param}' must be {kept!r}, as in '{start.name}', whose training is continued; got {requested!r}. Leave it out."
            raise InvalidRequest(problem, param=param)
    return method.with_options(lora=lora.model_copy(update=shape))


def _is_same(requested: object, kept: object) -> bool:
    """Return whether the options are equal; the order of layers does not matter."""
    if isinstance(requested, list) and isinstance(kept, list):
        return set(requested) == set(kept)
    return requested == kept


def check_limits(method: Method, model: str, limits: TrainingLimits) -> None:
    """Check that the adapter can be trained and served; `model` is the base model's name in the API.

    Raises:
        InvalidRequest: if not; the message has the limit and the setting that it comes from.
    """
    options, param = method.options, f"{method.lora_field}.rank"
    if options.lora.rank > limits.max_rank:
        problem = f"'{param}' must be at most {limits.max_rank} (GENERATION_MAX_LORA_RANK); got {options.lora.rank}."
        raise InvalidRequest(problem, param=param, code=TOO_LARGE)
    length, param = options.hyperparameters.max_length, f"{options.hyperparameters.field}.max_length"
    if length != "auto" and length > limits.max_length:
        problem = f"'{param}' must be at most {limits.max_length} (GENERATION_MAX_TRAINING_LENGTH); got {length}."
        raise InvalidRequest(problem, param=param, code=TOO_LARGE)
    if options.lora.target_modules != ALL_LINEAR:
        check_target_modules(method, model, list_linear_modules(limits.bases[model].folder))
    check_load_in_4bit(method, model, read_config(limits.bases[model].folder))


def choose_device(method: Method, requested: DeviceType, devices: Collection[Device]) -> DeviceType:
    """Return the devices that a job may run on: one with the base model in 4 bits needs a GPU. `devices` are the workers' for this model.

    If there are none, the job waits, as any other: the workers may all be about to start.

    Raises:
        InvalidRequest: if the job must not run on a GPU, or if no running worker has one.
    """
    if not method.options.lora.load_in_4bit:
        return requested
    param = f"{method.lora_field}.load_in_4bit"
    if requested == "cpu":
        problem = f"'device' must be 'gpu' or 'auto' if '{param}' is true, because that needs a GPU; got 'cpu'."
        raise InvalidRequest(problem, param="device", code="gpu_required")
    if devices and not any(device.is_gpu for device in devices):
        problem = f"'{param}' needs a GPU, and no running training worker has one. Leave it out to train on a processor."
        raise InvalidRequest(problem, param=param, code="gpu_required")
    return "gpu"


def check_can_fit(
    method: Method, requested: DeviceType, base: str, limits: TrainingLimits, *, continues: bool, length: int = 1
) -> list[Note]:
    """Check the memory of a training on examples of so many tokens; return a note if there is too little now.

    `continues` says whether the training goes on with an adapter.

    Raises:
        InvalidRequest: if none of the running workers' devices of the `requested` type can ever have enough.
    """
    devices = [device for device, _ in limits.list_devices(base)]
    planned = plan(method, read_config(limits.bases[base].folder), length, continues=continues)
    return list(check_memory(planned, select_devices(devices, requested), devices))


def check_examples(check: FileCheck, param: str, base: str, limits: TrainingLimits, max_length: int | str) -> int:
    """Check that a file can be trained with the engine's chat template; return the tokens of the longest example, as `check_chats` does.

    Raises:
        InvalidRequest: if not.
    """
    counter = limits.counters.get(base)
    if counter is None:
        return 1
    requested = None if isinstance(max_length, str) else max_length
    model = describe_template(CountingModel(base, counter, limits.max_length, RENDER_SECONDS, requested=requested), limits.bases[base])
    try:
        return check_chats(check, param, model)
    except InvalidDataset as error:
        raise InvalidRequest(error.message, param=param, code=name_dataset_error(error)) from error


def read_config(base: Path) -> dict[str, Any]:
    """Return the model's configuration, or nothing if it cannot be read here."""
    try:
        return dict(json.loads((base / "config.json").read_text()))
    except (OSError, ValueError):
        return {}


def check_template(check: FileCheck, param: str, model: str, limits: TrainingLimits) -> None:
    """Check that the base model's chat template can show a file; `model` is the model's name in the API. No example is rendered.

    Raises:
        InvalidRequest: if not. Only the worker finds out that a template shows tools only in part.
    """
    problem = next(list_template_problems(check, model, read_template(limits.bases[model])), None)
    if problem is not None:
        raise InvalidRequest(problem, param=param, code=f"invalid_{param}")


def list_template_problems(check: FileCheck, model: str, template: Template) -> Iterator[str]:
    """Yield what is wrong with a file if the model's chats are written with such a `template`."""
    if template == "without_tools" and check.tools.count:
        found = _list_lines(check.tools, "'tools'")
        problem = f"but the chat template that '{model}' is trained with does not show tools, so the model would not learn to call them."
        yield f"{found}, {problem} Delete 'tools' and the messages with calls and results, or train another base model."
    if template == "harmony":
        yield from _list_harmony_problems(check, model)


def _list_harmony_problems(check: FileCheck, model: str) -> Iterator[str]:
    """Yield what gpt-oss cannot learn of a file."""
    if check.several_calls.count:
        found = _list_lines(check.several_calls, "several calls in a message")
        problem = f"but the engine stops '{model}' after each call, so the model would never write the second one."
        yield f"{found}, {problem} Put each call into its own message, followed by its result, or give the message the weight 0."
    for each, problem in ((check.control_tokens, check.control_token_problem), (check.only_thinking, ONLY_THINKING)):
        if each.count:
            others = f" The file has {each.count:,} such examples." if each.count > 1 else ""
            yield f"Line {each.lines[0]}: {problem}{others}"


def _list_lines(found: Found, what: str) -> str:
    line, count = found.lines[0], found.count
    return f"Line {line} has {what}" if count == 1 else f"{count:,} examples have {what}, such as line {line}"


def describe_template(model: CountingModel, base: TrainableBase) -> CountingModel:
    """Return the model with what is known of its chat template."""
    return replace(model, template=read_template(base))


def read_template(base: TrainableBase) -> Template:
    """Return how a model's chats are written: `any` also if only the worker can know."""
    if is_harmony_model(base.folder):
        return "harmony"
    if base.chat_template and not base.chat_template.is_file():
        return "any"
    sources = read_chat_template(base.folder, base.chat_template)
    return "any" if sources is None or sources.may_show_tools else "without_tools"
