"""Chooses the conversations for validation. Knows nothing of what is said in them."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Division:
    """Whether each example is for validation, and how many conversations each part has."""

    is_validation: Sequence[bool]
    conversations: dict[str, int]


def split_conversations(groups: Sequence[int], share: float, seed: int) -> Division:
    """Return the division of examples, whose conversations are `groups`.

    Validation gets about its share of the examples and never more, except that it gets a conversation if there are two or more.
    """
    sizes = Counter(groups)
    shuffled = list(sizes)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 (a sample, no secret)
    target, chosen, total = share * len(groups), set[int](), 0
    for group in shuffled:
        if total + sizes[group] <= target:
            chosen.add(group)
            total += sizes[group]
    if not chosen and share > 0 and len(sizes) > 1:
        chosen = {min(shuffled, key=sizes.__getitem__)}
    counts = {"train": len(sizes) - len(chosen), "validation": len(chosen)}
    return Division([group in chosen for group in groups], counts if share > 0 else {"train": len(sizes)})
