"""LoRA training with TRL, tuned by its public options for a processor without much memory to spare.

python -m benchmarks.training.tuned_trl <model> <tokens.jsonl> <folder for the adapter>

Against the idiomatic script: the frozen weights are in bf16, activations are computed once, batches hold examples of similar length,
the optimizer is fused, and the threads wait for one another as in the project's own processes. Packing and padding-free batches need
FlashAttention, and `torch_compile` needs a C++ compiler and compiles anew for batches of other lengths.
"""

import os
import sys

import torch
from datasets import Dataset  # type: ignore[import-untyped]
from peft import LoraConfig
from transformers import AutoModelForCausalLM
from trl.trainer.sft_config import SFTConfig
from trl.trainer.sft_trainer import SFTTrainer

from benchmarks.training.examples import ALPHA, BATCH_SIZE, LEARNING_RATE, RANK, SEED, read_tokens
from benchmarks.training.trl_result import print_result


def main() -> None:
    """Train, and print the seconds that it took."""
    model, tokens, output = sys.argv[1:]
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    trainer = SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(model, dtype=torch.bfloat16),
        args=SFTConfig(
            output_dir=output,
            num_train_epochs=1,
            per_device_train_batch_size=BATCH_SIZE,
            learning_rate=LEARNING_RATE,
            bf16=True,
            use_cpu=True,
            seed=SEED,
            gradient_checkpointing=False,
            train_sampling_strategy="group_by_length",
            optim="adamw_torch_fused",
            dataloader_pin_memory=False,
            disable_tqdm=True,
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
