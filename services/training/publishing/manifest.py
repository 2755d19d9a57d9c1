"""Builds an adapter's manifest: what it was trained on, and how."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from services.training.data.encode import ChatEncoder
from services.training.data.validate import Dataset
from services.training.planning.plan import Plan

# How the base model was quantized while the adapter was trained, in the words of transformers' `BitsAndBytesConfig`.
NF4 = {"quant_method": "bitsandbytes", "bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True}


def describe_training(
    files: Mapping[str, str], plan: Plan, datasets: Mapping[str, Dataset], encoder: ChatEncoder, steps: int
) -> dict[str, Any]:
    """Return the manifest's fields about data, template and hyperparameters.

    `files` has the ids of the `training` file and perhaps of the `validation` file, `datasets` what is in them. `steps` is how many steps
    were trained: those of whole epochs, but fewer than planned if the training stopped early.
    """
    return {
        **{f"{kind}_data": _describe_data(file_id, datasets[kind]) for kind, file_id in files.items()},
        "method": "supervised" if plan.beta is None else "dpo",
        "chat_template_sha256": encoder.template.sha256,
        "hyperparameters": _describe_hyperparameters(plan),
        "lora": asdict(plan.shape),
        **({"base_quantization": NF4} if plan.load_in_4bit else {}),
        "seed": plan.seed,
        "trained_tokens": steps // plan.steps_per_epoch * datasets["training"].num_tokens,
    }


def _describe_data(file_id: str, dataset: Dataset) -> dict[str, Any]:
    return {"file_id": file_id, "sha256": dataset.sha256, "examples": dataset.num_examples}


def _describe_hyperparameters(plan: Plan) -> dict[str, Any]:
    return {
        "n_epochs": plan.epochs,
        "batch_size": plan.batch_size,
        "learning_rate": plan.learning_rate,
        "lr_scheduler_type": plan.scheduler,
        "warmup_steps": plan.warmup_steps,
        "weight_decay": plan.weight_decay,
        "gradient_accumulation_steps": plan.min_parts,
        "max_length": plan.max_length,
        **({} if plan.beta is None else {"beta": plan.beta}),
        **({"packing": True} if plan.packing else {}),
        **({} if plan.patience is None else {"early_stopping_patience": plan.patience, "early_stopping_threshold": plan.threshold}),
    }
