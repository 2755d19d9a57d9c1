"""A process of `benchmarks.training.memory`: makes a model with random weights, or trains one.

python -m benchmarks.training.memory_runs model <folder>
python -m benchmarks.training.memory_runs lora|full <job folder> <base model>
"""

import json
import sys
import threading
from pathlib import Path

from services.training.planning.execution import read_execution
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import read_plan


def main() -> None:
    """Do what the command line says."""
    for name in ("sklearn", "bitsandbytes"):  # as in the training process
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    what, *paths = sys.argv[1:]
    if what == "model":
        make_model(Path(paths[0]))
    else:
        folder, base = (Path(path) for path in paths)
        (train_adapter if what == "lora" else train_all_weights)(JobFolder(folder), base)


def make_model(folder: Path) -> None:
    """Add random weights in bf16 to a folder with a configuration."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder), dtype=torch.bfloat16)  # type: ignore[no-untyped-call]
    model.save_pretrained(folder)


def train_adapter(folder: JobFolder, base: Path) -> None:
    """Train a LoRA adapter as the worker's process does."""
    from services.training.trainer.train import train

    train(read_plan(folder), folder, base, lambda _: None, threading.Event())


def train_all_weights(folder: JobFolder, base: Path) -> None:
    """Train all weights with TRL's trainer and the same arguments, which the worker does not do."""
    import torch
    from datasets import Dataset  # type: ignore[import-untyped]
    from transformers import AutoTokenizer
    from trl.trainer.sft_trainer import SFTTrainer

    from services.training.trainer.configure import build_arguments, load_model, project_labels_only

    plan, execution = read_plan(folder), read_execution(folder)
    assert execution
    project_labels_only()
    torch.set_num_threads(execution.threads)
    examples = [json.loads(line) for line in folder.tokens("training").read_text().splitlines()]
    trainer = SFTTrainer(
        model=load_model(base, execution.bf16),
        args=build_arguments(plan, execution, folder.checkpoints),
        train_dataset=Dataset.from_dict({name: [example[name] for example in examples] for name in ("input_ids", "labels")}),
        processing_class=AutoTokenizer.from_pretrained(base),
    )
    trainer.train()


if __name__ == "__main__":
    main()
