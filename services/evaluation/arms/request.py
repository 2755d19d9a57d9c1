"""Builds the request that asks an arm one question."""

from typing import Any

from services.evaluation.arms.build import Arm
from shared.datasets import Question

Messages = list[dict[str, str]]


def build_request(arm: Arm, question: Question, max_tokens: int, seed: int, cache_salt: str | None = None) -> dict[str, Any]:
    """Return the body of `POST /v1/chat/completions`.

    `max_tokens` applies if the arm sets no limit of its own. Prompts with different salts share nothing in the engine's cache, so
    that an earlier phase does not make a later one faster.
    """
    sampling = arm.sampling
    request: dict[str, Any] = {
        "model": arm.model,
        "messages": build_messages(arm, question),
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "max_tokens": sampling.max_tokens or max_tokens,
        "seed": seed,
    }
    if cache_salt:
        request["cache_salt"] = cache_salt
    # The search uses the last user message, so it gets the question without the examples.
    return request if arm.retrieval is None else {**request, "retrieval": arm.retrieval.model_dump(), "include": ["trace"]}


def build_messages(arm: Arm, question: Question) -> Messages:
    """Return the chat: the instructions, the examples, the question. A system message of the question's own joins the instructions."""
    chat = [message.model_dump() for message in question.chat]
    own = [message["content"] for message in chat if message["role"] == "system"]
    instructions = "\n\n".join(text for text in (arm.instructions, *own) if text)
    system = [{"role": "system", "content": instructions}] if instructions else []
    examples = [message.model_dump() for example in arm.examples for message in example.messages]
    return [*system, *examples, *(message for message in chat if message["role"] != "system")]
