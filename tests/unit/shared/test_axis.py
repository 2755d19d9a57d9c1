"""An axis has round ticks, includes every value, and survives values that are not numbers."""

import math
import random

import pytest

from shared.axis import fit_axis


@pytest.mark.parametrize(
    ("values", "low", "high", "step"),
    [
        ([0.72], 0, 0.8, 0.2),
        ([0.13], 0, 0.15, 0.05),
        ([0.0], 0, 1, 0.25),
        ([-0.06, 0.12], -0.1, 0.2, 0.1),
        ([1.0], 0, 1, 0.25),
        ([570], 0, 600, 200),
        ([], 0, 1, 0.25),
        ([math.nan, math.inf, 0.72], 0, 0.8, 0.2),
        ([3e-7], 0, 3e-7, 1e-7),
    ],
)
def test_an_axis_has_round_ticks_and_includes_zero_and_every_value(values: list[float], low: float, high: float, step: float) -> None:
    axis = fit_axis(values)
    assert (axis.low, axis.high, axis.step) == pytest.approx((low, high, step))
    assert (axis.ticks[0].at, axis.ticks[-1].at) == (0, 100)


def test_an_axis_need_not_begin_at_zero_if_all_values_are_far_from_it() -> None:
    axis = fit_axis([0.81, 0.86], with_zero=False)
    assert axis.low > 0.7
    assert axis.zero is None
    assert fit_axis([0.2, 0.86], with_zero=False).zero == 0


def test_tick_labels_have_a_real_minus_sign_and_as_many_decimals_as_the_step_needs() -> None:
    assert [tick.label for tick in fit_axis([-0.03, 0.12]).ticks] == ["\N{MINUS SIGN}0.05", "0.00", "0.05", "0.10", "0.15"]
    assert [tick.label for tick in fit_axis([1]).ticks] == ["0.00", "0.25", "0.50", "0.75", "1.00"]
    assert [tick.label for tick in fit_axis([100]).ticks] == ["0", "25", "50", "75", "100"]


@pytest.mark.parametrize("seed", range(50))
def test_there_are_never_more_ticks_than_fit_a_phone(seed: int) -> None:
    source = random.Random(seed)
    scale = 10 ** source.uniform(-6, 6)
    ticks = fit_axis([source.uniform(-1, 1) * scale for _ in range(5)], with_zero=seed % 2 == 0).ticks
    assert 2 <= len(ticks) <= 5
    assert len({tick.label for tick in ticks}) == len(ticks)


@pytest.mark.parametrize("value", [-5, 7, math.nan, math.inf])
def test_a_value_that_is_not_on_the_axis_is_drawn_at_one_of_its_ends(value: float) -> None:
    assert fit_axis([0, 1]).locate(value) in (0, 100)
