"""What arms and graders are called in sentences and tables."""

HEADLINES = {
    "base": "The base model is enough",
    "prompted": "Use the base model with a good prompt",
    "rag": "Use retrieval",
    "fine_tuned": "Use fine-tuning",
    "both": "Use both retrieval and fine-tuning",
}
ARM_PHRASES = {
    "base": "the base model alone",
    "prompted": "the base model with instructions and examples",
    "rag": "retrieval alone",
    "fine_tuned": "fine-tuning alone",
    "both": "retrieval and fine-tuning together",
}
ARM_TITLES = {"base": "Base model", "prompted": "Prompted", "rag": "Retrieval", "fine_tuned": "Fine-tuning", "both": "Both"}
GRADER_NAMES = {"f1": "F1", "exact_match": "exact match"}


def name_arm(arm: str) -> str:
    """Return what an arm is called in a sentence: a phrase for a standard arm, the quoted name for one of the request's own."""
    return ARM_PHRASES.get(arm, f"'{arm}'")


def title_arm(arm: str) -> str:
    """Return what an arm is called in a table."""
    return ARM_TITLES.get(arm, arm)


def name_grader(grader: str) -> str:
    """Return what a grader is called in a sentence."""
    return GRADER_NAMES.get(grader, f"'{grader}'")


def make_headline(arm: str) -> str:
    """Return the recommendation of an arm in a few words."""
    return HEADLINES.get(arm, f"Use '{arm}'")
