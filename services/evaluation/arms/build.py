"""Builds the arms of a comparison, each of them a model with or without documents."""

from dataclasses import dataclass

from shared.contracts.chat import RetrievalOptions
from shared.contracts.comparisons import ARMS, ArmName, ComparisonSpec

FINE_TUNED: tuple[ArmName, ...] = ("fine_tuned", "both")
WITH_DOCUMENTS: tuple[ArmName, ...] = ("rag", "both")


@dataclass(frozen=True)
class Arm:
    """A model, and how it retrieves documents. `retrieval` is None if it retrieves none."""

    name: ArmName
    model: str
    retrieval: RetrievalOptions | None


def build_arms(spec: ComparisonSpec) -> list[Arm]:
    """Return the arms of a comparison in their usual order: base, rag, fine_tuned, both."""
    requested = spec.arms or ARMS
    return [_build_arm(name, spec) for name in ARMS if name in requested]


def _build_arm(name: ArmName, spec: ComparisonSpec) -> Arm:
    model = spec.model if name in FINE_TUNED else spec.base_model
    if name not in WITH_DOCUMENTS:
        return Arm(name, model, None)
    return Arm(name, model, RetrievalOptions(vector_store_ids=spec.vector_store_ids, **spec.retrieval.model_dump(), attribution="words"))
