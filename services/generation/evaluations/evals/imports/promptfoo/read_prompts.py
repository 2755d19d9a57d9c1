"""Reads each prompt with each model as a run: the messages are a template, and the data source lacks only the rows."""

from collections.abc import Collection, Mapping
from typing import Any

from services.generation.evaluations.evals.imports.promptfoo.convert_template import convert_template
from shared.contracts.evals.promptfoo import MAX_SIDES, PromptfooConfig, PromptfooProvider, PromptfooRun, PromptfooSampling
from shared.contracts.graders import MAX_MESSAGES
from shared.errors import InvalidRequest
from shared.validation.read_json import read_json

ROLES = ("user", "assistant", "system", "developer")
KINDS = ("chat:", "responses:", "completion:")
NAME_CHARACTERS = 256
NO_SAMPLING = PromptfooSampling()


def read_prompts(config: PromptfooConfig, names: Collection[str], models: Mapping[str, str]) -> list[PromptfooRun]:
    """Return a run for each prompt and model. `names` are the variables, and `models` replaces models; others need not exist.

    Raises:
        InvalidRequest: if a prompt is neither text nor a list of messages, or there are too many runs.
    """
    if len(config.prompts) * len(config.providers) > MAX_SIDES:
        problem = f"'config.prompts' and 'config.providers' must make at most {MAX_SIDES} pairs. Import them in parts."
        raise InvalidRequest(problem, param="config.prompts")
    runs = list[PromptfooRun]()
    for number, prompt in enumerate(config.prompts):
        place = f"config.prompts[{number}]"
        raw, place = (prompt, place) if isinstance(prompt, str) else (prompt.raw, f"{place}.raw")
        label = f"Prompt {number + 1}" if isinstance(prompt, str) else prompt.label or prompt.id or f"Prompt {number + 1}"
        template = _read_messages(raw, names, place)
        runs += [_make_run(label, template, provider, models) for provider in config.providers]
    return runs


def _make_run(label: str, template: list[dict[str, Any]], provider: str | PromptfooProvider, models: Mapping[str, str]) -> PromptfooRun:
    model = find_model(provider, models)
    sampling = NO_SAMPLING if isinstance(provider, str) else provider.config or NO_SAMPLING
    known = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "max_completion_tokens": sampling.max_completion_tokens or sampling.max_output_tokens or sampling.max_tokens,
        "seed": sampling.seed,
        "response_format": sampling.response_format,
        "tools": sampling.tools,
    }
    data_source = {
        "type": "completions",
        "model": model,
        "input_messages": {"type": "template", "template": template},
        "sampling_params": {name: value for name, value in known.items() if value is not None},
    }
    return PromptfooRun(name=f"{label[: NAME_CHARACTERS - 1 - len(model)]} {model}"[:NAME_CHARACTERS], data_source=data_source)


def find_model(provider: str | PromptfooProvider, models: Mapping[str, str]) -> str:
    """Return the model of a provider such as `openai:chat:gpt-4o`, or the one that replaces it; both names can be in `models`."""
    written = provider if isinstance(provider, str) else provider.id
    name = written.removeprefix("openai:")
    for kind in KINDS if name != written else ():
        name = name.removeprefix(kind)
    return models.get(written) or models.get(name) or name


def _read_messages(raw: str, names: Collection[str], place: str) -> list[dict[str, Any]]:
    messages = _parse_messages(raw)
    if messages is None:
        return [{"role": "user", "content": convert_template(raw, names, place)}]
    if not 0 < len(messages) <= MAX_MESSAGES:
        raise InvalidRequest(f"'{place}' must have 1 to {MAX_MESSAGES} messages; got {len(messages)}.", param=place)
    return [_read_message(message, names, place) for message in messages]


def _parse_messages(raw: str) -> list[Any] | None:
    """Return the messages of a prompt that is a JSON list; None if it is not JSON."""
    if not raw.lstrip().startswith("["):
        return None
    try:
        parsed = read_json(raw.encode())
    except InvalidRequest:
        return None
    return parsed if isinstance(parsed, list) else None


def _read_message(message: Any, names: Collection[str], place: str) -> dict[str, Any]:
    role, content = (message.get("role"), message.get("content")) if isinstance(message, dict) else (None, None)
    if role not in ROLES or not isinstance(content, str):
        problem = f"must have messages with a 'role', one of {', '.join(ROLES)}, and a string as 'content'"
        raise InvalidRequest(f"'{place}' {problem}.", param=place)
    return {"role": role, "content": convert_template(content, names, place)}
