"""What every arm is told: the instructions of the request, those of the training file, or a default."""

from collections import Counter
from collections.abc import Sequence

from services.evaluation.arms.examples import without_passages
from shared.contracts.comparisons import ComparisonSpec
from shared.datasets import Example

SHORT = "Answer with only the answer, in as few words as possible."
NEUTRAL = "Answer the user's question."
JSON = "Answer with JSON only."
ABSTAINING = "Answer the user's question. If you do not know the answer, say that you do not know."
BY_GRADER = {
    "f1": SHORT,
    "exact_match": SHORT,
    "string_check": SHORT,
    "numeric": SHORT,
    "contains": SHORT,
    "json_schema": JSON,
    "abstention": ABSTAINING,
}


def resolve_instructions(spec: ComparisonSpec, examples: Sequence[Example]) -> str:
    """Return the system message of every arm, empty for none.

    It is that of the request, or else the one that more than half of the training examples have, because the fine-tuned model knows it.
    Examples with passages do not count, unless there are no others. Otherwise it asks for what the deciding grader can grade.
    """
    if spec.instructions is not None:
        return spec.instructions.strip()
    return _find_shared_instructions(without_passages(examples)) or BY_GRADER.get(_find_grader_type(spec), NEUTRAL)


def _find_shared_instructions(examples: Sequence[Example]) -> str | None:
    texts = Counter(example.messages[0].content.strip() for example in examples if example.messages[0].role == "system")
    text, count = texts.most_common(1)[0] if texts else ("", 0)
    return text if count > len(examples) / 2 else None


def _find_grader_type(spec: ComparisonSpec) -> str:
    """Return the type of the grader that decides; a built-in one is its own type."""
    return next((grader.type for grader in spec.graders if grader.name == spec.grader), spec.grader)
