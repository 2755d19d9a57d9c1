"""A chat or completions request. Its body belongs to the engine; Tandem reads `model`, `retrieval` and, with `retrieval`, `include`.

With `retrieval` it reads the question too. In a chat it also reads `store` and `metadata`. Fields that the engine would ignore, that have
another type than OpenAI's, or with which the engine would harm other requests, are refused.
"""

import json
import re
from collections.abc import AsyncIterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar

from pydantic import Field

from services.generation.contracts.chat.engine_fields import ChatFields, CompletionFields
from services.generation.contracts.chat.messages import check_messages
from shared.contracts.chat import RetrievalOptions
from shared.contracts.wire import Id, Metadata, Request
from shared.errors import InvalidRequest, TandemError, TooLarge
from shared.validation.off_loop import run_off_loop
from shared.validation.read_json import read_json, refuse_unstorable
from shared.validation.translate import parse

CHAT = "/v1/chat/completions"
COMPLETIONS = "/v1/completions"
INCLUDE = "include"
TRACE = "trace"
MAX_QUESTION_CHARS = 2_000_000
CODE = "unsupported_parameter"
# Fields of OpenAI's that the engine would ignore, and what to use instead.
IGNORED = {
    "functions": "In a chat, use 'tools'.",
    "function_call": "In a chat, use 'tool_choice'.",
    "web_search_options": "Tandem does not search the web. To answer from documents, use 'retrieval'.",
    "audio": "Tandem answers in text only.",
}
NO_TOOLS = f"A completion has no tools. Use POST {CHAT}."
IGNORED_IN_COMPLETIONS = {**IGNORED, "tools": NO_TOOLS, "tool_choice": NO_TOOLS, "max_completion_tokens": "Use 'max_tokens'."}
TEXT_ONLY = (None, ["text"])
# Fields that the engine refuses if they are null: left out, they have their defaults.
NEVER_NULL = frozenset((
    "n", "min_tokens", "length_penalty", "priority", "bad_words", "use_beam_search", "ignore_eos", "include_stop_str_in_output",
    "skip_special_tokens", "spaces_between_special_tokens", "add_special_tokens", "echo", "add_generation_prompt",
    "continue_final_message", "include_reasoning", "request_id", "routed_experts_prompt_start", "mm_payload",
))  # fmt: skip
ASK_FOR_NOTHING: tuple[Any, ...] = (None, [], "none")
# An engine that serves adapters crashes on a CPU if it computes log-probabilities of a prompt in one step with other requests. On a GPU,
# they may be those of another adapter. https://github.com/vllm-project/vllm/issues/16668
PROMPT_LOGPROBS = (
    "is not supported, because log-probabilities of a prompt can crash an engine that serves adapters. For log-probabilities of the "
    "answer, use 'logprobs' without 'echo'. If your engines serve no adapters, set GENERATION_PROMPT_LOGPROBS=true."
)
# vLLM's sampler then returns log-probabilities of these tokens only, for every request in the same step (`vllm/v1/sample/sampler.py`).
NAMED_LOGPROBS = (
    "is not supported, because it changes the log-probabilities of other requests. For those of the most probable tokens, use "
    "'logprobs' (in a chat, with 'top_logprobs')."
)
FIRST_FIELD = re.compile(r"[^.\[]*")

RequestT = TypeVar("RequestT", bound=Request)


class _OwnFields(Request):
    """What Tandem reads of every request."""

    model: Id = Field(min_length=1)
    retrieval: RetrievalOptions | None = None


class _OwnChatFields(_OwnFields):
    """What Tandem also reads of a chat."""

    store: bool = False
    metadata: Metadata = {}


class _OwnInclude(Request):
    """What Tandem reads of a request with `retrieval`."""

    include: list[Literal["trace"]] = Field([], max_length=16)


@dataclass(frozen=True)
class GenerationRequest:
    """A request: the engine's path, the body as it came, and its parsed fields. `retrieval` is None for an answer without documents.

    `trace` says whether the answer shows how it was made. `metadata` is what to store the answer with, None if it is not to be stored.
    """

    path: str
    body: bytes
    fields: dict[str, Any]
    model: str
    retrieval: RetrievalOptions | None
    trace: bool = False
    metadata: Mapping[str, str] | None = None


async def read_request(chunks: AsyncIterable[bytes], path: str, max_bytes: int) -> GenerationRequest:
    """Read a request from the chunks of its body; `path` is the engine's.

    Raises:
        InvalidRequest: if the body is not a JSON object with a model, or its options are invalid.
        TooLarge: if the body has more than `max_bytes`.
    """
    body = await _read_body(chunks, max_bytes)
    return await run_off_loop(partial(_parse, path, body), len(body))


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


def question(request: GenerationRequest) -> str:
    """Return the user's question: the text of the last user message, or the prompt of a completion.

    Raises:
        InvalidRequest: if there is none, or if it has more than 2,000,000 characters, as many as a rendered prompt may have.
    """
    if request.path == COMPLETIONS:
        return _check_question(request.fields.get("prompt"), "prompt", "'prompt'", "must be one string that is not empty")
    content = messages(request)[last_user_index(request)].get("content")
    return _check_question(text_of(content), "messages", "the last user message", "must have text")


def messages(request: GenerationRequest) -> list[Any]:
    """Return the messages of a chat. Raises InvalidRequest if it has no list of messages."""
    value = request.fields.get("messages")
    if not isinstance(value, list) or not all(isinstance(message, dict) for message in value):
        raise InvalidRequest("'messages' must be a list of messages.", param="messages")
    return value


def last_user_index(request: GenerationRequest) -> int:
    """Return the index of the last user message. Raises InvalidRequest if there is none."""
    indexes = [index for index, message in enumerate(messages(request)) if message.get("role") == "user"]
    if not indexes:
        raise InvalidRequest("With 'retrieval', 'messages' needs a message with the role 'user'.", param="messages")
    return indexes[-1]


def text_of(content: Any) -> Any:
    """Return the text of a message's content, which may be a list of parts."""
    if not isinstance(content, list):
        return content
    return "\n".join(str(part.get("text", "")) for part in content if is_text_part(part))


def is_text_part(part: Any) -> bool:
    """Return whether a part of a message's content is text."""
    return isinstance(part, dict) and part.get("type") == "text"


@contextmanager
def option_errors(path: str) -> Iterator[None]:
    """Put `path`, the place of the options in the request, before the `param` of every error that names an option.

    The steps of grounding name an option by its path within the options, since they do not know whether these are `retrieval` of a chat
    or `tools[0]` of a response.
    """
    try:
        yield
    except TandemError as error:
        if not _names_option(error.param):
            raise
        raise error.with_param(f"{path}.{error.param}") from error


async def _read_body(chunks: AsyncIterable[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge(f"The body has more than {max_bytes} bytes, the limit of this server (GENERATION_MAX_BODY_BYTES).")
    return bytes(body)


def _parse(path: str, body: bytes) -> GenerationRequest:
    body, fields = _drop_nulls(body, read_json(body))
    own = _read_chat(fields) if path == CHAT else _read_completion(fields)
    metadata = own.metadata if isinstance(own, _OwnChatFields) and own.store else None
    if own.retrieval is None:
        return GenerationRequest(path, body, fields, own.model, None, metadata=metadata)
    include = _read(_OwnInclude, fields).include
    return GenerationRequest(path, body, fields, own.model, own.retrieval, trace=TRACE in include, metadata=metadata)


def _drop_nulls(body: bytes, fields: Any) -> tuple[bytes, Any]:
    """Leave out the nulls that the engine would refuse. Without any, the body stays as it came."""
    if not isinstance(fields, dict) or not any(fields.get(name, False) is None for name in NEVER_NULL):
        return body, fields
    kept = {name: value for name, value in fields.items() if value is not None or name not in NEVER_NULL}
    return json.dumps(kept).encode(), kept


def _read_chat(fields: Any) -> _OwnChatFields:
    own = _read(_OwnChatFields, fields)
    _refuse_ignored(fields, IGNORED)
    parse(ChatFields, _select(fields, ChatFields))
    check_messages(fields)
    if own.metadata and not own.store:
        problem = "'metadata' is stored with the answer, so it requires 'store' to be true. Set 'store' to true, or leave out 'metadata'."
        raise InvalidRequest(problem, param="metadata")
    return own


def _read_completion(fields: Any) -> _OwnFields:
    own = _read(_OwnFields, fields)
    _refuse_ignored(fields, IGNORED_IN_COMPLETIONS)
    parse(CompletionFields, _select(fields, CompletionFields))
    return own


def _refuse_ignored(fields: Mapping[str, Any], ignored: Mapping[str, str]) -> None:
    """Raise InvalidRequest if the engine would ignore a field."""
    for name, advice in ignored.items():
        if fields.get(name) not in ASK_FOR_NOTHING:
            raise InvalidRequest(f"'{name}' is not supported. {advice}", param=name, code=CODE)
    if fields.get("modalities") not in TEXT_ONLY:
        problem = "'modalities' must be ['text'] or left out; Tandem answers in text only."
        raise InvalidRequest(problem, param="modalities", code=CODE)


def _read(model: type[RequestT], fields: Any) -> RequestT:
    """Return what Tandem reads of a request, which it may store."""
    own = _select(fields, model)
    if isinstance(own, dict):
        refuse_unstorable(own)
    return parse(model, own)


def _select(fields: Any, model: type[Request]) -> Any:
    """Return the fields that `model` has."""
    return {name: fields[name] for name in model.model_fields if name in fields} if isinstance(fields, dict) else fields


def _check_question(text: Any, param: str, subject: str, problem: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise InvalidRequest(f"With 'retrieval', {subject} {problem}.", param=param)
    if len(text) > MAX_QUESTION_CHARS:
        problem = f"must have at most {MAX_QUESTION_CHARS:,} characters; got {len(text):,}"
        raise InvalidRequest(f"With 'retrieval', {subject} {problem}.", param=param, code="string_above_max_length")
    return text


def _names_option(param: str | None) -> bool:
    field = FIRST_FIELD.match(param or "")
    return field is not None and field.group() in RetrievalOptions.model_fields
