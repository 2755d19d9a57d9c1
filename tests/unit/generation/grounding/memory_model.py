"""A chat model in memory, for the tests of this folder."""

import json
from typing import Any

from services.generation.http.reply import Reply
from services.generation.serving.tokens import TokenCount
from tests.fake_engine import count_tokens


class MemoryModel:
    """Counts words, answers every call with the same text, and remembers the calls."""

    def __init__(self, answer: str = "Teal.", window: int = 10_000, control_tokens: frozenset[str] = frozenset()) -> None:
        self.answer = answer
        self.window = window
        self.bodies: list[dict[str, Any]] = []
        self._control_tokens = control_tokens

    async def generate(self, path: str, body: bytes) -> Reply:
        """Return the answer."""
        self.bodies.append(json.loads(body))
        return Reply(200, [], json.dumps({"choices": [{"message": {"content": self.answer}}]}).encode())

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        """Count the words of the prompt."""
        text = fields["prompt"] if "prompt" in fields else " ".join(message["content"] for message in fields["messages"])
        return TokenCount(count_tokens(text), self.window)

    async def control_tokens(self) -> frozenset[str]:
        """Return the control tokens."""
        return self._control_tokens
