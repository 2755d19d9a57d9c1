"""What arms and graders are called in sentences and tables."""

from shared.contracts.comparisons import ArmName, Grader

HEADLINES: dict[ArmName, str] = {
    "base": "Use the base model as it is",
    "rag": "Use retrieval",
    "fine_tuned": "Use fine-tuning",
    "both": "Use both retrieval and fine-tuning",
}
NO_DIFFERENCE = "No difference shown"
ARM_PHRASES: dict[ArmName, str] = {
    "base": "the base model alone",
    "rag": "retrieval alone",
    "fine_tuned": "fine-tuning alone",
    "both": "both together",
}
ARM_TITLES: dict[ArmName, str] = {"base": "Base model", "rag": "Retrieval", "fine_tuned": "Fine-tuning", "both": "Both"}
GRADER_NAMES: dict[Grader, str] = {"f1": "F1", "exact_match": "exact match"}
