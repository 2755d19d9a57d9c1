"""The engine (vLLM's OpenAI-compatible server): the only place that speaks to it.

Only validated model names may come here: the engine joins an unknown name to its adapter folder unchecked.
Tokens are counted with the engine's own tokenizer and chat template, at its `/tokenize`.
"""

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from services.generation.http.client import ServiceClient
from services.generation.http.relay import Chunks, Reply
from services.generation.serving.tokens import control_tokens
from shared.errors import ContextTooLong, InvalidRequest, NotFound, TandemError
from shared.http.errors import ERROR_BY_STATUS

JSON = [("Content-Type", "application/json")]
KEPT_HEADERS = ("content-type", "content-length")
EVENT_END = b"\n\n"
TOO_LONG = "maximum context length"


@dataclass(frozen=True)
class Count:
    """How many tokens a prompt has, and how many prompt and answer may have together."""

    tokens: int
    window: int


class Engine:
    """One engine. `name` is what messages call it, the setting included; `seconds` is the longest wait for its next bytes."""

    def __init__(self, name: str, url: str, seconds: float) -> None:
        self.url = url
        self._http = ServiceClient(name, url, seconds)
        self._controls: frozenset[str] | None = None

    async def generate(self, path: str, body: bytes) -> Reply:
        """Return the engine's answer to `body`, plain or streamed, as it comes.

        Raises:
            Unreachable: the engine takes no connection; nothing was sent.
            Unavailable: it is gone.
            DeadlineExceeded: it is too slow.
            TandemError: it refused, with its own status and words.
        """
        response = await self._http.send("POST", path, content=body, headers=JSON)
        if response.status_code >= 400:
            raise self._refusal(response.status_code, await self._http.read(response))
        chunks = self._http.chunks(response)
        headers = [(name, response.headers[name]) for name in KEPT_HEADERS if name in response.headers]
        reply = Reply(response.status_code, headers, chunks, response.aclose)
        return replace(reply, chunks=_ended_well(chunks)) if reply.is_stream else reply

    async def count(self, fields: dict[str, Any]) -> Count:
        """Count the tokens of a prompt: `model` with `prompt`, or with `messages` (and what else the chat template takes)."""
        answer = await self._told("/tokenize", fields)
        return Count(answer["count"], answer["max_model_len"])

    async def control_tokens(self) -> frozenset[str]:
        """Return the tokens that no document may form; none where the engine does not tell (`--enable-tokenizer-info-endpoint`)."""
        if self._controls is None:
            response = await self._http.call("GET", "/tokenizer_info")
            if response.status_code != 200:
                return frozenset()
            self._controls = control_tokens(response.json())
        return self._controls

    async def tokens(self, model: str, messages: list[dict[str, Any]]) -> list[int]:
        """Return the token ids of a whole chat, as the engine's chat template and tokenizer make them."""
        answer = await self._told("/tokenize", {"model": model, "messages": messages, "add_generation_prompt": False})
        return list(answer["tokens"])

    async def score(self, model: str, input_ids: list[int], positions: list[int]) -> float:
        """Return the mean log-probability (nats) of the tokens at `positions`, each given those before it; an adapter is loaded by it."""
        asked = {"model": model, "prompt": input_ids, "max_tokens": 1, "temperature": 0, "prompt_logprobs": 0}
        answer = await self._told("/v1/completions", asked)
        scored = answer["choices"][0]["prompt_logprobs"]
        found = [float(scored[position][str(input_ids[position])]["logprob"]) for position in positions]
        return sum(found) / len(found)

    async def load(self, name: str, path: str) -> None:
        """Load an adapter from a folder that the engine sees too. The refusal has the engine's own words, other than at the first use."""
        await self._tell("/v1/load_lora_adapter", {"lora_name": name, "lora_path": path})

    async def unload(self, name: str) -> None:
        """Unload an adapter; one that is not loaded is no error."""
        with suppress(NotFound):
            await self._tell("/v1/unload_lora_adapter", {"lora_name": name})

    async def loaded(self) -> set[str]:
        """Return the names of the models that the engine has at the moment: its base model and the adapters it has loaded."""
        response = await self._http.call("GET", "/v1/models")
        if response.status_code >= 400:
            raise self._refusal(response.status_code, response.content)
        return {card["id"] for card in response.json()["data"]}

    async def _told(self, path: str, fields: dict[str, Any]) -> Any:
        return json.loads(await self._tell(path, fields))

    async def _tell(self, path: str, fields: dict[str, Any]) -> bytes:
        response = await self._http.call("POST", path, content=json.dumps(fields).encode(), headers=JSON)
        if response.status_code >= 400:
            raise self._refusal(response.status_code, response.content)
        return response.content

    async def ping(self) -> None:
        """Raise Unavailable unless the engine says that it is healthy."""
        await self._http.ping("/health")

    async def close(self) -> None:
        """Close every connection."""
        await self._http.close()

    def _refusal(self, status: int, body: bytes) -> TandemError:
        """Return the error the engine's answer stands for. vLLM writes OpenAI's envelope with its own types and a number as code."""
        try:
            said = json.loads(body)["error"]
            message, param, code = str(said["message"]), said.get("param"), said.get("code")
        except (ValueError, KeyError, TypeError):
            message, param, code = f"{self._http.name} answered {status}.", None, None
        error = _kind(status, message)(message, param=param, code=code if isinstance(code, str) else None)
        error.status = status
        return error


def _kind(status: int, message: str) -> type[TandemError]:
    if status == 400 and TOO_LONG in message:
        return ContextTooLong
    return ERROR_BY_STATUS.get(status, InvalidRequest if status < 500 else TandemError)


async def _ended_well(chunks: Chunks) -> Chunks:
    """Pass a stream of events along; where it breaks off, end it with an error event, which clients understand."""
    end = EVENT_END
    try:
        async for chunk in chunks:
            yield chunk
            end = (end + chunk)[-2:]
    except TandemError as error:
        gap = b"" if end == EVENT_END else EVENT_END
        yield gap + b"data: " + json.dumps(error.envelope()).encode() + b"\n\ndata: [DONE]\n\n"
