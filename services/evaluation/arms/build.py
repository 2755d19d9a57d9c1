"""Arms: the ways of answering that a comparison compares, each one a model with or without documents."""

from dataclasses import dataclass
from typing import Any

from shared.contracts.chat import RetrievalOptions
from shared.contracts.comparisons import ARMS, ArmName, ComparisonSpec

FINE_TUNED: tuple[ArmName, ...] = ("fine_tuned", "both")
WITH_DOCUMENTS: tuple[ArmName, ...] = ("rag", "both")


@dataclass(frozen=True)
class Arm:
    """A model, and what it retrieves from (None: nothing)."""

    name: ArmName
    model: str
    retrieval: RetrievalOptions | None


def read_arms(spec: ComparisonSpec) -> list[Arm]:
    """Return the arms of a comparison in their usual order: base, rag, fine_tuned, both."""
    asked = spec.arms or ARMS
    return [_arm(name, spec) for name in ARMS if name in asked]


def _arm(name: ArmName, spec: ComparisonSpec) -> Arm:
    model = spec.model if name in FINE_TUNED else spec.base_model
    if name not in WITH_DOCUMENTS:
        return Arm(name, model, None)
    return Arm(name, model, RetrievalOptions(vector_store_ids=spec.vector_store_ids, **spec.retrieval.model_dump(), attribution="words"))


def write_request(arm: Arm, question: str, max_tokens: int, seed: int) -> dict[str, Any]:
    """Return the body of `POST /v1/chat/completions` that asks one question: greedy, so that it can be repeated."""
    body: dict[str, Any] = {
        "model": arm.model,
        "messages": [{"role": "user", "content": question}],
        "temperature": 0,
        "max_tokens": max_tokens,
        "seed": seed,
    }
    return body if arm.retrieval is None else {**body, "retrieval": arm.retrieval.model_dump()}
