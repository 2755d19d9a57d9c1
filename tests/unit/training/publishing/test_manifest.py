"""The manifest says what an adapter was trained on, and how."""

from dataclasses import replace
from pathlib import Path

from services.training.data.validate import Dataset
from services.training.publishing.manifest import describe_training
from tests.unit.training.cases import make_encoder, make_plan


def test_a_manifest_names_data_template_hyperparameters_and_tokens(tmp_path: Path) -> None:
    dataset = Dataset(sha256="0" * 64, lengths=[10, 20], num_labels=4, truncated_lines=[], skipped_lines=[], num_without_end=0)
    encoder = make_encoder()
    datasets = {"training": dataset, "validation": replace(dataset, sha256="1" * 64, lengths=[5])}
    files = {"training": "file-1", "validation": "file-2"}
    assert describe_training(files, make_plan(), datasets, encoder, 6) == {
        "training_data": {"file_id": "file-1", "sha256": "0" * 64, "examples": 2},
        "validation_data": {"file_id": "file-2", "sha256": "1" * 64, "examples": 1},
        "method": "supervised",
        "chat_template_sha256": encoder.template.sha256,
        "hyperparameters": {
            "n_epochs": 2,
            "batch_size": 4,
            "learning_rate": 1e-3,
            "lr_scheduler_type": "linear",
            "warmup_steps": 1,
            "weight_decay": 0.0,
            "gradient_accumulation_steps": 1,
            "max_length": 2048,
        },
        "lora": {"rank": 4, "alpha": 8.0, "dropout": 0.0, "use_rslora": False, "target_modules": "all-linear"},
        "seed": 1,
        "trained_tokens": 60,
    }
    alone = {"training": "file-1"}
    assert "validation_data" not in describe_training(alone, make_plan(), datasets, encoder, 6)
    options = make_plan(packing=True, patience=2, threshold=0.1)
    extended = describe_training(alone, options, datasets, encoder, 6)["hyperparameters"]
    assert (extended["packing"], extended["early_stopping_patience"], extended["early_stopping_threshold"]) == (True, 2, 0.1)
    quantized = describe_training(alone, make_plan(load_in_4bit=True), datasets, encoder, 6)["base_quantization"]
    assert quantized == {"quant_method": "bitsandbytes", "bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True}
    assert describe_training(alone, make_plan(), datasets, encoder, 3)["trained_tokens"] == 30  # it stopped early
