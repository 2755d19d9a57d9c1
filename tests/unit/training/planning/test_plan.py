"""A plan is stored once and read back unchanged."""

from pathlib import Path

from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import LoraShape, build_plan, read_plan, write_plan
from tests.unit.training.cases import make_plan, make_schedule, make_spec, method_of


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    plan, folder = make_plan(), JobFolder(tmp_path)
    write_plan(plan, folder)
    assert read_plan(folder) == plan
    assert plan.total_steps == 6


def test_a_plan_takes_alpha_from_the_rank_if_none_is_requested() -> None:
    shapes = [
        build_plan(make_spec(method=method_of(lora=lora)), make_schedule(), checkpoint_seconds=1, activation_bytes=1).shape
        for lora in ({"rank": 8}, {"rank": 8, "alpha": 4})
    ]
    assert shapes == [LoraShape(8, 16.0, 0.0), LoraShape(8, 4.0, 0.0)]
