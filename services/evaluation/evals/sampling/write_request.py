"""The body of the request that asks a model about a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.evaluation.evals.sampling.input_items import to_input_items
from services.evaluation.evals.sampling.message_content import Message
from shared.contracts.evals.data_sources import CompletionsRun, CompletionsSampling, ResponsesRun, ResponsesSampling

FILE_SEARCH = "file_search"
RESULTS = "file_search_call.results"


@dataclass(frozen=True)
class Call:
    """A call of Tandem's API."""

    path: str
    body: dict[str, Any]


def write_request(run: CompletionsRun | ResponsesRun, messages: Sequence[Message]) -> Call:
    """Return the call. Neither the question nor the answer is stored by the API. With a search, the answer brings what it found."""
    if isinstance(run, ResponsesRun):
        return Call("/v1/responses", _write_response(run, messages))
    return Call("/v1/chat/completions", _write_completion(run, messages))


def _write_completion(run: CompletionsRun, messages: Sequence[Message]) -> dict[str, Any]:
    sampling = run.sampling_params or CompletionsSampling()
    optional = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "seed": sampling.seed,
        "max_completion_tokens": sampling.max_tokens,
        "response_format": sampling.response_format,
        "tools": sampling.tools or None,
        "reasoning_effort": sampling.reasoning_effort,
        "retrieval": run.retrieval,
        "include": ["trace"] if run.retrieval else None,
    }
    return {"model": run.model, "messages": [_for_engine(message) for message in messages], **_present(optional)}


def _for_engine(message: Message) -> Message:
    """Return the message with a role that the templates of open models know."""
    return {**message, "role": "system"} if message["role"] == "developer" else message


def _write_response(run: ResponsesRun, messages: Sequence[Message]) -> dict[str, Any]:
    sampling = run.sampling_params or ResponsesSampling()
    tools = sampling.tools or []
    optional = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "max_output_tokens": sampling.max_tokens,
        "seed": sampling.seed,
        "reasoning": {"effort": sampling.reasoning_effort} if sampling.reasoning_effort else None,
        "text": sampling.text.model_dump(exclude_none=True) if sampling.text else None,
        "tools": tools or None,
        "include": [RESULTS] if any(tool.get("type") == FILE_SEARCH for tool in tools) else None,
    }
    return {"model": run.model, "input": to_input_items(messages), "store": False, **_present(optional)}


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
