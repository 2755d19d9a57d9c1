"""Builds the request that asks an arm one question."""

from typing import Any

from services.evaluation.arms.build import Arm


def build_request(arm: Arm, question: str, max_tokens: int, seed: int) -> dict[str, Any]:
    """Return the body of `POST /v1/chat/completions`. Its temperature is 0, so that the answer can be repeated."""
    request: dict[str, Any] = {
        "model": arm.model,
        "messages": [{"role": "user", "content": question}],
        "temperature": 0,
        "max_tokens": max_tokens,
        "seed": seed,
    }
    return request if arm.retrieval is None else {**request, "retrieval": arm.retrieval.model_dump()}
