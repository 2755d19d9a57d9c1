"""What grounding needs of a model, whichever engine serves it."""

from typing import Any, Protocol

from services.generation.http.reply import Reply
from services.generation.serving.tokens import TokenCount


class TokenCounter(Protocol):
    """Counts the tokens of a prompt."""

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        """Count the tokens of the prompt that the engine would make of `fields`."""


class ChatModel(TokenCounter, Protocol):
    """Generates answers, and knows its tokenizer."""

    async def generate(self, path: str, body: bytes) -> Reply:
        """Return the response to `body`."""

    async def control_tokens(self) -> frozenset[str]:
        """Return the tokens of the model's tokenizer that no document may form."""
