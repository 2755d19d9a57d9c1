"""A fake of vLLM's server: it behaves like it as far as the front door uses it, and records what it received."""

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.structured_outputs import NOT_COMPILED, fails_late, unusable_constraint


def count_tokens(text: str) -> int:
    """Return the number of the fake engine's tokens in `text`: words and punctuation marks."""
    return len(re.findall(r"\w+|[^\w\s]", text))


def _set() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass
class FakeEngine:
    """vLLM's OpenAI-compatible server.

    It answers with the last user message, or with `answer`. With `supports_tools` it makes the `tool_calls`: for each generation that may
    call tools, one list of (name, arguments). `control_tokens` are those of its tokenizer.

    Its behavior: `hangs` makes every generation wait until the client disconnects, which sets `aborted`. A plain generation waits until
    `may_answer` is set. `piece_bytes` is the size of the pieces of a stream. A stream ends early with `disconnects`, with an error event
    (`error_text`) with `sends_error`, and with an event that is not JSON with `sends_invalid_json`. With `stops`, answers end as vLLM's do
    if it is told to stop.

    Its adapters: `adapters` are loaded; those in `loadable` are loaded on request and then listed in `loaded`; those in `broken` cannot be
    loaded, and with `refuses_to_load` no folder can. Training examples are likelier with an adapter (-0.5 per token) than without (-2),
    except with those in `without_effect`; `score_requests` counts these requests, one a token. `running` is the number of generations in
    progress, `max_running` its maximum.

    Its sleep: `sleep_mode` is `none` if the endpoints are missing, `dev` if they are there but sleep mode is not enabled, or `full`. While
    it is `asleep`, generations wait. `calls` has the calls that put it to sleep and woke it.
    """

    model: str = "tiny"
    adapters: set[str] = field(default_factory=set)
    loadable: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    refuses_to_load: bool = False
    without_effect: set[str] = field(default_factory=set)
    loaded: list[str] = field(default_factory=list)
    score_requests: int = 0
    context_length: int = 2048
    answer: str | None = None
    supports_tools: bool = False
    tool_calls: list[list[tuple[str, str]]] = field(default_factory=list)
    control_tokens: list[str] = field(default_factory=list)
    hangs: bool = False
    piece_bytes: int = 0
    disconnects: bool = False
    stops: bool = False
    sends_error: bool = False
    error_text: str = "EngineCore died"
    sends_invalid_json: bool = False
    healthy: bool = True
    bodies: list[bytes] = field(default_factory=list)
    request_ids: list[str] = field(default_factory=list)
    sent: bytes = b""
    running: int = 0
    max_running: int = 0
    sleep_mode: str = "none"
    asleep: bool = False
    calls: list[str] = field(default_factory=list)
    may_answer: threading.Event = field(default_factory=_set)
    started: threading.Event = field(default_factory=threading.Event)
    aborted: threading.Event = field(default_factory=threading.Event)

    def app(self) -> Starlette:
        """Return the server."""
        return Starlette(
            routes=[
                Route("/health", self._health),
                Route("/v1/models", self._models),
                Route("/tokenize", self._tokenize, methods=["POST"]),
                Route("/tokenizer_info", self._tokenizer_info),
                Route("/v1/chat/completions", self._generate, methods=["POST"]),
                Route("/v1/completions", self._generate, methods=["POST"]),
                *self._sleep_routes(),
                Route("/v1/load_lora_adapter", self._load, methods=["POST"]),
                Route("/v1/unload_lora_adapter", self._unload, methods=["POST"]),
            ]
        )

    def _sleep_routes(self) -> list[Route]:
        return [
            Route("/is_sleeping", self._is_sleeping),
            Route("/sleep", self._sleep, methods=["POST"]),
            Route("/wake_up", self._wake_up, methods=["POST"]),
        ]

    def reset(self) -> None:
        """Restore the initial state."""
        self.__init__()  # type: ignore[misc]

    async def _is_sleeping(self, _: Request) -> Response:
        return JSONResponse({"is_sleeping": self.asleep}) if self.sleep_mode != "none" else _not_found()

    async def _sleep(self, request: Request) -> Response:
        if self.sleep_mode == "none":
            return _not_found()
        self.calls.append(f"sleep {request.url.query}")
        self.asleep = True
        while self.running:
            await asyncio.sleep(0.005)
        if self.sleep_mode == "dev":  # it has paused before it finds out that it cannot sleep
            return error_response(500, "InternalServerError", "Sleep mode is not enabled.")
        return JSONResponse({"status": "sleeping", "level": 1})

    async def _wake_up(self, _: Request) -> Response:
        if self.sleep_mode == "none":
            return _not_found()
        self.calls.append("wake_up")
        self.asleep = False
        return JSONResponse({"status": "awake", "tags": None})

    async def _load(self, request: Request) -> Response:
        fields = await request.json()
        name = fields["lora_name"]
        if name not in self.broken and not self.refuses_to_load:
            if (Path(fields["lora_path"]) / "adapter_config.json").is_file():
                self.adapters.add(name)
                return Response(f"Success: LoRA adapter '{name}' added successfully.")
            return error_response(404, "NotFoundError", f"No adapter found for '{name}'")
        return error_response(500, "InternalServerError", "Error while deserializing header: incomplete metadata, file not fully covered")

    async def _unload(self, request: Request) -> Response:
        name = (await request.json())["lora_name"]
        if name not in self.adapters:
            return error_response(404, "NotFoundError", f"The lora adapter '{name}' cannot be found.")
        self.adapters.remove(name)
        return Response(f"Success: LoRA adapter '{name}' removed successfully.")

    async def _health(self, _: Request) -> Response:
        return Response(status_code=200 if self.healthy else 503)

    async def _models(self, _: Request) -> Response:
        names = [self.model, *sorted(self.adapters)]
        cards = [{"id": name, "object": "model", "created": 1, "owned_by": "vllm", "max_model_len": self.context_length} for name in names]
        return JSONResponse({"object": "list", "data": cards})

    async def _tokenize(self, request: Request) -> Response:
        fields = await request.json()
        if refusal := self._unknown(fields):
            return refusal
        count = self._count(fields) + (count_tokens(json.dumps(fields["tools"])) if fields.get("tools") else 0)
        return JSONResponse({"count": count, "max_model_len": self.context_length, "tokens": list(range(count)), "token_strs": None})

    async def _tokenizer_info(self, _: Request) -> Response:
        if not self.control_tokens:
            return error_response(404, "NotFoundError", "Not Found")
        added = {str(number): token for number, token in enumerate(self.control_tokens)}
        return JSONResponse({"tokenizer_class": "Tokenizer", "bos_token": "<|im_start|>", "added_tokens_decoder": added})

    async def _generate(self, request: Request) -> Response:
        body = await request.body()
        self.bodies.append(body)
        self.request_ids.append(request.headers.get("x-request-id", ""))
        fields = json.loads(body)
        refusal = self._unknown(fields) or self._too_long(fields) or self._cannot_call(fields) or self._cannot_match(fields)
        if refusal:
            return refusal
        if "allowed_token_ids" in fields:
            self.bodies.pop()  # it verifies an adapter, and is no client's request
            self.score_requests += 1
            return JSONResponse(self._scored(fields))
        self.started.set()
        while self.asleep:
            await asyncio.sleep(0.005)
        if fields.get("stream"):
            return StreamingResponse(self._stream(fields), media_type="text/event-stream")
        with self._counting():
            return await self._plain(request, fields)

    @contextmanager
    def _counting(self) -> Iterator[None]:
        self.running += 1
        self.max_running = max(self.max_running, self.running)
        try:
            yield
        finally:
            self.running -= 1

    async def _plain(self, request: Request, fields: dict[str, Any]) -> Response:
        while self.hangs:
            if (await request.receive())["type"] == "http.disconnect":
                self.aborted.set()
                return Response()
        while not self.may_answer.is_set():
            if await request.is_disconnected():
                self.aborted.set()
                return Response()
            await asyncio.sleep(0.005)
        usage = {"prompt_tokens": self._count(fields), "completion_tokens": count_tokens(self._answer(fields))}
        usage["total_tokens"] = sum(usage.values())
        reply = {**_identity(fields), "choices": [_choice(fields, self._answer(fields), "abort" if self.stops else "stop")], "usage": usage}
        self.sent = json.dumps(reply, indent=1).encode()  # a form that a library would not write by chance
        return Response(self.sent, media_type="application/json")

    async def _stream(self, fields: dict[str, Any]) -> AsyncIterator[bytes]:
        try:
            with self._counting():
                async for piece in self._pieces(fields):
                    self.sent += piece
                    yield piece
                if self.hangs:
                    await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.aborted.set()
            raise

    async def _pieces(self, fields: dict[str, Any]) -> AsyncIterator[bytes]:
        whole = b"".join(_refusal_events(fields) or self._events(fields))
        size = self.piece_bytes or len(whole)
        for start in range(0, len(whole), size):
            yield whole[start : start + size]
            await asyncio.sleep(0)
        if self.disconnects:
            raise ConnectionAbortedError("the engine died")

    def _events(self, fields: dict[str, Any]) -> Iterator[bytes]:
        calls = self._next_calls(fields)
        for place, (name, arguments) in enumerate(calls):
            for delta in ({"id": f"call_{place}", "function": {"name": name}}, {"function": {"arguments": arguments}}):
                choice = {"index": 0, "delta": {"tool_calls": [{"index": place, **delta}]}, "finish_reason": None}
                yield _event({**_identity(fields, ".chunk"), "choices": [choice]})
        for word in () if calls else self._answer(fields).split():
            yield _event({**_identity(fields, ".chunk"), "choices": [_choice(fields, f"{word} ", None, "delta")]})
        if not (self.hangs or self.disconnects):
            yield from self._last_events(fields)

    def _last_events(self, fields: dict[str, Any]) -> Iterator[bytes]:
        if self.stops:
            yield _event({**_identity(fields, ".chunk"), "choices": [_choice(fields, "", "abort", "delta")]})
        elif self.sends_invalid_json:
            yield b"data: {not json\n\n"
        elif fails_late(fields):
            yield _event(_error(*NOT_COMPILED))
        elif self.sends_error:
            yield _event({"error": {"message": self.error_text, "type": "InternalServerError", "param": None, "code": 500}})
        elif (fields.get("stream_options") or {}).get("include_usage"):
            usage = {"prompt_tokens": self._count(fields), "completion_tokens": 1, "total_tokens": self._count(fields) + 1}
            yield _event({**_identity(fields, ".chunk"), "choices": [], "usage": usage})
        yield b"data: [DONE]\n\n"

    def _scored(self, fields: dict[str, Any]) -> dict[str, Any]:
        value = -0.5 if fields["model"] in self.adapters - self.without_effect else -2.0
        return {**_identity(fields), "choices": [{**_choice(fields, "x", "length"), "logprobs": {"token_logprobs": [value]}}]}

    def _count(self, fields: dict[str, Any]) -> int:
        if "messages" not in fields:
            return count_tokens(fields["prompt"]) if isinstance(fields["prompt"], str) else len(fields["prompt"])
        return 3 + sum(4 + count_tokens(_text(message["content"])) for message in fields["messages"])

    def _answer(self, fields: dict[str, Any]) -> str:
        return _last_text(fields) if self.answer is None else self.answer

    def _unknown(self, fields: dict[str, Any]) -> Response | None:
        name = fields["model"]
        if name in self.broken:
            return error_response(400, "BadRequestError", f"LoRA adapter '{name}' was found but could not be loaded.")
        if name in self.loadable - self.adapters:
            self.adapters.add(name)
            self.loaded.append(name)
        if name in {self.model, *self.adapters}:
            return None
        return error_response(404, "NotFoundError", f"The model `{fields['model']}` does not exist.")

    def _cannot_call(self, fields: dict[str, Any]) -> Response | None:
        if self.supports_tools or not fields.get("tools") or fields.get("tool_choice") != "auto":
            return None
        message = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'
        return error_response(400, "BadRequestError", message)

    def _cannot_match(self, fields: dict[str, Any]) -> Response | None:
        problem = None if fields.get("stream") else unusable_constraint(fields) or (NOT_COMPILED if fails_late(fields) else None)
        return error_response(*problem) if problem else None

    def _next_calls(self, fields: dict[str, Any]) -> list[tuple[str, str]]:
        may = self.supports_tools and fields.get("tools") and fields.get("tool_choice") != "none"
        return self.tool_calls.pop(0) if may and self.tool_calls else []

    def _too_long(self, fields: dict[str, Any]) -> Response | None:
        for name in ("max_completion_tokens", "max_tokens"):
            if (fields.get(name) or 0) > self.context_length:
                message = f"{name}={fields[name]} cannot be greater than max_model_len={self.context_length}. Please request fewer tokens."
                return error_response(400, "BadRequestError", message, name)
        tokens = self._count(fields) + (fields.get("max_tokens") or 1)
        if tokens <= self.context_length:
            return None
        message = (
            f"This model's maximum context length is {self.context_length} tokens. However, your prompt contains {tokens} input tokens."
        )
        return error_response(400, "BadRequestError", message, "input_tokens")


def _not_found() -> Response:
    return JSONResponse({"detail": "Not Found"}, 404)


def error_response(status: int, type: str, message: str, param: str | None = None) -> Response:
    return JSONResponse(_error(status, type, message, param), status)


def _refusal_events(fields: dict[str, Any]) -> list[bytes]:
    if (problem := unusable_constraint(fields)) is None:
        return []
    role = _event({**_identity(fields, ".chunk"), "choices": [_choice(fields, "", None, "delta")]})
    return [
        role if problem[0] == 500 else b"",
        _event(_error(*problem)),
        b"data: [DONE]\n\n",
    ]  # a grammar is compiled after the role is sent


def _error(status: int, type: str, message: str, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": type, "param": param, "code": status}}


def _event(fields: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(fields, ensure_ascii=False).encode() + b"\n\n"


def _identity(fields: dict[str, Any], ending: str = "") -> dict[str, Any]:
    kind, prefix = ("chat.completion" + ending, "chatcmpl-") if "messages" in fields else ("text_completion", "cmpl-")
    return {"id": prefix + "1", "object": kind, "created": 1_700_000_000, "model": fields["model"]}


def _choice(fields: dict[str, Any], text: str, reason: str | None, name: str = "message") -> dict[str, Any]:
    said: dict[str, Any] = {name: {"role": "assistant", "content": text}} if "messages" in fields else {"text": text}
    return {"index": 0, **said, "logprobs": None, "finish_reason": reason}


def _text(content: Any) -> str:
    return content if isinstance(content, str) else " ".join(part.get("text", "") for part in content or ())


def _last_text(fields: dict[str, Any]) -> str:
    if "messages" not in fields:
        return str(fields["prompt"])
    return _text([message for message in fields["messages"] if message["role"] == "user"][-1]["content"])
