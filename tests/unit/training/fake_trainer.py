"""A training process without torch that reports steps and writes an adapter.

    python -m tests.unit.training.fake_trainer <behavior> <job folder> <base model>

Behaviors: `succeeds`; `overfits` has its lowest validation loss after the first epoch; `hangs` after its first step; `stalls` hangs too,
but not in the process that is started next, and `stalls_twice` not in the third; `pauses` waits after its first step for the signal to
pause; `killed`, `full` and `silent` fail after their first step: killed by the system, with a full disk, or without a message;
`fails_late` has written a checkpoint by then. `large` runs out of memory after its first step if it computes more than one example at a
time, and `too_large` always does.
"""

import json
import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

from services.training.planning.execution import read_execution
from services.training.planning.job_folder import ANSWERS, SCORES, JobFolder
from services.training.planning.plan import Plan, read_plan
from services.training.trainer.epochs.adapters import list_epoch_ends, write_epoch
from services.training.trainer.epochs.validation import Validation, find_best, has_stopped_early
from services.training.trainer.failures import explain_failure
from services.training.trainer.fence import PAUSE, start_fence
from services.training.trainer.messages import Message, format_message
from services.training.trainer.process import keep_step
from tests.unit.training.cases import add_checkpoints, write_tensors

STALLS = {"stalls": 1, "stalls_twice": 2}  # how many processes hang


def report(kind: str, **fields: object) -> None:
    print(format_message(Message(kind, fields)), flush=True)  # type: ignore[arg-type]


def main(behavior: str, path: str, base: str) -> None:
    start_fence()
    folder = JobFolder(Path(path))
    plan = read_plan(folder)
    (folder.path / "pid").write_text(str(os.getpid()))
    print("Loading weights: 100%")
    print("something went wrong in layer 3", file=sys.stderr, flush=True)
    validations: list[Validation] = []
    for step in range(1, plan.total_steps + 1):
        percent = 100 * step / plan.total_steps
        fields = {"step": step, "total_steps": plan.total_steps, "percent": percent, "seconds_left": 1.0, "train_loss": 1 / step}
        if plan.validation and step % plan.steps_per_epoch == 0:
            validations.append(Validation(step, step / 10 if behavior == "overfits" else 1 / step))
            fields["valid_loss"] = validations[-1].loss
        keep_step(folder.steps, fields)
        report("progress", **fields)
        behave(behavior, folder)
        if step in list_epoch_ends(plan):
            write_epoch(folder.epochs, step, partial(write_adapter, folder, plan, base))
            if answers := make_answers(folder):
                report("answers", step=step, answers=answers)
        if has_stopped_early(plan, validations):
            break
    folder.adapter.mkdir(exist_ok=True)
    if behavior == "writes_events":
        folder.event_file.write_text("events")
    write_adapter(folder, plan, base, folder.adapter)
    write_effect(folder)
    best = find_best(validations)
    validated = {"best_step": best.step, "valid_loss": best.loss} if best else {}
    report("trained", steps=step, train_loss=0.1, **validated)


def write_adapter(folder: JobFolder, plan: Plan, base: str, target: Path) -> None:
    layer, rank = "base_model.model.model.layers.0.self_attn.q_proj", plan.shape.rank
    write_tensors(target / "adapter_model.safetensors", {f"{layer}.lora_A.weight": [rank, 8], f"{layer}.lora_B.weight": [8, rank]})
    (target / "adapter_config.json").write_text(json.dumps({"r": plan.shape.rank, "base_model_name_or_path": base}))
    examples = json.loads(folder.evidence_examples.read_text()) if folder.evidence_examples.exists() else []
    (target / ANSWERS).write_text(json.dumps(make_answers(folder)))
    (target / SCORES).write_text(json.dumps([score(number) for number, _ in enumerate(examples)]))


def score(number: int) -> dict[str, float]:
    return {"base": -2.0, "adapter": -0.1 * number, "difference": 0.25, "noise": 0.125, "tokens": 4}


def make_answers(folder: JobFolder) -> list[dict[str, str]]:
    questions = json.loads(folder.questions.read_text()) if folder.questions.exists() else []
    return [{"prompt": each["prompt"], "expected": "No.", "answer": "Yes.", "finish_reason": "stop"} for each in questions]


def write_effect(folder: JobFolder) -> None:
    samples = json.loads(folder.effect_samples.read_text())["samples"] if folder.effect_samples.exists() else {}
    sizes = {name: {"tokens": sum(len(each["learned"]) for each in sample), "answers": len(sample)} for name, sample in samples.items()}
    before, after = (
        {name: {**size, "loss": loss, "mean_token_accuracy": hits, "exact_match": hits / 2} for name, size in sizes.items()}
        for loss, hits in ((3.0, 0.25), (2.0, 0.75))
    )
    folder.effect.write_text(json.dumps({"before": before, "after": after}))


def behave(behavior: str, folder: JobFolder) -> None:
    if behavior == "hangs" or count_stalls(folder) < STALLS.get(behavior, 0):
        with (folder.path / "stalls").open("a") as stalls:
            stalls.write(".")
        threading.Event().wait(60)
    elif behavior == "pauses":
        signal.pthread_sigmask(signal.SIG_BLOCK, [PAUSE])
        report("alive")
        signal.sigwait([PAUSE])
        report("checkpoint", step=1)
        report("paused")
        sys.exit()
    elif behavior == "fails_late":
        add_checkpoints(folder, 1)
        report("failed", code="storage_failed", message="The disk is gone.")
        sys.exit(1)
    elif behavior == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif behavior == "full":
        report("failed", code="storage_full", message="There is no space left for the training's checkpoints.")
        sys.exit(1)
    elif behavior == "too_large" or (behavior == "large" and computes_several(folder)):
        report("failed", **explain_failure(MemoryError()).fields)
        sys.exit(1)
    elif behavior == "silent":
        sys.exit(3)


def count_stalls(folder: JobFolder) -> int:
    stalls = folder.path / "stalls"
    return len(stalls.read_text()) if stalls.exists() else 0


def computes_several(folder: JobFolder) -> bool:
    execution = read_execution(folder)
    return execution is not None and execution.micro_batch > 1


if __name__ == "__main__":
    main(*sys.argv[1:])
