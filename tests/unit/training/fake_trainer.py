"""A training process that behaves, without torch: `python fake_trainer.py <way> <plan.json>` says steps and leaves an adapter.

`way` is how it goes: `well`; `hangs` after its first step; `killed`, `full`, `silent`: how it ends after its first step.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path

from services.training.planning.plan import Folder, Message, format_message, read_plan
from tests.unit.training.cases import write_tensors


def say(kind: str, **fields: object) -> None:
    print(format_message(Message(kind, fields)), flush=True)  # type: ignore[arg-type]


def main(way: str, path: str) -> None:
    plan = read_plan(Path(path))
    folder = Folder(Path(plan.folder))
    (folder.path / "pid").write_text(str(os.getpid()))
    print("Loading weights: 100%")
    print("something went wrong in layer 3", file=sys.stderr, flush=True)
    for step in range(1, plan.total_steps + 1):
        percent = 100 * step / plan.total_steps
        say("progress", step=step, total_steps=plan.total_steps, percent=percent, seconds_left=1.0, train_loss=1 / step)
        end(way)
    folder.adapter.mkdir()
    layer, rank = "base_model.model.model.layers.0.self_attn.q_proj", plan.shape.rank
    write_tensors(folder.adapter / "adapter_model.safetensors", {f"{layer}.lora_A.weight": [rank, 8], f"{layer}.lora_B.weight": [8, rank]})
    (folder.adapter / "adapter_config.json").write_text(json.dumps({"r": plan.shape.rank, "base_model_name_or_path": plan.base}))
    examples = json.loads(folder.examples.read_text()) if folder.examples.exists() else []
    folder.scores.write_text(json.dumps([{"base": -2.0, "adapter": -0.1 * number} for number, _ in enumerate(examples)]))
    say("trained", steps=plan.total_steps, train_loss=0.1)


def end(way: str) -> None:
    if way == "hangs":
        threading.Event().wait(60)
    elif way == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif way == "full":
        say("failed", code="storage_full", message="There is no space left for the training's checkpoints.")
        sys.exit(1)
    elif way == "silent":
        sys.exit(3)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
