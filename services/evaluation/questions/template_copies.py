"""Training examples that copy the product's own prompt with passages.

A model that was trained on this very prompt has an advantage in the arms that are asked with it, and the report says so.
"""

import re
from collections.abc import Iterable

from shared.contracts.prompt_template import BUILT_IN
from shared.datasets import Example

PLACEHOLDER = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def count_template_copies(examples: Iterable[Example]) -> int:
    """Return how many examples have a message of the user with all fixed parts of the built-in template, in their order."""
    parts = find_fixed_parts(BUILT_IN)
    return sum(any(has_parts(message.content, parts) for message in example.messages if message.role == "user") for example in examples)


def find_fixed_parts(template: str) -> list[str]:
    """Return the lines of a template that are the same in every prompt, without the spaces around them."""
    lines = (line.strip() for part in PLACEHOLDER.split(template) for line in part.splitlines())
    return [line for line in lines if line]


def has_parts(text: str, parts: Iterable[str]) -> bool:
    """Return whether `text` has all `parts`, in their order."""
    start = 0
    for part in parts:
        found = text.find(part, start)
        if found < 0:
            return False
        start = found + len(part)
    return True
