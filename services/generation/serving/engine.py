"""The engine, vLLM's OpenAI-compatible server. Only this module calls it.

Only validated model names may reach it: the engine joins an unknown name to its adapter folder unchecked.
Tokens are counted with the engine's own tokenizer and chat template, at its `/tokenize`.
"""

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from services.generation.http import sse
from services.generation.http.client import ServiceClient, ServiceResponse
from services.generation.http.reply import Chunks, HeaderList, Reply, read_body
from services.generation.serving.engine_errors import CUT_OFF, make_error, read_error, read_event_error
from services.generation.serving.tokens import TokenCount, find_control_tokens
from shared.errors import NotFound, TandemError, Unavailable
from shared.validation.shorten import short_envelope, shorten_error, shorten_message

JSON_HEADERS: HeaderList = [("Content-Type", "application/json")]
RELAYED_HEADERS = ("content-type", "content-length")
ABORTED = re.compile(rb'"finish_reason": ?"abort"')  # how vLLM ends an answer, whatever there is of it, if it must stop or has no room
ERROR_FIELD = b'"error"'
HAS_CONSTRAINT = re.compile(rb'"(?:response_format|structured_outputs|tool_choice|strict)"')

RewriteError: TypeAlias = Callable[[Any], Any]
"""Returns the `error` of an event as the client gets it."""


class Engine:
    """One engine. `name` is what error messages call it; `timeout_seconds` limits each wait for bytes of a response."""

    def __init__(self, name: str, url: str, timeout_seconds: float) -> None:
        self.url = url
        self._client = ServiceClient(name, url, timeout_seconds)
        self._control_tokens: frozenset[str] | None = None

    async def generate(self, path: str, body: bytes) -> Reply:
        """Return the engine's response to `body`: a plain one with its body read, a stream of events as it comes.

        Raises:
            Unreachable: if the engine accepts no connection; it has not received the request.
            Unavailable: if the connection breaks, or the engine stops before the answer is complete.
            DeadlineExceeded: if the engine is too slow.
            InvalidRequest: if the engine cannot use the schema or grammar that the answer must match.
            TandemError: if the engine refuses, with its own status and message.
        """
        reply = await self._client.send("POST", path, content=body, headers=JSON_HEADERS)
        if reply.status >= 400:
            raise self._refusal(reply.status, await read_body(reply), body)
        if isinstance(reply.body, bytes):
            if ABORTED.search(reply.body):
                raise Unavailable(CUT_OFF)
        else:
            constrained = HAS_CONSTRAINT.search(body) is not None
            chunks = await self._check_start(reply, body) if constrained else reply.body
            reply = replace(reply, body=_end_with_error_event(chunks, partial(_translate_error, body) if constrained else _shorten_error))
        return replace(reply, headers=_relayed(reply.headers))

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        """Count the tokens of a prompt: `model` with `prompt` or `messages`, and whatever else the chat template takes."""
        response = (await self._post("/tokenize", fields)).json()
        return TokenCount(response["count"], response["max_model_len"], response.get("tokens") or ())

    async def read(self, model: str, tokens: Sequence[int]) -> str:
        """Return the text of tokens, including control tokens."""
        return str((await self._post("/detokenize", {"model": model, "tokens": list(tokens)})).json()["prompt"])

    async def control_tokens(self) -> frozenset[str]:
        """Return the tokens that no document may form; none unless the engine runs with `--enable-tokenizer-info-endpoint`."""
        if self._control_tokens is None:
            response = await self._client.call("GET", "/tokenizer_info")
            if response.status_code != 200:
                return frozenset()
            self._control_tokens = find_control_tokens(response.json())
        return self._control_tokens

    async def tokenize(self, model: str, messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> list[int]:
        """Return the token ids of a complete chat with tools, according to the engine's chat template and tokenizer."""
        shown = {"tools": tools} if tools else {}
        response = await self._post("/tokenize", {"model": model, "messages": messages, **shown, "add_generation_prompt": False})
        return list(response.json()["tokens"])

    async def score(self, model: str, input_ids: list[int], positions: list[int]) -> float:
        """Return the mean log-probability (nats) of the tokens at `positions`, given those before them. Loads an adapter on first use.

        The longest prompt comes first, so that the engine has the beginnings of the others in its cache. vLLM's `prompt_logprobs` can crash
        an engine that serves adapters, and its `logprob_token_ids` change the log-probabilities of other requests, see
        `grounding/request.py`.
        """
        *others, last = sorted(positions)
        first = await self._predict(model, input_ids, last)
        logprobs = [first, *await asyncio.gather(*(self._predict(model, input_ids, position) for position in others))]
        return sum(logprobs) / len(logprobs)

    async def load(self, name: str, path: str) -> None:
        """Load an adapter from a folder that the engine can read. A refusal has the engine's own message, unlike one on first use."""
        await self._post("/v1/load_lora_adapter", {"lora_name": name, "lora_path": path})

    async def unload(self, name: str) -> None:
        """Unload an adapter. It is no error if the adapter is not loaded."""
        with suppress(NotFound):
            await self._post("/v1/unload_lora_adapter", {"lora_name": name})

    async def loaded_models(self) -> set[str]:
        """Return the names of the models that the engine has in memory: its base model and the adapters it has loaded."""
        response = await self._client.call("GET", "/v1/models")
        if not response.is_success:
            raise self._refusal(response.status_code, response.content)
        return {card["id"] for card in response.json()["data"]}

    async def is_asleep(self) -> bool:
        """Return whether the engine sleeps, or is about to. Raises NotFound if it was started without the endpoints for that."""
        response = await self._client.call("GET", "/is_sleeping")
        if not response.is_success:
            raise self._refusal(response.status_code, response.content)
        body = response.json()
        return isinstance(body, dict) and bool(body.get("is_sleeping"))

    async def sleep(self) -> None:
        """Put the engine to sleep: it ends the requests in progress, then keeps its weights in the host's memory and frees the GPU's.

        Requests that come later wait in the engine until it wakes.
        """
        await self._post("/sleep?level=1&mode=wait", {})

    async def wake(self) -> None:
        """Wake the engine. It is no error if it is awake."""
        await self._post("/wake_up", {})

    async def ping(self) -> None:
        """Raise Unavailable unless the engine says that it is healthy."""
        await self._client.ping("/health")

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()

    async def _predict(self, model: str, input_ids: list[int], position: int) -> float:
        """Return the log-probability of the token at a position. It is the only one that may come next, but as probable as without that."""
        fields = {"model": model, "prompt": input_ids[:position], "max_tokens": 1, "temperature": 0, "logprobs": 0}
        response = await self._post("/v1/completions", {**fields, "allowed_token_ids": [input_ids[position]]})
        return float(response.json()["choices"][0]["logprobs"]["token_logprobs"][0])

    async def _post(self, path: str, fields: dict[str, Any]) -> ServiceResponse:
        body = json.dumps(fields).encode()
        response = await self._client.call("POST", path, content=body, headers=JSON_HEADERS)
        if not response.is_success:
            raise self._refusal(response.status_code, response.content, body)
        return response

    def _refusal(self, status: int, content: bytes, body: bytes = b"") -> TandemError:
        """Return the error in a response to `body`."""
        try:
            return read_error(json.loads(content)["error"], status, body)
        except (ValueError, LookupError, TypeError, AttributeError):
            return make_error(status, f"{self._client.name} returned status {status}.")

    async def _check_start(self, reply: Reply, body: bytes) -> Chunks:
        """Return the chunks of a stream after its first token is there.

        vLLM compiles a schema or a grammar after it has sent the status of a stream. If it refuses, the error is among the first events.
        """
        start, error = await _read_start(reply.chunks)
        if error is None:
            return _prepend(start, reply.chunks)
        await reply.close()
        raise read_event_error(error, body)


def _relayed(headers: HeaderList) -> HeaderList:
    return [(name, value) for name, value in headers if name.lower() in RELAYED_HEADERS]


async def _read_start(chunks: Chunks) -> tuple[bytes, Any]:
    """Return the beginning of a stream, up to the first event that does more than announce a role, and the error in that event."""
    start = b""
    async for chunk in chunks:
        start += chunk
        for event in start.split(sse.EVENT_END)[:-1]:
            data = sse.decode(event)
            fields = data if isinstance(data, dict) else {}
            if not _announces_role(fields):
                return start, fields.get("error")
    return start, None


def _announces_role(fields: dict[str, Any]) -> bool:
    """Return whether an event of a chat has nothing but the role of each choice."""
    deltas = [choice.get("delta", {"text": True}) for choice in fields.get("choices", ())]
    return bool(deltas) and not any(value for delta in deltas for name, value in delta.items() if name != "role")


async def _prepend(start: bytes, chunks: Chunks) -> Chunks:
    yield start
    async for chunk in chunks:
        yield chunk


async def _end_with_error_event(chunks: Chunks, rewrite: RewriteError) -> Chunks:
    """Pass on the whole events of a stream, the errors in it as `rewrite` returns them.

    If the connection breaks or the engine stops, end it with an error event.
    """
    pending = b""
    try:
        async for chunk in chunks:
            events, end, pending = (pending + chunk).rpartition(sse.EVENT_END)
            if aborted := ABORTED.search(events):
                before, end, _ = events[: aborted.start()].rpartition(sse.EVENT_END)
                yield before + end
                raise Unavailable(CUT_OFF)
            if end:
                yield _rewrite_errors(events, rewrite) + end
        if pending:
            yield _rewrite_errors(pending, rewrite)
    except TandemError as error:
        yield sse.encode_error(error) + sse.DONE


def _rewrite_errors(events: bytes, rewrite: RewriteError) -> bytes:
    if ERROR_FIELD not in events:
        return events
    return sse.EVENT_END.join(_rewrite_error(event, rewrite) for event in events.split(sse.EVENT_END))


def _rewrite_error(event: bytes, rewrite: RewriteError) -> bytes:
    data = sse.decode(event)
    error = data.get("error") if isinstance(data, dict) else None
    if not error or (rewritten := rewrite(error)) == error:
        return event
    return sse.encode({**data, "error": rewritten}).removesuffix(sse.EVENT_END)


def _translate_error(body: bytes, error: Any) -> Any:
    """Return the engine's error as Tandem's.

    vLLM finds out only while generating that a grammar allows no token: `"a" x`, in which `x` refers only to itself, fails after the `a`.
    """
    return short_envelope(read_event_error(error, body))["error"]


def _shorten_error(error: Any) -> Any:
    if isinstance(error, str):
        return shorten_message(error)
    return shorten_error(error) if isinstance(error, dict) else error
