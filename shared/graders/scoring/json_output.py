"""JSON answers under a JSON Schema (draft 2020-12)."""

from collections.abc import Mapping
from typing import Any

from shared.graders.outcome import GradingFailed
from shared.graders.sample import parse_json
from shared.validation.json_schema import UNUSABLE, make_validator

MAX_CHARS = 2_000_000


def score_json_schema(text: str, schema: Mapping[str, Any]) -> float:
    """Return 1 if `text` is JSON that is valid under the schema, else 0.

    Raises:
        GradingFailed: if the text is too long, or the schema cannot be applied within its limits.
    """
    if len(text) > MAX_CHARS:
        raise GradingFailed("other_error", f"The answer has more than {MAX_CHARS:,} characters, the limit of this grader.")
    try:
        value = parse_json(text)
    except GradingFailed:
        return 0.0
    try:
        return float(make_validator(schema).is_valid(value))
    except UNUSABLE as error:
        raise GradingFailed(
            "other_error", "The schema cannot be applied: it takes too long, or a reference or a pattern in it is invalid."
        ) from error
