"""Direct preference optimization on a model of a few thousand parameters: what is learned, from where, and that it can be resumed."""

import json
import math
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, LlamaConfig

from services.training.data.encode import open_encoder
from services.training.data.preferences import validate_preferences
from services.training.data.validate import validate_dataset
from services.training.planning.execution import read_execution
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import Plan, write_plan
from services.training.supervision.save_memory import save_memory
from services.training.trainer.checkpoints import find_checkpoint
from services.training.trainer.messages import Message, Report
from services.training.trainer.train import train
from tests.unit.training.cases import dataset_of, make_facts, make_model_folder, make_pairs, make_plan, pairs_of

BETA = 0.1
STEPS = 6

pytestmark = pytest.mark.timeout(900)  # the cores may be busy with other work


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    make_model_folder(folder)
    shape: dict[str, Any] = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    torch.manual_seed(0)
    model: Any = AutoModelForCausalLM
    model.from_config(LlamaConfig(vocab_size=258, num_key_value_heads=1, eos_token_id=257, bos_token_id=256, **shape)).save_pretrained(
        folder
    )
    return folder


def prepare(folder: Path, base: Path, start: Path | None = None, **changes: Any) -> Plan:
    """Write the tokens of 12 pairs, and the adapter `start` to continue from, to `folder`; return the plan of two epochs over them."""
    folder.mkdir()
    job = JobFolder(folder)
    job.dataset("training").write_text(pairs_of(make_pairs(12)))
    validate_preferences(job.dataset("training"), job.tokens("training"), open_encoder(base), 500, param="training_file")
    if start:
        shutil.copytree(start, job.start)
    return make_plan(**{"beta": BETA, "learning_rate": 0.01, **changes})


def run(folder: Path, base: Path, plan: Plan, report: Report | None = None, pause: threading.Event | None = None) -> dict[str, Any] | None:
    """Train by a plan whose tokens are in `folder`; return the metrics. Only the messages about steps are reported."""

    def report_steps(message: Message) -> None:
        if report and message.kind == "progress":
            report(message)

    return train(plan, JobFolder(folder), base, report_steps, pause or threading.Event())


def losses(messages: list[Message]) -> list[float]:
    return [message.fields["train_loss"] for message in messages]


def read_adapter(folder: Path, name: str = "adapter") -> dict[str, torch.Tensor]:
    return load_file(folder / name / "adapter_model.safetensors")


def are_equal(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def score(base: Path, tokens: Path, adapter: Path | None = None) -> list[list[float]]:
    """Return the log-probability of both answers of each pair, computed one by one from the logits of the whole chat."""
    loader: Any = AutoModelForCausalLM
    model = loader.from_pretrained(base, dtype=torch.float32)
    model = PeftModel.from_pretrained(model, adapter) if adapter else model
    return [
        [_score(model, ids, labels) for ids, labels in zip(pair["input_ids"], pair["labels"], strict=True)]
        for pair in map(json.loads, tokens.read_text().splitlines())
    ]


def _score(model: Any, ids: list[int], labels: list[int]) -> float:
    with torch.no_grad():
        scores = torch.log_softmax(model(input_ids=torch.tensor([ids])).logits[0], dim=-1)
    return sum(float(scores[position - 1, label]) for position, label in enumerate(labels) if label != -100)


def margins(scores: list[list[float]]) -> list[float]:
    return [preferred - other for preferred, other in scores]


def test_the_preferred_answers_become_more_probable_than_the_others(base: Path, tmp_path: Path) -> None:
    messages: list[Message] = []
    plan = prepare(tmp_path / "job", base, validation=True)
    folder = JobFolder(tmp_path / "job")
    shutil.copy(folder.tokens("training"), folder.tokens("validation"))
    metrics = run(tmp_path / "job", base, plan, messages.append)
    assert metrics
    before, after = (score(base, folder.tokens("training"), adapter) for adapter in (None, folder.adapter))
    gains = [new - old for new, old in zip(margins(after), margins(before), strict=True)]
    assert min(gains) > 0
    assert json.loads(folder.references("training").read_text()) == [pytest.approx(pair, rel=1e-4) for pair in before]
    assert metrics["first_loss"] == pytest.approx(math.log(2), abs=1e-4)  # the model has not moved from the reference
    expected = sum(math.log1p(math.exp(-BETA * gain)) for gain in gains) / len(gains)
    assert metrics["valid_loss"] == pytest.approx(expected, rel=1e-3)
    assert (metrics["valid_reward_accuracy"], metrics["valid_reward_margin"]) == (
        1,
        pytest.approx(BETA * sum(gains) / len(gains), rel=1e-3),
    )
    trained = [message.fields for message in messages if "train_loss" in message.fields]
    assert [fields["step"] for fields in trained] == list(range(1, STEPS + 1))
    assert all(fields["train_reward_accuracy"] in (0, 0.25, 0.5, 0.75, 1) for fields in trained)
    assert [fields["step"] for fields in (message.fields for message in messages) if "valid_reward_margin" in fields] == [3, 6]
    assert not [name for message in messages for name in message.fields if "token_accuracy" in name]


def test_a_step_has_the_same_loss_however_its_batch_is_split(base: Path, tmp_path: Path) -> None:
    measured = []
    for name in ("whole", "split"):
        folder = JobFolder(tmp_path / name)
        plan = prepare(folder.path, base, batch_size=8, steps_per_epoch=2, epochs=1, warmup_steps=0)  # the last batch has four pairs
        write_plan(plan, folder)
        if name == "split":
            shutil.copy(tmp_path / "whole" / "execution.json", folder.execution)
            save_memory(folder)
            save_memory(folder)
        messages: list[Message] = []
        run(folder.path, base, plan, messages.append)
        measured.append(losses(messages))
    executions = [read_execution(JobFolder(tmp_path / name)) for name in ("whole", "split")]
    assert [each.micro_batch for each in executions if each] == [4, 1]
    assert measured[0][1] < measured[0][0]
    assert measured[1] == pytest.approx(measured[0], rel=1e-3)


def test_a_supervised_training_is_continued_from_its_adapter_also_after_a_pause_and_a_kill(base: Path, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    first = JobFolder(tmp_path / "first")
    first.dataset("training").write_text(dataset_of(make_facts(12)))
    validate_dataset(first.dataset("training"), first.tokens("training"), open_encoder(base), 500, param="training_file")
    run(tmp_path / "first", base, make_plan(learning_rate=0.05, epochs=1))
    whole, killed = [prepare(tmp_path / name, base, start=first.adapter, checkpoint_seconds=0.001) for name in ("whole", "killed")]
    metrics = run(tmp_path / "whole", base, whole)
    folder = JobFolder(tmp_path / "whole")
    before, after = (score(base, folder.tokens("training"), adapter) for adapter in (first.adapter, folder.adapter))
    assert metrics
    assert metrics["first_loss"] == pytest.approx(math.log(2), abs=1e-4)
    assert json.loads(folder.references("training").read_text()) == [pytest.approx(pair, rel=1e-4) for pair in before]
    assert sum(margins(after)) > sum(margins(before))
    pause_while_references_are_measured(tmp_path / "killed", base, killed)
    kill_at_the_fourth_step(tmp_path / "killed", base, killed)
    run(tmp_path / "killed", base, killed)
    for name in ("adapter", "epochs/step-3"):
        assert are_equal(read_adapter(tmp_path / "whole", name), read_adapter(tmp_path / "killed", name))


def pause_while_references_are_measured(folder: Path, base: Path, plan: Plan) -> None:
    pause = threading.Event()
    pause.set()
    assert run(folder, base, plan, pause=pause) is None
    assert not JobFolder(folder).references("training").exists()


def kill_at_the_fourth_step(folder: Path, base: Path, plan: Plan) -> None:
    def interrupt(message: Message) -> None:
        if message.fields["step"] == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(folder, base, plan, interrupt)
    assert find_checkpoint(JobFolder(folder).checkpoints)
