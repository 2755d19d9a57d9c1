"""Trainings in two real processes without GPUs: they learn what one process would, resume exactly, and start and end together."""

import contextlib
import json
import os
import re
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, LlamaConfig

from services.training.data.encode import open_encoder
from services.training.data.preferences import validate_preferences
from services.training.data.validate import validate_dataset
from services.training.planning.execution import Execution, read_execution, write_execution
from services.training.planning.job_folder import SCORES, JobFolder
from services.training.planning.parallelism import Parallelism, read_parallelism
from services.training.planning.plan import LoraShape, Plan, write_plan
from services.training.publishing.answers import choose_questions
from services.training.publishing.effect import choose_effect_samples
from services.training.publishing.evidence import choose_evidence_examples
from services.training.supervision import stall
from services.training.supervision.run_trainer import FENCE_SECONDS, Launch, run_trainer
from services.training.trainer.messages import Message
from services.training.trainer.parallel import agreement, sharding
from services.training.trainer.train import train
from shared.errors import TandemError
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database
from shared.workers import job_context
from shared.workers.job_context import JobContext, JobInterrupted
from tests.migrated import open_migrated
from tests.serving import wait_until
from tests.unit.shared.job_rows import messages
from tests.unit.training.cases import dataset_of, make_facts, make_model_folder, make_pairs, make_plan, make_spec, pairs_of

SECONDS = 120.0
TWO, SHARDED = Launch(parallelism=Parallelism(2)), Launch(parallelism=Parallelism(2, sharded=True))
WEIGHTS = "adapter_model.safetensors"
LONG: dict[str, Any] = {"epochs": 10, "checkpoint_seconds": 0.001}  # enough steps to do something to a process meanwhile
# The second process runs out of memory in its second step, as long as it computes more than one example at a time.
OUT_OF_MEMORY = """
from services.training.trainer import batches, process
step = batches.AnswerTrainer.training_step
def fail(self, *arguments):
    if batches.get_rank() == 1 and self.execution.micro_batch > 1 and self.state.global_step == 1:
        raise MemoryError
    return step(self, *arguments)
batches.AnswerTrainer.training_step = fail
process.main()
"""
# Each process must hold no more than half of the base model at each step.
CHECK_SHARES = """
from services.training.trainer import batches, process
step = batches.AnswerTrainer.training_step
def check(self, *arguments):
    from torch.distributed.tensor import DTensor
    weights = [weight for weight in self.model.parameters() if not weight.requires_grad]
    held = sum((weight.to_local() if isinstance(weight, DTensor) else weight).numel() for weight in weights)
    assert held < 0.51 * sum(weight.numel() for weight in weights)
    return step(self, *arguments)
batches.AnswerTrainer.training_step = check
process.main()
"""

pytestmark = pytest.mark.timeout(900)  # the cores may be busy with other work


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_model_folder(tmp_path_factory.mktemp("models") / "tiny")
    shape: dict[str, Any] = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    torch.manual_seed(0)
    config = LlamaConfig(vocab_size=258, num_key_value_heads=1, eos_token_id=257, bos_token_id=256, **shape)
    model: Any = AutoModelForCausalLM
    model.from_config(config).save_pretrained(folder)
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_migrated(tmp_path / "jobs.db", MIGRATIONS)
    yield database
    database.close()


def claim(database: Database, seconds: float = 900.0) -> JobContext:
    """Return a job that nobody else can claim for so many seconds, since nothing renews its lease here."""
    job_context.LEASE_SECONDS, before = seconds, job_context.LEASE_SECONDS
    try:
        with database.session() as session:
            job = jobs.submit(session, jobs.FINE_TUNING, "default", make_spec().model_dump())
        with database.session() as session:
            claimed = jobs.claim(session, job.id, "worker", seconds)
        assert claimed
        return JobContext(database, claimed, "worker", threading.Event())
    finally:
        job_context.LEASE_SECONDS = before


def prepare(folder: Path, base: Path, *, examples: int = 12, micro_batch: int = 2, **changes: Any) -> Plan:
    """Prepare a training of so many examples, or preference pairs with `beta`, in batches of four, and how many go through the model."""
    folder.mkdir()
    job = JobFolder(folder)
    plan = make_plan(**{"learning_rate": 0.01, "warmup_steps": 0, "steps_per_epoch": -(-examples // 4), **changes})
    texts = pairs_of(make_pairs(examples)) if plan.beta else dataset_of(make_facts(examples))
    job.dataset("training").write_text(texts)
    validate: Any = validate_preferences if plan.beta else validate_dataset
    validate(job.dataset("training"), job.tokens("training"), open_encoder(base), 500, param="training_file")
    if plan.validation:
        lines = job.tokens("training").read_text().splitlines(keepends=True)
        job.tokens("validation").write_text("".join(lines[:5]))
    write_plan(plan, job)
    if micro_batch:
        write_execution(Execution(micro_batch, recompute=False, bf16=False, threads=1, group=4), job)
    return plan


@dataclass
class Report:
    """What the processes of a training reported."""

    steps: list[dict[str, Any]]
    metrics: dict[str, Any]

    def list(self, name: str) -> list[float]:
        return [step[name] for step in self.steps if name in step]


def run(folder: Path, base: Path, context: JobContext, launch: Launch = TWO) -> Report:
    """Train in processes of their own."""
    steps: list[dict[str, Any]] = []
    allow_several(folder, launch)
    metrics = run_trainer(launch, JobFolder(folder), base, context, steps.append)
    assert find_processes(folder) == []
    return Report([step for step in steps if "train_loss" in step or "valid_loss" in step], metrics)


def allow_several(folder: Path, launch: Launch) -> None:
    """Let a training whose micro-batch a test has chosen begin in several processes."""
    from services.training.planning.parallelism import write_parallelism

    if not JobFolder(folder).parallelism.exists():
        write_parallelism(launch.parallelism, JobFolder(folder))


def run_alone(folder: Path, base: Path, plan: Plan) -> Report:
    """Train in this process."""
    steps: list[dict[str, Any]] = []

    def keep(message: Message) -> None:
        if message.kind == "progress":
            steps.append(message.fields)

    metrics = train(plan, JobFolder(folder), base, keep, threading.Event())
    assert metrics
    return Report(steps, metrics)


def read_weights(folder: Path, path: str = "adapter") -> dict[str, torch.Tensor]:
    return load_file(folder / path / WEIGHTS)


def are_equal(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def find_processes(folder: Path) -> list[tuple[int, int]]:
    """Return rank and process id of each process that trains in the folder, but not of the fence of the first."""
    found: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words, state = (path / "cmdline").read_text().split("\0"), (path / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if str(folder) in words and state != "Z":
            numbers = [word for word in words[words.index(str(folder)) + 2 :] if word]
            rank = int(numbers[0]) if numbers else 0
            found[rank] = min(found.get(rank, int(path.name)), int(path.name))  # the fence is a child of the first
    return sorted(found.items())


@pytest.mark.parametrize(
    ("examples", "changes"),
    [
        (12, {}),
        (10, {"validation": True}),  # the last batch of an epoch has two examples, the validation file five
        (13, {}),  # and here it has one: the second process has none
        (12, {"packing": True}),
        (10, {"beta": 0.1, "validation": True}),
    ],
)
def test_two_processes_train_like_one_with_the_same_batches(
    base: Path, tmp_path: Path, database: Database, examples: int, changes: dict[str, Any]
) -> None:
    plan = prepare(tmp_path / "one", base, examples=examples, **changes)
    prepare(tmp_path / "two", base, examples=examples, **changes)
    one, two = run_alone(tmp_path / "one", base, plan), run(tmp_path / "two", base, claim(database))
    names = ("train_loss", "valid_loss", "train_reward_margin", "valid_reward_margin", "train_reward_accuracy")
    for name in names:
        assert two.list(name) == pytest.approx(one.list(name), rel=1e-5), name
    assert len(two.list("train_loss")) == plan.total_steps
    weights = [read_weights(tmp_path / name) for name in ("one", "two")]
    for name in weights[0]:
        assert torch.allclose(weights[0][name], weights[1][name], rtol=1e-4, atol=1e-6), name


def test_where_each_process_computes_one_part_of_a_batch_the_weights_are_equal_to_the_last_bit(
    base: Path, tmp_path: Path, database: Database
) -> None:
    plan = prepare(tmp_path / "one", base)
    prepare(tmp_path / "two", base)
    one, two = run_alone(tmp_path / "one", base, plan), run(tmp_path / "two", base, claim(database))
    assert two.list("train_loss") == one.list("train_loss")
    assert are_equal(read_weights(tmp_path / "one"), read_weights(tmp_path / "two"))


def measure_all(folder: Path, base: Path) -> None:
    """Let the training measure and answer all that it can."""
    choose_evidence_examples(JobFolder(folder), open_encoder(base), 3, 500)
    choose_questions(JobFolder(folder), open_encoder(base))
    choose_effect_samples(JobFolder(folder), base)


@pytest.mark.parametrize("changes", [{"validation": True}, {"packing": True}, {"beta": 0.1}])
def test_two_processes_that_share_the_base_model_train_like_one(
    base: Path, tmp_path: Path, database: Database, changes: dict[str, Any]
) -> None:
    plan = prepare(tmp_path / "one", base, **changes)
    prepare(tmp_path / "two", base, **changes)
    for name in ("one", "two"):
        measure_all(tmp_path / name, base)
    launch = Launch((sys.executable, "-c", CHECK_SHARES), SHARDED.parallelism)
    one, two = run_alone(tmp_path / "one", base, plan), run(tmp_path / "two", base, claim(database), launch)
    for name in ("train_loss", "valid_loss"):
        assert two.list(name) == pytest.approx(one.list(name), rel=1e-4), name
    assert two.metrics["steps"] == plan.total_steps
    scores = [json.loads((tmp_path / name / "adapter" / SCORES).read_text()) for name in ("one", "two")]
    assert [each["base"] for each in scores[0]] == pytest.approx([each["base"] for each in scores[1]], rel=1e-3)
    effects = [json.loads(JobFolder(tmp_path / name).effect.read_text()) for name in ("one", "two")]
    assert effects[1]["after"]["general_text"]["loss"] == pytest.approx(effects[0]["after"]["general_text"]["loss"], rel=1e-3)


def break_examples(path: Path) -> None:
    """Add a token that the model does not have, so that it fails in the first process, in the middle of a computation."""
    broken = json.loads(path.read_text())
    sequences = broken if isinstance(broken, list) else next(iter(broken["samples"].values()))
    sequences[-1]["input_ids"][0] = 100_000
    path.write_text(json.dumps(broken))


def test_if_the_first_of_two_processes_that_share_the_base_model_cannot_measure_the_effect_the_training_ends(
    base: Path, tmp_path: Path, database: Database
) -> None:
    plan, folder = prepare(tmp_path / "two", base), JobFolder(tmp_path / "two")
    measure_all(folder.path, base)
    break_examples(folder.effect_samples)
    assert run(folder.path, base, claim(database), SHARDED).metrics["steps"] == plan.total_steps
    assert json.loads(folder.effect.read_text())["problem"].startswith("IndexError")
    assert read_weights(folder.path)


def test_if_the_first_of_two_processes_that_share_the_base_model_fails_the_other_does_not_wait_for_it(
    base: Path, tmp_path: Path, database: Database
) -> None:
    prepare(tmp_path / "two", base)
    measure_all(tmp_path / "two", base)
    break_examples(JobFolder(tmp_path / "two").evidence_examples)
    with pytest.raises(TandemError, match="The training failed with IndexError"):
        run(tmp_path / "two", base, claim(database), SHARDED)
    wait_until(lambda: find_processes(tmp_path / "two") == [], SECONDS)


@pytest.mark.parametrize(("launch", "rank"), [(TWO, 0), (TWO, 1), (SHARDED, 1)])
def test_a_training_of_which_one_process_is_killed_is_resumed_and_ends_with_the_same_weights(
    base: Path, tmp_path: Path, database: Database, launch: Launch, rank: int
) -> None:
    changes = {**LONG, "shape": LoraShape(4, 8.0, 0.2)}  # dropout: the random numbers of each process are resumed, too
    prepare(tmp_path / "whole", base, **changes)
    prepare(tmp_path / "killed", base, **changes)
    expected = run(tmp_path / "whole", base, claim(database), launch)
    context, folder, killed = claim(database), JobFolder(tmp_path / "killed"), list[tuple[int, int]]()
    allow_several(folder.path, launch)

    def kill_one(fields: dict[str, Any]) -> None:
        if fields["step"] >= 5 and not killed:
            killed.extend(find_processes(folder.path))
            os.kill(killed[rank][1], signal.SIGKILL)

    metrics = run_trainer(launch, folder, base, context, kill_one)
    assert [number for number, _ in killed] == [0, 1]
    assert find_processes(folder.path) == []
    assert metrics["steps"] == expected.metrics["steps"] == 30
    assert len([event for event in messages(database, context.job.id) if "restarted from its last checkpoint" in event]) == 1
    assert are_equal(read_weights(tmp_path / "whole"), read_weights(tmp_path / "killed"))


def test_a_process_that_hangs_ends_the_attempt_and_the_next_one_goes_on(
    base: Path, tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tmp_path / "job", base, **LONG)
    for name in ("FIRST_SECONDS", "MIN_SECONDS"):
        monkeypatch.setattr(stall, name, 20.0)
    context, folder, stopped = claim(database), JobFolder(tmp_path / "job"), list[tuple[int, int]]()
    allow_several(folder.path, TWO)

    def stop_the_second(fields: dict[str, Any]) -> None:
        if fields["step"] >= 5 and not stopped:
            stopped.extend(find_processes(folder.path))
            os.kill(stopped[1][1], signal.SIGSTOP)

    assert run_trainer(TWO, folder, base, context, stop_the_second)["steps"] == 30
    assert find_processes(folder.path) == []
    events = messages(database, context.job.id)
    assert any(re.search("made no progress for .* restarted from its last checkpoint", event) for event in events)


def test_a_pause_ends_all_processes_after_the_same_step_with_a_checkpoint(base: Path, tmp_path: Path, database: Database) -> None:
    for name in ("whole", "paused"):
        prepare(tmp_path / name, base, **{**LONG, "checkpoint_seconds": 1000.0})
    run(tmp_path / "whole", base, claim(database))
    context, steps = claim(database), list[int]()
    allow_several(tmp_path / "paused", TWO)

    def pause(fields: dict[str, Any]) -> None:
        steps.append(fields["step"])
        if len(steps) == 1:
            with database.session() as session:
                assert jobs.pause(session, context.job.id)
            context.report_progress("training", 10)

    with pytest.raises(JobInterrupted):
        run_trainer(TWO, JobFolder(tmp_path / "paused"), base, context, pause)
    assert context.interrupt_reason == "paused"
    assert find_processes(tmp_path / "paused") == []
    assert len(list((tmp_path / "paused/checkpoints").glob("*/checkpoint-*/finished"))) == 1
    assert run(tmp_path / "paused", base, claim(database)).steps[0]["step"] > 1
    assert are_equal(read_weights(tmp_path / "whole"), read_weights(tmp_path / "paused"))


def test_no_process_outlives_the_lease(base: Path, tmp_path: Path, database: Database) -> None:
    prepare(tmp_path / "job", base, epochs=10_000)
    context = claim(database, FENCE_SECONDS + 40)
    allow_several(tmp_path / "job", TWO)
    with pytest.raises(JobInterrupted):
        run_trainer(TWO, JobFolder(tmp_path / "job"), base, context, lambda _: None)
    assert context.interrupt_reason == "lost"
    assert find_processes(tmp_path / "job") == []


def test_memory_that_runs_out_in_any_process_halves_what_each_computes_at_a_time(base: Path, tmp_path: Path, database: Database) -> None:
    plan = prepare(tmp_path / "one", base)
    prepare(tmp_path / "two", base, checkpoint_seconds=0.001)
    context = claim(database)
    one = run_alone(tmp_path / "one", base, plan)
    two = run(tmp_path / "two", base, context, Launch((sys.executable, "-c", OUT_OF_MEMORY), Parallelism(2)))
    assert any("computes 1 instead of 2 examples at a time" in event for event in messages(database, context.job.id))
    stored = read_execution(JobFolder(tmp_path / "two"))
    assert stored
    assert (stored.micro_batch, stored.group) == (1, 4)
    assert two.list("train_loss") == pytest.approx(one.list("train_loss"), rel=1e-4)


def test_what_two_processes_decide_fits_both_and_one_process_continues_their_training(
    base: Path, tmp_path: Path, database: Database
) -> None:
    plan = prepare(tmp_path / "one", base, micro_batch=0, **{**LONG, "checkpoint_seconds": 1000.0})
    prepare(tmp_path / "two", base, micro_batch=0, **{**LONG, "checkpoint_seconds": 1000.0})
    one, folder = run_alone(tmp_path / "one", base, plan), JobFolder(tmp_path / "two")
    context, steps = claim(database), list[float]()

    def pause(fields: dict[str, Any]) -> None:
        steps.append(fields["train_loss"])
        if len(steps) == 1:
            with database.session() as session:
                assert jobs.pause(session, context.job.id)
            context.report_progress("training", 10)

    with pytest.raises(JobInterrupted):
        run_trainer(TWO, folder, base, context, pause)
    stored, parallelism = read_execution(folder), read_parallelism(folder)
    assert stored
    assert parallelism == Parallelism(2)
    assert (stored.micro_batch, stored.group) == (2, 4)
    rest = run(folder.path, base, context := claim(database), Launch())
    assert read_parallelism(folder) == Parallelism(1)
    assert "Earlier, 2 processes trained this job together" in messages(database, context.job.id)[0]
    together = {step["step"]: step["train_loss"] for step in map(json.loads, filter(None, folder.steps.read_text().splitlines()))}
    assert len(rest.steps) < plan.total_steps
    assert list(together.values()) == pytest.approx(one.list("train_loss"), rel=1e-2)


def test_only_the_first_process_writes_adapters_and_reports(base: Path, tmp_path: Path, database: Database) -> None:
    prepare(tmp_path / "two", base)
    measure_all(tmp_path / "two", base)
    report, folder = run(tmp_path / "two", base, claim(database)), JobFolder(tmp_path / "two")
    assert [step["step"] for step in report.steps] == [1, 2, 3, 4, 5, 6]
    assert {path.name for path in folder.epochs.iterdir()} == {"step-3"}
    assert len(list(folder.checkpoints.iterdir())) == 1
    assert report.metrics["peak_memory_bytes"] > 10**8
    wait_until(lambda: find_processes(folder.path) == [], SECONDS)
    shutil.rmtree(folder.path)


def test_a_process_that_computes_along_with_the_first_draws_no_random_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    class Model(torch.nn.Module):
        device = torch.device("cpu")

        def forward(self, input_ids: torch.Tensor, use_cache: bool) -> torch.Tensor:
            computed.append(use_cache)
            return torch.nn.functional.dropout(input_ids.float(), 0.5, training=self.training)

    computed: list[bool] = []
    model, calls, before = Model(), iter([True, True, False]), torch.get_rng_state()
    monkeypatch.setattr(sharding, "count_ranks", lambda: 2)
    monkeypatch.setattr(sharding, "is_sharded", lambda _model: True)
    monkeypatch.setattr(sharding, "is_first", lambda: False)
    monkeypatch.setattr(sharding, "share", lambda _value: next(calls))
    assert sharding.lead(model, lambda: pytest.fail("that is the work of the first process")) is None
    assert computed == [False, False]
    assert torch.equal(torch.get_rng_state(), before)
    assert model.training


@pytest.mark.parametrize(("can_reach", "expected"), [(True, None), (False, "1")])
def test_gpus_that_cannot_reach_one_another_copy_through_the_host(
    monkeypatch: pytest.MonkeyPatch, can_reach: bool, expected: str | None
) -> None:
    for name in ("NCCL_P2P_DISABLE", "NCCL_IB_DISABLE"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(agreement, "check_cuda_p2p_ib_support", lambda: can_reach)
    agreement.spare_peer_access()
    assert (os.environ.get("NCCL_P2P_DISABLE"), os.environ.get("NCCL_IB_DISABLE")) == (expected, expected)


def test_an_error_in_a_computation_that_the_other_process_waits_in_is_raised_even_if_it_was_handled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Model(torch.nn.Module):
        def forward(self, number: int) -> int:
            computed.append(number)
            if number == 2:
                raise MemoryError("it ran out")
            return number

    def work() -> str:
        for number in (1, 2, 3):
            with contextlib.suppress(MemoryError):
                model(number)
        return "handled"

    computed: list[int] = []
    shared: list[bool] = []
    model = Model()
    monkeypatch.setattr(sharding, "count_ranks", lambda: 2)
    monkeypatch.setattr(sharding, "is_sharded", lambda _model: True)
    monkeypatch.setattr(sharding, "is_first", lambda: True)
    monkeypatch.setattr(sharding, "share", shared.append)
    with pytest.raises(MemoryError, match="it ran out"):
        sharding.lead(model, work)
    assert (computed, shared) == ([1, 2], [True, True])
    assert sharding.lead(model, lambda: model(3)) == 3
    assert (computed, shared[2:]) == ([1, 2, 3], [True, False])


@pytest.mark.parametrize("own", [{}, {"forward": abs}])
def test_a_model_that_computed_with_the_other_processes_is_unchanged_afterwards(
    monkeypatch: pytest.MonkeyPatch, own: dict[str, object]
) -> None:
    class Model(torch.nn.Module):
        def forward(self, number: int) -> int:
            return number

    model = Model()
    vars(model).update(own)
    monkeypatch.setattr(sharding, "count_ranks", lambda: 2)
    monkeypatch.setattr(sharding, "is_sharded", lambda _model: True)
    monkeypatch.setattr(sharding, "is_first", lambda: True)
    monkeypatch.setattr(sharding, "share", lambda _value: None)
    assert sharding.lead(model, lambda: model(3)) == 3
    assert vars(model).get("forward") is own.get("forward")
