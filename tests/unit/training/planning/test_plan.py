"""A plan is stored once and read back unchanged."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.training.planning.choices import choose_max_length, show_choices
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import LoraShape, Plan, build_plan, read_plan, write_plan
from shared.contracts.fine_tuning import DpoMethod, Hyperparameters, TrainingSpec
from shared.planning.schedule import choose_schedule
from tests.unit.training.cases import make_plan, make_schedule, make_spec, method_of


def plan_of(lora: dict[str, Any] | None = None, **hyperparameters: Any) -> Plan:
    spec = make_spec(method=method_of(lora, **hyperparameters))
    return build_plan(spec, make_schedule(), checkpoint_seconds=1, activation_bytes=1, max_length=500)


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    for plan in (make_plan(), plan_of({"target_modules": ["q_proj", "v_proj"], "use_rslora": True}, lr_scheduler_type="cosine")):
        write_plan(plan, folder)
        assert read_plan(folder) == plan
    assert make_plan().total_steps == 6


def test_a_plan_of_an_older_version_trains_what_it_did(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    write_plan(make_plan(), folder)
    stored = json.loads(folder.plan.read_text())
    for name in ("scheduler", "weight_decay", "min_parts", "max_length", "load_in_4bit"):
        del stored[name]
    del stored["shape"]["use_rslora"], stored["shape"]["target_modules"]
    folder.plan.write_text(json.dumps(stored))
    assert read_plan(folder, max_length=300) == replace(make_plan(), max_length=300)


def test_a_plan_takes_alpha_from_the_rank_if_none_is_requested() -> None:
    shapes = [plan_of(lora).shape for lora in ({"rank": 8}, {"rank": 8, "alpha": 4})]
    assert shapes == [LoraShape(8, 16.0, 0.0), LoraShape(8, 4.0, 0.0)]


def test_rslora_has_the_scale_of_lora_at_rank_16_if_no_alpha_is_requested() -> None:
    plain, stabilized = (plan_of({"rank": 16, "use_rslora": use_rslora}).shape for use_rslora in (False, True))
    assert plain.alpha / plain.rank == stabilized.alpha / math.sqrt(stabilized.rank) == 2


def test_a_plan_has_every_extension_that_was_requested() -> None:
    plan = plan_of(
        {"target_modules": ["v_proj", "q_proj", "v_proj"]}, lr_scheduler_type="constant", weight_decay=0.1, gradient_accumulation_steps=64
    )
    assert plan.shape.target_modules == ("v_proj", "q_proj")
    assert (plan.scheduler, plan.weight_decay, plan.max_length) == ("constant", 0.1, 500)
    assert plan.min_parts == plan.batch_size == 4
    assert (plan.load_in_4bit, plan_of({"load_in_4bit": True}).load_in_4bit) == (False, True)


def test_a_spec_without_auto_makes_the_same_plan() -> None:
    requested = method_of({"use_rslora": True}, warmup_steps=3, gradient_accumulation_steps=2, learning_rate_multiplier=0.7)
    spec = make_spec(method=requested)
    options: dict[str, Any] = {"checkpoint_seconds": 1, "activation_bytes": 1, "max_length": 500}
    plan = build_plan(spec, choose_schedule(spec.method.options.hyperparameters, 40), **options)
    shown = TrainingSpec.model_validate(show_choices(spec, plan).model_dump())
    hyperparameters = shown.method.options.hyperparameters
    assert "auto" not in hyperparameters.model_dump().values()
    assert build_plan(shown, choose_schedule(hyperparameters, 40), **options) == plan
    assert show_choices(shown, plan) == shown


@pytest.mark.parametrize(("requested", "beta"), [("auto", 0.1), (2.0, 2.0), (0.01, 0.01)])
def test_a_plan_for_preferences_has_their_beta_and_the_job_shows_it(requested: Any, beta: float) -> None:
    spec = make_spec(method={"type": "dpo", "dpo": {"hyperparameters": {"beta": requested}, "lora": {"rank": 4}}})
    options: dict[str, Any] = {"checkpoint_seconds": 1, "activation_bytes": 1, "max_length": 500}
    plan = build_plan(spec, choose_schedule(spec.method.options.hyperparameters, 40), **options)
    assert (plan.beta, plan.shape.rank) == (beta, 4)
    shown = TrainingSpec.model_validate(show_choices(spec, plan).model_dump())
    assert isinstance(shown.method.options, DpoMethod)
    assert shown.method.options.hyperparameters.beta == beta
    assert "auto" not in shown.method.options.hyperparameters.model_dump().values()
    assert build_plan(shown, choose_schedule(shown.method.options.hyperparameters, 40), **options) == plan


@pytest.mark.parametrize("examples", [10, 700, 1001, 5000, 12_345, 54_321, 10**6])
def test_a_learning_rate_that_was_chosen_is_shown_exactly(examples: int) -> None:
    schedule = choose_schedule(Hyperparameters(), examples)
    plan = build_plan(make_spec(), schedule, checkpoint_seconds=1, activation_bytes=1, max_length=500)
    shown = show_choices(make_spec(), plan).method.options.hyperparameters
    assert choose_schedule(shown, examples).learning_rate == schedule.learning_rate


def test_the_longest_example_is_the_workers_limit_unless_less_is_requested(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    assert [choose_max_length(Hyperparameters(max_length=length), 500, folder) for length in ("auto", 100)] == [500, 100]
