"""A model behind an OpenAI-compatible API that writes questions about the weights of machines, and answers them from a passage."""

from collections import Counter
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.fake_corpus import PARTS, SENTENCE, FakeCorpus


def describe_machine(number: int, parts: int = 2) -> bytes:
    """Return a document about a machine: the weights of some of its parts, which differ from machine to machine."""
    name = f"machine{chr(ord('a') + number % 26)}{chr(ord('a') + number // 26)}"
    chosen = [PARTS[(number + step) % len(PARTS)] for step in range(parts)]
    sentences = [f"The {part} of the {name} weighs {37 * number + 10 * step + 11} kilograms." for step, part in enumerate(chosen)]
    return " ".join(sentences).encode()


class QuestionWriter(FakeCorpus):
    """Asks about the sentences of a passage in turn."""

    def __init__(self) -> None:
        super().__init__()
        self._proposed: Counter[str] = Counter()

    def _propose(self, content: str) -> str:
        sentences = [found[0] for found in SENTENCE.finditer(content)]
        machine = SENTENCE.findall(content)[0][1]
        self._proposed[machine] += 1
        return super()._propose(sentences[self._proposed[machine] % len(sentences)])


def make_writer() -> Starlette:
    """Return the API."""
    writer = QuestionWriter()

    async def complete(request: Request) -> JSONResponse:
        reply = await writer.complete_chat(await request.json())
        usage = {"prompt_tokens": reply.prompt_tokens, "completion_tokens": reply.completion_tokens, "total_tokens": 110}
        message: dict[str, Any] = {"role": "assistant", "content": reply.text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return JSONResponse(
            {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "writer", "choices": [choice], "usage": usage}
        )

    return Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])
