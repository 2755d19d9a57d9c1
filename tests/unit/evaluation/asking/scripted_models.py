"""Served models that fail as a script says, and a clock that only waits in the script."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.evaluation.asking.retries import Clock
from shared.errors import TandemError
from shared.workers.api_client import ChatCompletion

Script = dict[tuple[str, str], list[TandemError | ChatCompletion]]
HIT = {"file_id": "file-1", "filename": "pumps.md", "score": 0.9, "text": "6.5 Nm", "in_prompt": True}


@dataclass(frozen=True)
class Request:
    """What the models were asked."""

    question: str
    model: str
    has_documents: bool
    phase: str


class FakeTime:
    """A time in seconds that passes only while somebody waits for it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.clock = Clock(lambda: self.now, self.sleep)

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class ScriptedModels:
    """Answers with question and model. `script` has what happens first to requests for a question of a model; "*" means any.

    `always` fails every request of a kind. Each call takes a second of `time`, and `after_call` is called after it. Warm-ups take no
    time and no part of the script.
    """

    script: Script = field(default_factory=dict)
    always: Callable[[Request], TandemError | None] = lambda _: None
    after_call: Callable[["ScriptedModels"], None] = lambda _: None
    time: FakeTime = field(default_factory=FakeTime)
    requests: list[Request] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    warm_ups: list[Request] = field(default_factory=list)
    in_flight: int = 0
    max_in_flight: dict[str, int] = field(default_factory=dict)

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        """Answer, or fail."""
        received = _read(request)
        self.bodies.append(request)
        if request["max_tokens"] == 1:
            self.warm_ups.append(received)
            return self._reply(received, {})
        self.requests.append(received)
        self.in_flight += 1
        self.max_in_flight[received.phase] = max(self.max_in_flight.get(received.phase, 0), self.in_flight)
        await asyncio.sleep(0)
        self.time.now += 1
        self.in_flight -= 1
        self.after_call(self)
        return self._reply(received, self.script)

    def _reply(self, received: Request, script: Script) -> ChatCompletion:
        if error := self.always(received):
            raise error
        keys = [(received.question, received.model), (received.question, "*"), ("*", received.model)]
        planned = next((script[key] for key in keys if script.get(key)), None)
        outcome = planned.pop(0) if planned else _answer(received)
        if isinstance(outcome, TandemError):
            raise outcome
        return outcome


def _answer(received: Request) -> ChatCompletion:
    hits = [HIT] if received.has_documents else []
    text = f"{received.question} {received.model} {received.phase}"
    return ChatCompletion(text, 10, 2, [{"index": 1}] if hits else [], "stop", 0.5 if hits else None, hits)


def _read(request: dict[str, Any]) -> Request:
    phase = request["cache_salt"].split("-", 1)[1]
    return Request(request["messages"][-1]["content"], request["model"], "retrieval" in request, phase)
