"""Estimates what a fine-tuning job will take, before there is one.

Parameters and memory follow from the configuration of the base model, time and cost from the tokens of the file and the speed of the last
training on the same kind of device, or of a calibration. A request is refused if a job would be refused for the same reason.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from services.generation.contracts.estimates import (
    FineTuningEstimate,
    FineTuningEstimateCreate,
    TokenEstimate,
    TrainableHere,
    TrainedParameters,
)
from services.generation.contracts.validation import FileValidation, FineTuningValidation
from services.generation.jobs.feasibility.training_memory import Training
from services.generation.jobs.finetune import find_start
from services.generation.jobs.training_limits import TrainingLimits, check_limits, choose_device, keep_shape
from services.generation.jobs.validation.estimate_devices import NO_PROBLEMS, DeviceSpeed, describe_devices, describe_memory
from services.generation.serving.models import Models
from shared.contracts.fine_tuning import (
    DpoMethod,
    SupervisedMethod,
    check_early_stopping,
    check_packing,
    check_warmup,
    name_dataset_error,
)
from shared.datasets.checks.file_check import NOT_CHECKED
from shared.datasets.examples.read import TOO_FEW_CODE
from shared.datasets.problems import Problems
from shared.errors import InvalidDataset, InvalidRequest, Unavailable
from shared.planning.model_size import ModelSize, read_model_size
from shared.planning.quantization import find_quantization_problem
from shared.planning.schedule import MAX_AUTO_BATCH, choose_schedule
from shared.records.models.weights import count_weights
from shared.records.training_devices import Device

NO_FILE = "Without 'training_file', the tokens are not known, so memory is estimated for examples as long as 'max_length'."
NOT_COUNTED = "The tokens could not be counted, so memory is estimated for examples as long as 'max_length'."
SAMPLE = "The tokens are estimated from a sample of the examples."
COUNTED = "The tokens of all examples were counted."
UNKNOWN_TYPE = "The model type '{}' is not known, so '{}' is estimated as if it were built like Llama. The estimate may be far off."
QUANTIZED = "The weights of '{}' are stored quantized ({}), but memory is estimated as if they were not quantized."
SIZES = ("hidden_size", "num_hidden_layers", "vocab_size")  # without them, nothing can be estimated


@dataclass(frozen=True)
class Subject:
    """What is estimated: a training of `base` with these options, and the size of `base`. `max_length` cuts the examples.

    `can_be_quantized` says whether `base` can be in 4 bits during the training. `notes` are sentences: why the estimate is less exact.
    """

    request: FineTuningEstimateCreate
    base: str
    size: ModelSize
    options: SupervisedMethod | DpoMethod
    max_length: int
    can_be_quantized: bool
    notes: Sequence[str] = ()

    @property
    def chats(self) -> int:
        """How many chats an example has: a preference pair has two, which are computed with the length of the longer one."""
        return 2 if isinstance(self.options, DpoMethod) else 1


def check_request(request: FineTuningEstimateCreate, project_id: str, models: Models, limits: TrainingLimits) -> Subject:
    """Check the model and the options as for a job, and read the size of the base model.

    Raises:
        NotFound: if the model does not exist.
        InvalidRequest: if the model or an option cannot be used, or if the model's configuration does not say its size.
        Unavailable: if the front door cannot read the base model's configuration.
    """
    start = find_start(request.model, project_id, models)
    base = start.base if start else request.model
    method = keep_shape(request.method, start) if start else request.method
    check_limits(method, base, limits)
    options = method.options
    check_early_stopping(options.hyperparameters, request.validation_file)
    check_packing(options.hyperparameters)
    length = options.hyperparameters.max_length
    max_length = limits.max_length if length == "auto" else length
    folder = limits.bases[base].folder
    config = _read_config(folder, base)
    can_be_quantized = find_quantization_problem(config) is None
    size = _read_size(config, folder, base)
    return Subject(request, base, size, options, max_length, can_be_quantized, list(_list_notes(config, size, base)))


def estimate(
    subject: Subject, validation: FineTuningValidation | None, devices: Sequence[DeviceSpeed], problems: Mapping[Device, str] = NO_PROBLEMS
) -> FineTuningEstimate:
    """Return the estimate; `validation` is the report on the training file, if there is one.

    `problems` says of some devices why their speed could not be measured. Of the others whose speed is not known, it is being measured.

    Raises:
        InvalidRequest: if the file has a problem, if the warm-up would take the whole training, or if it needs a GPU and no worker has one.
    """
    choose_device(subject.request.method, "auto", [device for device, _ in devices])
    file, validation_file = (validation.training_file, validation.validation_file) if validation else (None, None)
    if file:
        _require_valid(file, "training_file")
    if validation_file:
        _require_valid(validation_file, "validation_file")
    epochs, batch_size, tokens = _plan(subject, file)
    training = _describe_training(subject, batch_size, tokens)
    size, trained = subject.size, training.adapter_parameters
    return FineTuningEstimate(
        model=subject.request.model,
        base=subject.base,
        parameters=size.parameters,
        trained_parameters=TrainedParameters(full=size.parameters, lora=trained, qlora=trained),
        trainable_here=TrainableHere(qlora=subject.can_be_quantized and any(device.is_gpu for device, _ in devices)),
        batch_size=batch_size,
        max_length=subject.max_length,
        length=training.length,
        n_epochs=epochs,
        tokens=tokens,
        memory=describe_memory(training, devices),
        devices=describe_devices(training, devices, subject.base, problems),
        detail=" ".join([_explain(file, tokens), *subject.notes]),
    )


def _read_config(folder: Path, base: str) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / "config.json").read_text()))
    except (OSError, ValueError) as error:
        setting = "TANDEM_BASE_MODEL, or TANDEM_BASE_MODELS, must have its folder"
        problem = f"The size of '{base}' is not known: the front door cannot read its 'config.json' ({setting})."
        raise Unavailable(problem, code="base_model_missing") from error


def _read_size(config: Mapping[str, Any], folder: Path, base: str) -> ModelSize:
    """Return the size of the model. If its type is not known, its weights are counted in its files, if they are here."""
    size = read_model_size(config)
    if size.is_known:
        return size
    if missing := [name for name in SIZES if name not in {**config, **(config.get("text_config") or {})}]:
        problem = f"'{base}' cannot be estimated, because its 'config.json' does not have '{missing[0]}'."
        raise InvalidRequest(f"{problem} You can create the job without an estimate.", param="model", code="model_not_supported")
    return replace(size, parameters=count_weights(folder) or size.parameters)


def _list_notes(config: Mapping[str, Any], size: ModelSize, base: str) -> Iterator[str]:
    if not size.is_known:
        yield UNKNOWN_TYPE.format(config.get("model_type", ""), base)
    if quantization := config.get("quantization_config"):
        yield QUANTIZED.format(base, quantization.get("quant_method", "by an unknown method"))


def _require_valid(file: FileValidation, param: str) -> None:
    """Raise InvalidRequest with the first problems of a file, as the creation of a job does."""
    lines: dict[int, list[str]] = {}
    for each in file.problems:
        if each.line is not None:
            lines.setdefault(each.line, []).append(_begin_small(each.message.removesuffix(NOT_CHECKED)))
    problems = Problems(param)
    for line, messages in lines.items():
        problems.add(line, " ".join(messages))
    try:
        problems.raise_if_any(max(len(lines), file.wrong_lines))
    except InvalidDataset as error:
        raise InvalidRequest(error.message, param=param, code=name_dataset_error(error)) from error
    if file.problems:
        about_file = file.problems[0]
        code = about_file.code if about_file.code == TOO_FEW_CODE else f"invalid_{param}"
        raise InvalidRequest(about_file.message, param=param, code=code)


def _begin_small(sentence: str) -> str:
    """Return a sentence as it follows the number of a line."""
    return sentence[:1].lower() + sentence[1:]


def _plan(subject: Subject, file: FileValidation | None) -> tuple[int | None, int, TokenEstimate | None]:
    """Return epochs, batch size and tokens, as the worker would choose them. Without a file, `auto` is the largest batch."""
    requested = subject.options.hyperparameters
    if file is None:
        epochs = None if requested.n_epochs == "auto" else requested.n_epochs
        return epochs, MAX_AUTO_BATCH if requested.batch_size == "auto" else requested.batch_size, None
    schedule = choose_schedule(requested, file.examples)
    check_warmup(requested, schedule.epochs * schedule.steps_per_epoch)
    counted = file.tokens
    if counted is None:
        return schedule.epochs, schedule.batch_size, None
    tokens = TokenEstimate(
        examples=file.examples,
        longest=subject.chats * min(counted.longest, subject.max_length),
        per_epoch=subject.chats * counted.trained,
        total=schedule.epochs * subject.chats * counted.trained,
        is_sample=counted.is_sample,
    )
    return schedule.epochs, schedule.batch_size, tokens


def _describe_training(subject: Subject, batch_size: int, tokens: TokenEstimate | None) -> Training:
    options, prices = subject.options, subject.request.prices
    return Training(
        size=subject.size,
        adapter_parameters=subject.size.count_adapter_parameters(options.lora.rank, options.lora.target_modules),
        batch_size=batch_size,
        min_parts=min(options.hyperparameters.gradient_accumulation_steps, batch_size),
        length=tokens.longest if tokens else subject.chats * subject.max_length,
        total_tokens=_count_computed(subject, tokens) if tokens else None,
        price_per_hour=prices.training_hour if prices else None,
        chats=subject.chats,
    )


def _count_computed(subject: Subject, tokens: TokenEstimate) -> int:
    """Return how many tokens take as long to train. Before its first step, `dpo` scores all pairs, which is half the work of an epoch."""
    return tokens.total + (tokens.per_epoch // 2 if subject.chats == 2 else 0)


def _explain(file: FileValidation | None, tokens: TokenEstimate | None) -> str:
    if file is None:
        return NO_FILE
    if tokens:
        return " ".join(
            [SAMPLE if tokens.is_sample else COUNTED, *(each.message for each in file.warnings if each.code == "long_examples")]
        )
    reasons = [each.message for each in file.warnings if each.code == "tokens_not_counted"]
    return " ".join([NOT_COUNTED, *reasons])
