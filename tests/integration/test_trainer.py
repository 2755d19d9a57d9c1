"""Training itself, on a model of a few thousand parameters: what is learned, in what order, and that it can be resumed."""

import itertools
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
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, TrainerControl, TrainerState

from services.training.data.encode import open_encoder
from services.training.data.validate import validate_dataset
from services.training.planning.execution import read_execution
from services.training.planning.job_folder import SCORES, JobFolder
from services.training.planning.plan import LoraShape, Plan, write_plan
from services.training.publishing.answers import choose_questions, read_answers
from services.training.publishing.effect import choose_effect_samples, describe_effect
from services.training.publishing.evidence import choose_evidence_examples
from services.training.supervision.open_folder import keep_what_is_needed
from services.training.supervision.save_memory import save_memory
from services.training.trainer import execution
from services.training.trainer import train as train_module
from services.training.trainer.batches import LengthGroupedSampler
from services.training.trainer.callbacks import ProgressCallback
from services.training.trainer.checkpoints import find_checkpoint
from services.training.trainer.configure import load_model
from services.training.trainer.epochs import answers as answers_module
from services.training.trainer.epochs import keep, log_probabilities
from services.training.trainer.epochs.answers import AnswerTime, answer_questions
from services.training.trainer.epochs.log_probabilities import measure_effect
from services.training.trainer.failures import LossNotFinite
from services.training.trainer.messages import Message, Report
from services.training.trainer.train import build_trainer, train
from shared.contracts.training_effect import TrainingEffect
from tests.unit.training.cases import dataset_of, make_facts, make_model_folder, make_plan

STEPS = 6

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
    """Write the tokens of 12 examples to `folder`; return the plan of two epochs over them."""
    folder.mkdir()
    (folder / "file.jsonl").write_text(dataset_of(make_facts(12)))
    validate_dataset(folder / "file.jsonl", JobFolder(folder).tokens("training"), open_encoder(base), 500, param="training_file")
    return make_plan(**changes)


def run(folder: Path, base: Path, plan: Plan, report: Report) -> dict[str, Any]:
    """Train by a plan whose tokens are in `folder`; return the metrics. Only the messages about steps are reported."""
    metrics = run_until_pause(folder, base, plan, report, threading.Event())
    assert metrics is not None
    return metrics


def run_until_pause(folder: Path, base: Path, plan: Plan, report: Report, pause: threading.Event) -> dict[str, Any] | None:
    """Train like `run`, but end with a checkpoint once `pause` is set."""

    def report_steps(message: Message) -> None:
        if message.kind == "progress":
            report(message)

    return train(plan, JobFolder(folder), base, report_steps, pause)


def build(folder: Path, base: Path, plan: Plan) -> Any:
    """Return the trainer of a plan whose tokens are in `folder`."""
    return build_trainer(plan, JobFolder(folder), base, ignore)


def ignore(_: Message) -> None:
    """Report nothing."""


def losses(messages: list[Message]) -> list[float]:
    return [message.fields["train_loss"] for message in messages]


def test_labels_reach_the_model_unchanged(base: Path, tmp_path: Path) -> None:
    plan = prepare(tmp_path / "job", base)
    stored = [json.loads(line) for line in JobFolder(tmp_path / "job").tokens("training").read_text().splitlines()]
    expected = {tuple(example["input_ids"]): example["labels"] for example in stored}
    seen = 0
    for batch in build(tmp_path / "job", base, plan).get_train_dataloader():
        for ids, labels, mask in zip(batch["input_ids"], batch["labels"], batch["attention_mask"], strict=True):
            is_token = mask.bool()
            assert labels[is_token].tolist() == expected[tuple(ids[is_token].tolist())]
            assert set(labels[~is_token].tolist()) <= {-100}
            seen += 1
    assert seen == 12


def test_the_loss_is_the_cross_entropy_of_the_labels_alone(base: Path, tmp_path: Path) -> None:
    plan = prepare(tmp_path / "job", base)
    trainer = build(tmp_path / "job", base, plan)
    batch = next(iter(trainer.get_train_dataloader()))
    logits = trainer.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[:, :-1].float()
    expected = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch["labels"][:, 1:].flatten(), ignore_index=-100)
    loss = trainer.compute_loss(trainer.model, dict(batch))
    assert loss.item() == pytest.approx(expected.item(), rel=1e-4)


def test_a_norm_of_the_gradients_that_is_no_number_is_left_out_because_json_has_none() -> None:
    messages: list[Message] = []
    callback, state = ProgressCallback(make_plan(), 100, messages.append), TrainerState(global_step=1)
    arguments: Any = None
    for norm in (math.inf, math.nan, 0.5):
        callback.on_log(arguments, state, TrainerControl(), logs={"loss": 2.0, "grad_norm": norm, "learning_rate": 0.1})
    assert [message.fields.get("grad_norm") for message in messages] == [None, None, 0.5]
    assert {message.fields["learning_rate"] for message in messages} == {0.1}


def test_training_learns_and_reports_each_step(base: Path, tmp_path: Path) -> None:
    messages: list[Message] = []
    plan = prepare(tmp_path / "job", base, epochs=8, learning_rate=0.05)
    metrics = run(tmp_path / "job", base, plan, messages.append)
    assert [message.fields["step"] for message in messages] == list(range(1, 25))
    assert messages[-1].fields["percent"] == 100
    assert all(0 <= message.fields["train_mean_token_accuracy"] <= 1 for message in messages)
    assert all(message.fields["grad_norm"] > 0 and message.fields["tokens_per_second"] > 0 for message in messages)
    rates = [message.fields["learning_rate"] for message in messages]
    assert max(rates) == pytest.approx(0.05)
    assert rates[-1] < rates[12] < rates[4]
    peaks = [message.fields["peak_memory_bytes"] for message in messages]
    assert 10_000_000 < peaks[0] <= peaks[-1] <= metrics["peak_memory_bytes"]
    assert metrics["train_loss"] < metrics["first_loss"] - 0.1
    files = {path.name for path in JobFolder(tmp_path / "job").adapter.iterdir()}
    assert {"adapter_model.safetensors", "adapter_config.json"} <= files


def test_a_training_resumed_by_another_attempt_ends_with_the_same_weights(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, resumed = [prepare(tmp_path / name, base, checkpoint_seconds=0.001) for name in ("whole", "resumed")]
    expected: list[Message] = []
    run(tmp_path / "whole", base, whole, expected.append)
    messages: list[Message] = []

    def interrupt(message: Message) -> None:
        if message.fields["step"] == 5:
            raise KeyboardInterrupt
        messages.append(message)

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "resumed", base, resumed, interrupt)
    checkpoint = find_checkpoint(JobFolder(tmp_path / "resumed").checkpoints)
    assert checkpoint
    assert checkpoint.name == "checkpoint-4"
    # The next worker has less memory, and would split a batch otherwise.
    monkeypatch.setattr(execution, "free_memory", lambda: 1)
    run(tmp_path / "resumed", base, resumed, messages.append)
    assert [message.fields["step"] for message in messages] == list(range(1, STEPS + 1))
    assert losses(messages) == losses(expected)
    for path in ("adapter", "epochs/step-3"):
        weights = [load_file(tmp_path / name / path / "adapter_model.safetensors") for name in ("whole", "resumed")]
        assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_with_what_is_kept_of_a_failed_job_a_retry_ends_with_the_same_weights(base: Path, tmp_path: Path) -> None:
    changes: dict[str, Any] = {"checkpoint_seconds": 0.001, "epochs": 3}
    plans = [prepare(tmp_path / name, base, **changes) for name in ("whole", "failed")]
    run(tmp_path / "whole", base, plans[0], ignore)
    folder = JobFolder(tmp_path / "failed")

    def fail(message: Message) -> None:
        if message.fields["step"] == 5:
            raise LossNotFinite

    with pytest.raises(LossNotFinite):
        run(folder.path, base, plans[1], fail)
    for name in ("step-6", ".12345"):  # one of a later epoch, one that was not written to its end
        shutil.copytree(folder.epochs / "step-3", folder.epochs / name)
    keep_what_is_needed(folder)
    assert [path.name for path in folder.checkpoints.glob("*/*")] == ["checkpoint-4"]
    assert [path.name for path in folder.epochs.iterdir()] == ["step-3"]
    assert not folder.tokens("training").exists()
    validate_dataset(folder.path / "file.jsonl", folder.tokens("training"), open_encoder(base), 500, param="training_file")
    run(folder.path, base, plans[1], ignore)
    for part in ("adapter", "epochs/step-3", "epochs/step-6"):
        assert are_equal(*(read_weights(tmp_path / name / part) for name in ("whole", "failed")))


def test_a_training_that_computes_fewer_examples_at_a_time_after_memory_ran_out_goes_on_with_the_same_batches(
    base: Path, tmp_path: Path
) -> None:
    whole, halved = [prepare(tmp_path / name, base, learning_rate=0.01) for name in ("whole", "halved")]
    expected: list[Message] = []
    run(tmp_path / "whole", base, whole, expected.append)
    write_plan(halved, JobFolder(tmp_path / "halved"))
    messages: list[Message] = []
    pause = threading.Event()
    for sizes in ((4, 4), (2, 4), (1, 4)):
        pause.set()
        run_until_pause(tmp_path / "halved", base, halved, messages.append, pause)
        stored = read_execution(JobFolder(tmp_path / "halved"))
        assert stored
        assert (stored.micro_batch, stored.group) == sizes
        save_memory(JobFolder(tmp_path / "halved"))
    run(tmp_path / "halved", base, halved, messages.append)
    assert losses(messages) == pytest.approx(losses(expected), rel=2e-4)


def test_each_step_has_the_same_examples_however_its_batch_is_split(base: Path, tmp_path: Path) -> None:
    plan, folder = prepare(tmp_path / "job", base), JobFolder(tmp_path / "job")
    write_plan(plan, folder)
    steps = []
    for parts in (1, 2, 4):
        trainer = build(folder.path, base, plan)
        batches = [
            {tuple(ids[ids != trainer.processing_class.pad_token_id].tolist()) for ids in batch["input_ids"]}
            for batch in trainer.get_train_dataloader()
        ]
        assert trainer.args.gradient_accumulation_steps == parts
        steps.append([set().union(*batches[start : start + parts]) for start in range(0, len(batches), parts)])
        save_memory(folder)
    assert [len(examples) for examples in steps[0]] == [4, 4, 4]
    assert steps[0] == steps[1] == steps[2]


def test_the_memory_that_is_left_after_the_model_was_loaded_decides_how_much_is_computed_at_a_time(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, folder = prepare(tmp_path / "job", base), JobFolder(tmp_path / "job")
    order: list[str] = []

    def load_and_note(path: Path, bf16: bool, load_in_4bit: bool) -> Any:
        order.append("loaded")
        return load_model(path, bf16, load_in_4bit)

    def measure_and_note() -> int:
        order.append("measured")
        return plan.activation_bytes  # 60 % of it are enough for two of four examples

    monkeypatch.setattr(train_module, "load_model", load_and_note)
    monkeypatch.setattr(execution, "free_memory", measure_and_note)
    trainer = build(tmp_path / "job", base, plan)
    assert order == ["loaded", "measured"]
    assert (trainer.args.per_device_train_batch_size, trainer.args.gradient_accumulation_steps) == (2, 2)
    assert read_execution(folder) == trainer.execution


def test_the_adapter_of_an_earlier_epoch_is_kept_and_keeping_it_changes_nothing(base: Path, tmp_path: Path) -> None:
    plan = prepare(tmp_path / "job", base, warmup_steps=0, shape=LoraShape(4, 8.0, 0.2))
    folder = JobFolder(tmp_path / "job")
    folder.dataset("training").write_text(dataset_of(make_facts(12)))
    run(tmp_path / "job", base, plan, ignore)
    shutil.copytree(folder.path, tmp_path / "measured", ignore=shutil.ignore_patterns("adapter", "epochs", "checkpoints"))
    choose_evidence_examples(JobFolder(tmp_path / "measured"), open_encoder(base), 3, 500)
    choose_questions(JobFolder(tmp_path / "measured"), open_encoder(base))
    run(tmp_path / "measured", base, plan, ignore)
    for path in ("adapter", "epochs/step-3"):
        weights = [load_file(tmp_path / name / path / "adapter_model.safetensors") for name in ("job", "measured")]
        assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
    first, final = [load_file(path / "adapter_model.safetensors") for path in (folder.epochs / "step-3", folder.adapter)]
    assert first.keys() == final.keys()
    assert not all(torch.equal(first[name], final[name]) for name in first)
    scores = [json.loads((path / SCORES).read_text()) for path in ((tmp_path / "measured/epochs/step-3"), (tmp_path / "measured/adapter"))]
    assert [score["base"] for score in scores[0]] == [score["base"] for score in scores[1]]
    assert [score["adapter"] for score in scores[0]] != [score["adapter"] for score in scores[1]]


EXTENSIONS: dict[str, Any] = {
    "shape": LoraShape(rank=4, alpha=8.0, dropout=0.2, use_rslora=True, target_modules=("q_proj", "down_proj")),
    "scheduler": "cosine",
    "weight_decay": 0.1,
    "min_parts": 2,
}


def test_a_paused_training_with_every_extension_ends_with_the_same_weights(base: Path, tmp_path: Path) -> None:
    whole, paused = [prepare(tmp_path / name, base, **EXTENSIONS) for name in ("whole", "paused")]
    run(tmp_path / "whole", base, whole, ignore)
    pause = threading.Event()
    pause.set()
    for _ in range(STEPS - 1):
        assert run_until_pause(tmp_path / "paused", base, paused, ignore, pause) is None
    run(tmp_path / "paused", base, paused, ignore)
    weights = [load_file(JobFolder(tmp_path / name).adapter / "adapter_model.safetensors") for name in ("whole", "paused")]
    assert {name.split(".")[-3] for name in weights[0]} == {"q_proj", "down_proj"}
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
    config = json.loads((JobFolder(tmp_path / "paused").adapter / "adapter_config.json").read_text())
    assert (config["use_rslora"], config["lora_alpha"], sorted(config["target_modules"])) == (True, 8.0, ["down_proj", "q_proj"])


def test_the_trainer_has_every_extension(base: Path, tmp_path: Path) -> None:
    trainer = build(tmp_path / "job", base, prepare(tmp_path / "job", base, **EXTENSIONS))
    layer = trainer.model.base_model.model.model.layers[0].self_attn.q_proj
    assert layer.scaling["default"] == 8.0 / math.sqrt(4)
    assert layer.lora_dropout["default"].p == 0.2
    assert (trainer.args.per_device_train_batch_size, trainer.args.gradient_accumulation_steps) == (2, 2)
    trainer.create_optimizer_and_scheduler(STEPS)
    assert {group["weight_decay"] for group in trainer.optimizer.param_groups if group["params"]} == {0.1}


@pytest.mark.parametrize(
    ("scheduler", "expected"),
    [("linear", [0, 1, 0.8, 0.6, 0.4, 0.2]), ("cosine", [0, 1, 0.905, 0.655, 0.345, 0.095]), ("constant", [0, 1, 1, 1, 1, 1])],
)
def test_the_learning_rate_follows_the_scheduler_after_the_warm_up(
    base: Path, tmp_path: Path, scheduler: str, expected: list[float]
) -> None:
    trainer = build(tmp_path / "job", base, prepare(tmp_path / "job", base, scheduler=scheduler))
    trainer.create_optimizer_and_scheduler(STEPS)
    rates = []
    for _ in range(STEPS):
        rates.append(trainer.lr_scheduler.get_last_lr()[0] / 1e-3)
        trainer.optimizer.step()
        trainer.lr_scheduler.step()
    assert rates == pytest.approx(expected, abs=1e-3)


def test_a_continued_training_begins_with_the_weights_of_the_earlier_one_and_can_be_paused(base: Path, tmp_path: Path) -> None:
    plan = prepare(tmp_path / "first", base, epochs=1, learning_rate=0.05)
    run(tmp_path / "first", base, plan, ignore)
    start = JobFolder(tmp_path / "first").adapter
    still, whole, paused = [
        prepare(tmp_path / name, base, epochs=1, learning_rate=rate) for name, rate in (("still", 0.0), ("whole", 0.05), ("paused", 0.05))
    ]
    for name in ("still", "whole", "paused"):
        shutil.copytree(start, JobFolder(tmp_path / name).start)
    run(tmp_path / "still", base, still, ignore)
    run(tmp_path / "whole", base, whole, ignore)
    pause = threading.Event()
    pause.set()
    assert run_until_pause(tmp_path / "paused", base, paused, ignore, pause) is None
    run(tmp_path / "paused", base, paused, ignore)
    first, same, further, resumed = [
        load_file(JobFolder(tmp_path / name).adapter / "adapter_model.safetensors") for name in ("first", "still", "whole", "paused")
    ]
    assert first.keys() == same.keys() == further.keys()
    assert all(torch.equal(first[name], same[name]) for name in first)
    assert not any(torch.equal(first[name], further[name]) for name in first)
    assert all(torch.equal(further[name], resumed[name]) for name in first)


def test_a_paused_training_goes_on_from_where_it_was(base: Path, tmp_path: Path) -> None:
    whole, paused = [prepare(tmp_path / name, base) for name in ("whole", "paused")]
    run(tmp_path / "whole", base, whole, ignore)
    messages: list[Message] = []
    pause = threading.Event()

    def pause_at_the_second_step(message: Message) -> None:
        messages.append(message)
        if message.fields["step"] == 2:
            pause.set()

    assert run_until_pause(tmp_path / "paused", base, paused, pause_at_the_second_step, pause) is None
    assert find_checkpoint(JobFolder(tmp_path / "paused").checkpoints) is not None
    run(tmp_path / "paused", base, paused, messages.append)
    assert [message.fields["step"] for message in messages] == list(range(1, STEPS + 1))
    weights = [load_file(JobFolder(tmp_path / name).adapter / "adapter_model.safetensors") for name in ("whole", "paused")]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_a_loss_that_is_not_a_number_ends_the_training(base: Path, tmp_path: Path) -> None:
    with pytest.raises(LossNotFinite):
        run(tmp_path / "job", base, prepare(tmp_path / "job", base, learning_rate=1e30, warmup_steps=0), ignore)


def test_a_validation_set_is_measured_after_each_epoch(base: Path, tmp_path: Path) -> None:
    plan = prepare(tmp_path / "job", base, validation=True)
    folder = JobFolder(tmp_path / "job")
    folder.tokens("validation").write_text(folder.tokens("training").read_text())
    messages: list[Message] = []
    metrics = run(tmp_path / "job", base, plan, messages.append)
    assert [message.fields["step"] for message in messages if "valid_loss" in message.fields] == [3, 6]
    assert metrics["valid_loss"] > 0
    assert [0 <= message.fields["valid_mean_token_accuracy"] <= 1 for message in messages if "valid_loss" in message.fields] == [True] * 2


def prepare_overfitting(folder: Path, base: Path, **changes: Any) -> Plan:
    """Prepare a training whose loss on the validation file rises, because its answers have letters that no example has."""
    options = {"epochs": 8, "learning_rate": 0.05, "validation": True, "shape": LoraShape(4, 8.0, 0.2)}
    plan, job = prepare(folder, base, **{**options, **changes}), JobFolder(folder)
    (folder / "other.jsonl").write_text(dataset_of(dict.fromkeys(make_facts(3), "ZQXJ" * 10)))
    validate_dataset(folder / "other.jsonl", job.tokens("validation"), open_encoder(base), 500, param="validation_file", minimum=1)
    return plan


def read_weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "adapter_model.safetensors")


def are_equal(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def test_the_adapter_of_the_epoch_with_the_lowest_validation_loss_is_the_result(base: Path, tmp_path: Path) -> None:
    messages: list[Message] = []
    plan, folder = prepare_overfitting(tmp_path / "job", base, checkpoint_seconds=0.001), JobFolder(tmp_path / "job")
    choose_effect_samples(folder, base)
    metrics = run(folder.path, base, plan, messages.append)
    validated = {message.fields["step"]: message.fields["valid_loss"] for message in messages if "valid_loss" in message.fields}
    best = min(validated, key=lambda step: validated[step])
    assert list(validated) == list(range(3, 25, 3))
    assert best < 24
    assert (metrics["steps"], metrics["best_step"], metrics["valid_loss"]) == (24, best, round(validated[best], 4))
    assert {int(path.name.removeprefix("step-")) for path in folder.epochs.iterdir()} == {best, 18, 21, 24}
    assert are_equal(read_weights(folder.adapter), read_weights(folder.epochs / f"step-{best}"))
    assert not are_equal(read_weights(folder.adapter), read_weights(folder.epochs / "step-24"))
    effect = read_effect(folder)
    assert effect.validation
    assert effect.validation.loss.after == pytest.approx(validated[best], rel=1e-3)  # the effect is that of the result


def test_many_short_epochs_fill_no_disk_and_only_what_is_published_is_measured(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, folder = prepare_overfitting(tmp_path / "job", base, epochs=12, checkpoint_seconds=1e6), JobFolder(tmp_path / "job")
    folder.dataset("training").write_text(dataset_of(make_facts(12)))
    choose_evidence_examples(folder, open_encoder(base), 3, 500)
    measured: list[str] = []

    def measure(model: Any, source: Path, target: Path, start: Path) -> None:
        measured.append(target.parent.name)
        log_probabilities.measure_log_probabilities(model, source, target, start)

    monkeypatch.setattr(keep, "measure_log_probabilities", measure)
    counts: list[int] = []
    metrics = run(folder.path, base, plan, lambda _: counts.append(len(list(folder.epochs.glob("step-*")))))
    published = sorted({metrics["best_step"], 30, 33, 36})
    assert max(counts) <= len(published) + 1
    assert measured == [f"step-{step}" for step in published]
    scores = {step: json.loads((folder.epochs / f"step-{step}" / SCORES).read_text()) for step in published}
    assert json.loads((folder.adapter / SCORES).read_text()) == scores[metrics["best_step"]] != scores[33]
    model: Any = PeftModel.from_pretrained(load_model(base, bf16=False), folder.epochs / "step-33")
    log_probabilities.measure_log_probabilities(model, folder.evidence_examples, tmp_path / "again.json", folder.start)
    assert [each["adapter"] for each in json.loads((tmp_path / "again.json").read_text())] == pytest.approx(
        [each["adapter"] for each in scores[33]], abs=0.02
    )


def test_if_time_is_short_only_the_result_has_answers(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_module, "FREE_SECONDS", -1e6)
    plan, folder = prepare_overfitting(tmp_path / "job", base), JobFolder(tmp_path / "job")
    folder.dataset("training").write_text(dataset_of(make_facts(12)))
    choose_questions(folder, open_encoder(base))
    reported: list[Message] = []
    metrics = train(plan, folder, base, reported.append, threading.Event())
    assert metrics is not None
    assert [message.fields["step"] for message in reported if message.kind == "answers"] == [metrics["best_step"]]
    assert read_answers(folder.adapter) == read_answers(folder.epochs / f"step-{metrics['best_step']}") != []


def test_answers_take_a_small_share_of_the_time() -> None:
    now, answered = 0.0, []
    time = AnswerTime(lambda: now)
    for epoch in range(1000):
        now += 10
        if time.is_left():
            with time.spend():
                now += 2
            answered.append(epoch)
    assert answered[0] == 0
    assert 0.02 * now < 2 * len(answered) < 0.04 * now
    assert max(later - earlier for earlier, later in itertools.pairwise(answered)) < 10  # they are spread over the training


def test_a_training_that_stops_early_ends_with_the_same_weights_wherever_it_was_interrupted(base: Path, tmp_path: Path) -> None:
    plan = prepare_overfitting(tmp_path / "whole", base, patience=2)
    metrics = run(tmp_path / "whole", base, plan, ignore)
    assert metrics["steps"] == metrics["best_step"] + 6 < plan.total_steps
    prepare_overfitting(tmp_path / "interrupted", base)
    pause = threading.Event()
    pause.set()
    runs = 1
    while (resumed := run_until_pause(tmp_path / "interrupted", base, plan, ignore, pause)) is None:
        runs += 1
    assert runs == metrics["steps"]
    assert (resumed["steps"], resumed["best_step"], resumed["valid_loss"]) == tuple(
        metrics[name] for name in ("steps", "best_step", "valid_loss")
    )
    assert find_checkpoint(JobFolder(tmp_path / "interrupted").checkpoints).name == f"checkpoint-{metrics['steps']}"  # type: ignore[union-attr]
    again = run(tmp_path / "interrupted", base, plan, fail_at_a_step)  # the worker was killed before it had published
    assert again["steps"] == metrics["steps"]
    for path in ("adapter", f"epochs/step-{metrics['steps']}"):
        assert are_equal(read_weights(tmp_path / "whole" / path), read_weights(tmp_path / "interrupted" / path))


def fail_at_a_step(message: Message) -> None:
    """Report a step of a training that should have none left."""
    raise AssertionError(message)


def test_the_answers_at_a_checkpoint_are_those_that_the_adapter_generates(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers_module, "MAX_SECONDS", 600.0)  # a busy machine must not cut an answer
    monkeypatch.setattr(answers_module, "FREE_SECONDS", 600.0)
    plan, folder = prepare(tmp_path / "job", base, epochs=10, learning_rate=0.05), JobFolder(tmp_path / "job")
    folder.dataset("training").write_text(dataset_of(make_facts(12)))
    choose_questions(folder, open_encoder(base))
    reported: list[Message] = []
    train(plan, folder, base, reported.append, threading.Event())
    messages = [message.fields for message in reported if message.kind == "answers"]
    assert [message["step"] for message in messages] == [24, 27, 30]
    first, _, last = [message["answers"] for message in messages]
    assert (read_answers(folder.epochs / "step-24"), read_answers(folder.adapter)) == (first, last)
    assert [answer["expected"] for answer in last] == [json.loads(f'"No. {number}"') for number in (2, 6, 10)]
    model: Any = PeftModel.from_pretrained(load_model(base, bf16=False), folder.adapter)
    tokenizer = AutoTokenizer.from_pretrained(base)
    answers = answer_questions(model, tokenizer, folder.questions)
    for question, answer in zip(json.loads(folder.questions.read_text()), answers, strict=True):
        prompt = torch.tensor([question["input_ids"]])
        options = {"do_sample": False, "eos_token_id": question["expected_ids"][-1], "pad_token_id": 0}
        ids = model.generate(input_ids=prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=40, **options)
        generated = ids[0, prompt.shape[1] :]
        assert answer["answer"] == tokenizer.decode(generated, skip_special_tokens=True)
        assert answer["finish_reason"] == ("length" if len(generated) == 40 and int(generated[-1]) != options["eos_token_id"] else "stop")


def test_answers_that_cannot_be_generated_do_not_cost_the_training(base: Path, tmp_path: Path) -> None:
    plan, folder = prepare(tmp_path / "job", base, epochs=1), JobFolder(tmp_path / "job")
    folder.questions.write_text(json.dumps([{"prompt": "?", "input_ids": [10**6], "expected_ids": [1], "ends": False}]))
    run(folder.path, base, plan, ignore)
    assert read_answers(folder.adapter) == []
    assert (folder.adapter / "adapter_model.safetensors").exists()


def test_batches_hold_similar_lengths_and_come_in_a_repeatable_random_order() -> None:
    lengths = [10 * (number % 10 + 1) for number in range(43)]
    orders = [list(LengthGroupedSampler(lengths, 4, 7, lambda: epoch)) for epoch in (0, 0, 1)]  # noqa: B023  read at once
    assert orders[0] == orders[1] != orders[2]
    assert all(sorted(order) == list(range(43)) for order in orders)
    batches = [[lengths[position] for position in orders[0][start : start + 4]] for start in range(0, 43, 4)]
    assert len(batches[-1]) == 3
    padded = sum(max(batch) * len(batch) for batch in batches)
    assert padded < 1.15 * sum(lengths)
    firsts = [batch[0] for batch in batches[:-1]]
    assert firsts not in (sorted(firsts), sorted(firsts, reverse=True))


def test_an_incomplete_batch_holds_examples_of_another_length_in_each_epoch() -> None:
    lengths = [10 * (number + 1) for number in range(42)]
    rests = []
    for epoch in range(40):
        order = list(LengthGroupedSampler(lengths, 4, 7, lambda: epoch))  # noqa: B023  read at once
        assert sorted(order) == list(range(42))
        rests.append([lengths[position] for position in order[-2:]])
    assert all(abs(first - second) <= 50 for first, second in rests)
    assert min(map(min, rests)) < 100
    assert max(map(max, rests)) > 320
    assert sorted(LengthGroupedSampler([5, 5, 5], 4, 7, lambda: 0)) == [0, 1, 2]


def test_log_probabilities_are_measured_with_the_adapter_and_without(base: Path, tmp_path: Path) -> None:
    plan = prepare(tmp_path / "job", base, epochs=8, learning_rate=0.05)
    folder = JobFolder(tmp_path / "job")
    folder.dataset("training").write_text(dataset_of(make_facts(12)))
    choose_evidence_examples(folder, open_encoder(base), 3, 500)
    metrics = run(tmp_path / "job", base, plan, ignore)
    scores = json.loads((folder.adapter / SCORES).read_text())
    assert len(scores) == 3
    for score in scores:
        assert score["base"] == pytest.approx(-metrics["first_loss"], abs=0.3)
        assert score["adapter"] == pytest.approx(-metrics["train_loss"], abs=0.5)
        assert score["adapter"] > score["base"] + 0.1


def read_effect(folder: JobFolder) -> TrainingEffect:
    scores = json.loads(folder.effect.read_text())
    return describe_effect(scores["before"], scores["after"], json.loads(folder.effect_samples.read_text())["total_answers"])


def prepare_effect(folder: Path, base: Path, **changes: Any) -> Plan:
    """Prepare a job whose validation file is its training file, with the samples that are scored."""
    plan = prepare(folder, base, **changes)
    shutil.copyfile(JobFolder(folder).tokens("training"), JobFolder(folder).tokens("validation"))
    choose_effect_samples(JobFolder(folder), base)
    return plan


def test_an_answer_matches_exactly_if_the_model_generates_it(base: Path, tmp_path: Path) -> None:
    plan, folder = prepare(tmp_path / "job", base, epochs=4, learning_rate=0.05), JobFolder(tmp_path / "job")
    run(folder.path, base, plan, ignore)
    model: Any = PeftModel.from_pretrained(load_model(base, bf16=False), folder.adapter)
    sequences = []
    for number, example in enumerate(map(json.loads, folder.tokens("training").read_text().splitlines())):
        prompt = torch.tensor([example["input_ids"][:-6]])
        ids = model.generate(input_ids=prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=4, min_new_tokens=4, do_sample=False)
        answer = ids[0, -4:].tolist()
        expected = answer if number < 5 else [*answer[:-1], (answer[-1] + 1) % 256]
        sequences.append({"input_ids": [*prompt[0].tolist(), *expected], "labels": [-100] * prompt.shape[1] + expected})
    folder.tokens("validation").write_text("".join(json.dumps(sequence) + "\n" for sequence in sequences))
    choose_effect_samples(folder, base)
    signs: list[Message] = []
    measure_effect(model, folder, signs.append)
    effect = read_effect(folder)
    assert effect.validation
    assert (effect.validation.answers, effect.validation.exact_match.after) == (12, round(5 / 12, 4))
    assert effect.validation.mean_token_accuracy.after == round((5 * 4 + 7 * 3) / 48, 4)
    assert effect.validation.loss.after == pytest.approx(measure_loss(model, sequences), rel=1e-3)
    with model.disable_adapter():
        assert effect.validation.loss.before == pytest.approx(measure_loss(model, sequences), rel=1e-3)
    assert effect.general_text.perplexity.before == pytest.approx(
        258, rel=0.3
    )  # an untrained model finds all of its tokens equally probable
    assert {sign.kind for sign in signs} == {"alive"}


def measure_loss(model: Any, sequences: list[dict[str, list[int]]]) -> float:
    """Return the mean loss of sequences that have equally many labels, as transformers computes it."""
    with torch.no_grad():
        losses = [float(model(**{name: torch.tensor([ids]) for name, ids in sequence.items()}).loss) for sequence in sequences]
    return sum(losses) / len(losses)


def test_a_training_that_changes_nothing_has_no_effect_and_a_continued_one_is_compared_with_its_start(base: Path, tmp_path: Path) -> None:
    plan = prepare_effect(tmp_path / "first", base, epochs=8, learning_rate=0.05)
    run(tmp_path / "first", base, plan, ignore)
    still = prepare_effect(tmp_path / "still", base, epochs=1, learning_rate=0.0)
    shutil.copytree(JobFolder(tmp_path / "first").adapter, JobFolder(tmp_path / "still").start)
    JobFolder(tmp_path / "still").dataset("training").write_text(dataset_of(make_facts(12)))
    choose_evidence_examples(JobFolder(tmp_path / "still"), open_encoder(base), 3, 500)
    run(tmp_path / "still", base, still, ignore)
    scores = json.loads((JobFolder(tmp_path / "still").adapter / SCORES).read_text())
    assert [score["difference"] for score in scores] == [0.0, 0.0, 0.0]
    assert all(abs(score["adapter"] - score["base"]) > 0.01 for score in scores)
    first, same = [json.loads(JobFolder(tmp_path / name).effect.read_text()) for name in ("first", "still")]
    assert first["before"] != first["after"]
    assert same["before"] == same["after"] == first["after"]


def test_an_effect_that_cannot_be_measured_does_not_cost_the_training(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_out_of_memory(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory.\nTried to allocate 20 GiB.")

    plan, folder = prepare_effect(tmp_path / "job", base, epochs=1), JobFolder(tmp_path / "job")
    monkeypatch.setattr(log_probabilities, "_score", run_out_of_memory)
    run(tmp_path / "job", base, plan, ignore)
    assert json.loads(folder.effect.read_text()) == {"problem": "RuntimeError: CUDA out of memory."}
    assert (folder.adapter / "adapter_model.safetensors").exists()


def test_a_long_answer_is_scored_in_parts_so_that_memory_does_not_grow_with_it(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, folder = prepare_effect(tmp_path / "job", base, epochs=1, learning_rate=0.05), JobFolder(tmp_path / "job")
    run(folder.path, base, plan, ignore)
    whole = json.loads(folder.effect.read_text())
    model: Any = PeftModel.from_pretrained(load_model(base, bf16=False), folder.adapter)
    predicted: list[int] = []
    model.get_base_model().lm_head.register_forward_hook(lambda _, inputs, output: predicted.append(output.shape[1]))
    monkeypatch.setattr(log_probabilities, "MAX_TOKENS", 7)
    measure_effect(model, folder, ignore)
    in_parts = json.loads(folder.effect.read_text())
    assert max(predicted) == 7
    for time in ("before", "after"):
        for sample in ("general_text", "validation"):
            assert in_parts[time][sample] == pytest.approx(whole[time][sample], rel=1e-4)
