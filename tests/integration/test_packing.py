"""Packing on a model of a few thousand parameters: examples in a row do not see each other, the loss is the same, and it can be resumed."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, LlamaConfig

from services.training.data.encode import open_encoder
from services.training.data.validate import validate_dataset
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import Plan, write_plan
from services.training.supervision.save_memory import save_memory
from services.training.trainer.configure import load_model
from services.training.trainer.failures import PackingNotSupported, explain_failure
from services.training.trainer.messages import Message
from services.training.trainer.packing import MAX_ROW, build_row, check_isolation, choose_capacity, pack
from services.training.trainer.train import build_trainer, train
from tests.unit.training.cases import dataset_of, make_model_folder, make_plan

pytestmark = pytest.mark.timeout(900)  # the cores may be busy with other work


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    make_model_folder(folder)
    shape: dict[str, Any] = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    torch.manual_seed(0)
    config = LlamaConfig(vocab_size=258, num_key_value_heads=1, eos_token_id=257, bos_token_id=256, **shape)
    model: Any = AutoModelForCausalLM
    model.from_config(config).save_pretrained(folder)
    return folder


def prepare(folder: Path, base: Path, **changes: Any) -> Plan:
    """Write the tokens of 12 examples of very different lengths to `folder`; return the plan of two epochs over them."""
    folder.mkdir()
    facts = {f"Why {number}? " + "word " * (1 if number % 4 else 40): f"No. {number}" for number in range(12)}
    (folder / "file.jsonl").write_text(dataset_of(facts))
    validate_dataset(folder / "file.jsonl", JobFolder(folder).tokens("training"), open_encoder(base), 500, param="training_file")
    return make_plan(**{"packing": True, "learning_rate": 0.01, **changes})


def ignore(_: Message) -> None:
    """Report nothing."""


def read_examples(folder: Path) -> list[dict[str, list[int]]]:
    return [json.loads(line) for line in JobFolder(folder).tokens("training").read_text().splitlines()]


def test_rows_hold_every_example_once_and_no_more_tokens_than_fit() -> None:
    lengths = [5, 300, 40, 40, 7, 120, 250, 9]
    rows = pack(lengths, 300)
    assert sorted(position for row in rows for position in row) == list(range(len(lengths)))
    assert [sum(lengths[position] for position in row) for row in rows] == [300, 299, 172]
    assert pack([10, 400], 300) == [[1], [0]]
    assert pack([], 300) == []


@pytest.mark.parametrize("micro_batch", [1, 4])
def test_an_example_that_is_very_long_shares_its_row_with_no_other(micro_batch: int) -> None:
    lengths = [20_000, 9000, 3000, 900, 200]
    rows = pack(lengths, choose_capacity(micro_batch, max(lengths)))
    assert rows == [[0], [1], [2, 3], [4]]
    assert max(sum(lengths[position] for position in row) for row in rows if len(row) > 1) <= MAX_ROW


def test_a_packed_row_has_the_loss_of_its_examples_one_by_one(base: Path, tmp_path: Path) -> None:
    plan = prepare(tmp_path / "job", base)
    trainer: Any = build_trainer(plan, JobFolder(tmp_path / "job"), base, ignore)
    assert type(trainer).__name__ == "PackingTrainer"
    for batch in trainer.get_train_dataloader():
        rows = batch["rows"]
        labels = int(trainer._get_num_items_in_batch([batch], torch.device("cpu")))
        expected = 0.0
        for row in rows:
            starts = [number for number, position in enumerate(row["position_ids"][0].tolist()) if position == 0]
            for start, end in zip(starts, [*starts[1:], row["input_ids"].shape[1]], strict=True):
                ids, learned = row["input_ids"][:, start:end], row["labels"][0, start + 1 : end]
                with torch.no_grad():
                    logits = trainer.model(input_ids=ids).logits[0, :-1].float()
                expected += float(torch.nn.functional.cross_entropy(logits, learned, ignore_index=-100, reduction="sum"))
        trainer.model.eval()
        with torch.no_grad():
            loss = sum(float(trainer.compute_loss(trainer.model, dict(row), num_items_in_batch=labels)) for row in rows)
        assert loss == pytest.approx(expected / labels, rel=2e-3)  # the training may compute in bf16


def test_each_step_has_the_examples_of_a_batch_in_few_rows(base: Path, tmp_path: Path) -> None:
    plan = prepare(tmp_path / "job", base)
    trainer: Any = build_trainer(plan, JobFolder(tmp_path / "job"), base, ignore)
    assert (trainer.args.per_device_train_batch_size, trainer.args.gradient_accumulation_steps) == (4, 1)
    batches = [batch["rows"] for batch in trainer.get_train_dataloader()]
    assert [sum(int((row["position_ids"] == 0).sum()) for row in rows) for rows in batches] == [4, 4, 4]
    assert min(len(rows) for rows in batches) < 4
    tokens = sum(row["input_ids"].shape[1] for rows in batches for row in rows)
    assert tokens == sum(len(example["input_ids"]) for example in read_examples(tmp_path / "job"))


def test_a_packed_training_that_is_interrupted_ends_with_the_same_weights(base: Path, tmp_path: Path) -> None:
    whole, paused = [prepare(tmp_path / name, base) for name in ("whole", "paused")]
    metrics = train(whole, JobFolder(tmp_path / "whole"), base, ignore, threading.Event())
    assert metrics
    assert metrics["train_loss"] < metrics["first_loss"]
    pause = threading.Event()
    pause.set()
    assert train(paused, JobFolder(tmp_path / "paused"), base, ignore, pause) is None
    assert train(paused, JobFolder(tmp_path / "paused"), base, ignore, threading.Event())
    weights = [load_file(JobFolder(tmp_path / name).adapter / "adapter_model.safetensors") for name in ("whole", "paused")]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_after_memory_ran_out_the_rows_are_shorter_and_the_batches_the_same(base: Path, tmp_path: Path) -> None:
    plan, folder = prepare(tmp_path / "job", base), JobFolder(tmp_path / "job")
    write_plan(plan, folder)
    steps, counts = [], []
    for _ in range(3):
        trainer: Any = build_trainer(plan, folder, base, ignore)
        batches = [batch["rows"] for batch in trainer.get_train_dataloader()]
        steps.append([sorted(token for row in rows for token in row["input_ids"][0].tolist()) for rows in batches])
        counts.append(sum(map(len, batches)))
        save_memory(folder)
    assert steps[0] == steps[1] == steps[2]
    assert counts[0] < counts[2]


def test_validation_is_not_packed(base: Path, tmp_path: Path) -> None:
    folder = JobFolder(tmp_path / "job")
    losses = []
    for packing in (True, False):
        if not packing:
            folder = JobFolder(tmp_path / "other")
        plan = prepare(folder.path, base, validation=True, packing=packing)
        folder.tokens("validation").write_text(folder.tokens("training").read_text())
        trainer: Any = build_trainer(plan, folder, base, ignore)
        losses.append(trainer.evaluate()["eval_loss"])
    assert losses[0] == losses[1]


def test_a_model_that_lets_examples_see_each_other_is_refused(base: Path) -> None:
    model: Any = load_model(base, bf16=False)
    check_isolation(model, [1, 2, 3, 4], 258)
    model.model.register_forward_pre_hook(lambda _, args, kwargs: (args, {**kwargs, "position_ids": None}), with_kwargs=True)
    with pytest.raises(PackingNotSupported) as caught:
        check_isolation(model, [1, 2, 3, 4], 258)
    assert explain_failure(caught.value).fields["code"] == "packing_not_supported"
    assert build_row([{"input_ids": [5, 6], "labels": [-100, 6]}, {"input_ids": [7], "labels": [7]}])["position_ids"].tolist() == [
        [0, 1, 0]
    ]
