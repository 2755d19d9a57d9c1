"""Fields that are refused because the engine would ignore them, or because they would harm other requests."""

from collections.abc import Mapping
from typing import Any

from shared.errors import InvalidRequest

CODE = "unsupported_parameter"
# Fields of OpenAI's chat completions that the engine would ignore, and what to use instead.
IGNORED = {
    "functions": "Use 'tools'.",
    "function_call": "Use 'tool_choice'.",
    "web_search_options": "Tandem does not search the web. To answer from documents, use 'retrieval'.",
    "audio": "Tandem answers in text only.",
}
TEXT_ONLY = (None, ["text"])
# An engine that serves adapters crashes on a CPU if it computes log-probabilities of a prompt in one step with other requests. On a GPU,
# they may be those of another adapter. https://github.com/vllm-project/vllm/issues/16668
PROMPT_LOGPROBS = (
    "is not supported, because log-probabilities of a prompt can crash an engine that serves adapters. For log-probabilities of the "
    "answer, use 'logprobs' without 'echo'. If your engines serve no adapters, set GENERATION_PROMPT_LOGPROBS=true."
)
# vLLM's sampler then returns log-probabilities of these tokens only, for every request in the same step (`vllm/v1/sample/sampler.py`).
NAMED_LOGPROBS = (
    "is not supported, because it changes the log-probabilities of other requests. To get those of the most probable tokens, use "
    "'logprobs' (in a chat, with 'top_logprobs')."
)


def check_supported(fields: Mapping[str, Any]) -> None:
    """Raise InvalidRequest if the engine would ignore a field of a chat."""
    for name, advice in IGNORED.items():
        if fields.get(name) is not None:
            raise InvalidRequest(f"'{name}' is not supported. {advice}", param=name, code=CODE)
    if fields.get("modalities") not in TEXT_ONLY:
        problem = "'modalities' must be ['text'] or left out; Tandem answers in text only."
        raise InvalidRequest(problem, param="modalities", code=CODE)


def refuse_harmful(fields: Mapping[str, Any], *, is_chat: bool, allows_prompt_logprobs: bool) -> None:
    """Raise InvalidRequest if a chat or a completion would crash the engine or change the answers to other requests."""
    if fields.get("logprob_token_ids") is not None:
        raise InvalidRequest(f"'logprob_token_ids' {NAMED_LOGPROBS}", param="logprob_token_ids", code=CODE)
    if allows_prompt_logprobs:
        return
    if fields.get("prompt_logprobs") is not None:
        raise InvalidRequest(f"'prompt_logprobs' {PROMPT_LOGPROBS}", param="prompt_logprobs", code=CODE)
    # vLLM computes them for every chat that is echoed.
    if fields.get("echo") not in (None, False) and (is_chat or fields.get("logprobs") is not None):
        subject = "'echo'" if is_chat else "'echo' with 'logprobs'"
        raise InvalidRequest(f"{subject} {PROMPT_LOGPROBS}", param="echo", code=CODE)
