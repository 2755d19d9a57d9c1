"""The words of a verdict: what the arms are called in a sentence, and how numbers are written in one."""

from collections.abc import Sequence

from shared.contracts.comparisons import ArmName, Grader

HEADLINES: dict[ArmName, str] = {
    "base": "Use the base model as it is",
    "rag": "Use retrieval",
    "fine_tuned": "Use fine-tuning",
    "both": "Use both retrieval and fine-tuning",
}
NO_DIFFERENCE = "No difference shown"
PHRASES: dict[ArmName, str] = {
    "base": "the base model alone",
    "rag": "retrieval alone",
    "fine_tuned": "fine-tuning alone",
    "both": "both together",
}
TITLES: dict[ArmName, str] = {"base": "Base model", "rag": "Retrieval", "fine_tuned": "Fine-tuning", "both": "Both"}
MINUS = "\N{MINUS SIGN}"
SCORES: dict[Grader, str] = {"f1": "F1", "exact_match": "exact match"}


def score_name(grader: Grader) -> str:
    """Return what a grader's score is called."""
    return SCORES[grader]


def number(value: float) -> str:
    """Return `value` with two decimals, or three where two would make it look like nothing; minus is a real minus."""
    if abs(value) < 0.0005:
        return "0.00"
    digits = 2 if abs(value) >= 0.005 else 3
    return f"{value:.{digits}f}".replace("-", MINUS)


def count(amount: int, thing: str) -> str:
    """Return an amount of things, such as `1 question` or `60 questions`."""
    return f"{amount} {thing}{'' if amount == 1 else 's'}"


def times(cost: float, other: float) -> str:
    """Return how many times `other` goes into `cost`, such as `3.2 times`, or nothing where that says nothing."""
    return f"{cost / other:.1f} times" if other > 0 and cost / other >= 1.05 else ""


def sentence(words: str) -> str:
    """Return `words` with a capital letter at the front."""
    return words[:1].upper() + words[1:]


def join(words: Sequence[str]) -> str:
    """Return the words as a list in a sentence: `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
