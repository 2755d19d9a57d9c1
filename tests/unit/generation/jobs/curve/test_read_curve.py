"""The curve of a job has each step once, as the last event has it, and only losses that are numbers."""

import math
from typing import Any

import pytest

from services.generation.jobs.curve.read_curve import Curve, Point, read_curve
from shared.records.jobs import Job


def read(*metrics: dict[str, Any], status: str = "running") -> Curve:
    return read_curve(Job(id="ftjob-1", spec={"model": "tiny"}, status=status), metrics)


def at(step: int, **losses: Any) -> dict[str, Any]:
    return {"step": step, "total_steps": 8, **losses}


def test_both_losses_are_read_by_step() -> None:
    curve = read(at(1, train_loss=2.0), at(2, train_loss=1.5), at(2, valid_loss=1.7, full_valid_loss=1.7))
    assert curve.training == [Point(1, 2.0), Point(2, 1.5)]
    assert curve.validation == [Point(2, 1.7)]
    assert (curve.job_id, curve.model, curve.step, curve.total_steps, curve.has_ended) == ("ftjob-1", "tiny", 2, 8, False)


def test_a_step_that_was_trained_again_after_a_takeover_counts_once_as_the_last_event_has_it() -> None:
    curve = read(at(1, train_loss=2.0), at(2, train_loss=1.5), at(3, train_loss=1.4), at(2, train_loss=1.25))
    assert curve.training == [Point(1, 2.0), Point(2, 1.25), Point(3, 1.4)]


@pytest.mark.parametrize("loss", [math.nan, math.inf, -math.inf, None, "0.5"])
def test_a_loss_that_is_not_a_number_is_left_out(loss: Any) -> None:
    curve = read(at(1, train_loss=2.0), at(2, train_loss=loss))
    assert (curve.training, curve.step) == ([Point(1, 2.0)], 2)


def test_a_job_without_steps_has_an_empty_curve() -> None:
    curve = read(status="failed")
    assert (curve.training, curve.validation, curve.step, curve.total_steps, curve.has_ended) == ([], [], 0, 0, True)


@pytest.mark.parametrize(("status", "has_ended"), [("queued", False), ("paused", False), ("succeeded", True), ("cancelled", True)])
def test_a_job_has_ended_or_not(status: str, has_ended: bool) -> None:
    assert read(status=status).has_ended is has_ended
