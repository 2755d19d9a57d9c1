"""Builds an adapter's manifest: what it was trained on, and how."""

from typing import Any

from services.training.data.encode import ChatEncoder
from services.training.data.validate import Dataset
from services.training.planning.plan import Plan


def describe_training(training_file: str, plan: Plan, dataset: Dataset, encoder: ChatEncoder) -> dict[str, Any]:
    """Return the manifest's fields about data, template and hyperparameters; `training_file` is the file's id."""
    return {
        "training_data": {"file_id": training_file, "sha256": dataset.sha256, "examples": len(dataset.lengths)},
        "chat_template_sha256": encoder.template.sha256,
        "hyperparameters": {"n_epochs": plan.epochs, "batch_size": plan.batch_size, "learning_rate": plan.learning_rate},
        "lora": {"rank": plan.shape.rank, "alpha": plan.shape.alpha, "dropout": plan.shape.dropout},
        "seed": plan.seed,
        "trained_tokens": plan.epochs * dataset.num_tokens,
    }
