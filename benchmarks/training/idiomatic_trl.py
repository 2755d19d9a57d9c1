"""LoRA training as TRL's documentation shows it, with its defaults: a model's name, a dataset, a LoRA configuration.

python -m benchmarks.training.idiomatic_trl <model> <tokens.jsonl> <folder for the adapter> fp32|bf16

It computes activations twice (TRL's default) and takes the examples in random order, padded to the longest of a batch.
"""

import sys

from datasets import Dataset  # type: ignore[import-untyped]
from peft import LoraConfig
from trl.trainer.sft_config import SFTConfig
from trl.trainer.sft_trainer import SFTTrainer

from benchmarks.training.examples import ALPHA, BATCH_SIZE, LEARNING_RATE, RANK, SEED, read_tokens
from benchmarks.training.trl_result import print_result


def main() -> None:
    """Train, and print the seconds that it took."""
    model, tokens, output, precision = sys.argv[1:]
    trainer = SFTTrainer(
        model=model,
        args=SFTConfig(
            output_dir=output,
            num_train_epochs=1,
            per_device_train_batch_size=BATCH_SIZE,
            learning_rate=LEARNING_RATE,
            bf16=precision == "bf16",
            use_cpu=True,
            seed=SEED,
            save_strategy="no",
            report_to="none",
        ),
        train_dataset=Dataset.from_list(read_tokens(tokens)),
        peft_config=LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules="all-linear", task_type="CAUSAL_LM"),
    )
    trainer.train()
    print_result(trainer, output)


if __name__ == "__main__":
    main()
