"""Says why a dataset has too few examples, and what helps."""

from services.evaluation.datasets.synthesis.collect_items import Collection
from services.evaluation.datasets.synthesis.filters import FAULTS
from shared.contracts.datasets import DatasetSpec, Part
from shared.errors import InvalidRequest

MINIMUM: dict[Part, int] = {"train": 10, "validation": 0, "questions": 10}  # what fine-tuning and comparisons need
LOW_YIELD = 0.2
REMEDY = (
    "Use a better model as 'generator' (instruction-tuned, 7 billion parameters or more, such as Qwen2.5-7B-Instruct or "
    "Llama-3.1-8B-Instruct, served here or at a URL that the operator allows), or add documents."
)


def check_enough(collection: Collection, spec: DatasetSpec) -> None:
    """Return if every part has enough examples.

    Raises:
        InvalidRequest: otherwise; the message counts why questions were left out.
    """
    short = [
        f"'{part}' has {len(items)} and needs at least {MINIMUM[part]}"
        for part, items in collection.items.items()
        if len(items) < MINIMUM[part]
    ]
    if short:
        raise InvalidRequest(_describe(short, collection, spec), param="generator", code="too_few_examples")


def warn_of_low_yield(collection: Collection, spec: DatasetSpec) -> list[str]:
    """Return a warning if so few questions were good enough that those that were may be so by chance."""
    kept = _count_kept(collection)
    if not collection.requested or kept >= LOW_YIELD * collection.requested:
        return []
    share = f"Only {kept} of the {collection.requested} questions that '{spec.generator.model}' was asked to write passed the checks"
    return [f"{share}, so those that did may also be poor. Read some of them, or use a better model as 'generator'."]


def _count_kept(collection: Collection) -> int:
    return collection.requested - sum(count for fault, count in collection.filtered.items() if fault != "surplus")


def _describe(short: list[str], collection: Collection, spec: DatasetSpec) -> str:
    reasons = "; ".join(f"{count} because {FAULTS[fault]}" for fault, count in collection.filtered.items() if fault != "surplus")  # type: ignore[index]
    left_out = f" Left out: {reasons}." if reasons else ""
    asked = (
        f"Of {collection.requested} questions that '{spec.generator.model}' was asked to write, {_count_kept(collection)} were good enough."
    )
    return f"The dataset has too few examples: {', '.join(short)}. {asked}{left_out} {REMEDY}"
