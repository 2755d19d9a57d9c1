"""Models that answer as they are told, and keep what they were asked."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.errors import Unavailable
from shared.graders.outcome import GraderModels


@dataclass(frozen=True)
class FakeCompletion:
    text: str
    prompt_tokens: int = 10
    completion_tokens: int = 5


@dataclass
class FakeChat:
    """A chat model whose answer is a function of the request."""

    answer: Callable[[dict[str, Any]], str]
    requests: list[dict[str, Any]] = field(default_factory=list)

    async def complete_chat(self, request: dict[str, Any]) -> FakeCompletion:
        self.requests.append(request)
        return FakeCompletion(self.answer(request))


class BrokenChat:
    async def complete_chat(self, request: dict[str, Any]) -> FakeCompletion:
        raise Unavailable("The engine does not respond.")


@dataclass
class FakeEmbedder:
    """Counts letters: a vector of 26 numbers."""

    texts: list[str] = field(default_factory=list)

    async def embed(self, texts: Sequence[str], model: str) -> list[list[float]]:
        self.texts += texts
        return [[float(text.count(chr(97 + letter))) for letter in range(26)] for text in texts]


def result(value: Any) -> str:
    """Return the output of a model that grades."""
    return json.dumps({"steps": [{"description": "Read both.", "conclusion": "Done."}], "result": value})


def models_that_say(output: str) -> GraderModels:
    return GraderModels(FakeChat(lambda _: output), FakeEmbedder(), "letters")


NO_MODELS = GraderModels()
