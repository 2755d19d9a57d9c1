"""An axis has round ticks and includes every value."""

import pytest

from services.evaluation.report.axis import RIGHT, fit_axis


@pytest.mark.parametrize(
    ("values", "low", "high", "step"),
    [
        ([0.72], 0, 0.8, 0.2),
        ([0.13], 0, 0.15, 0.05),
        ([0.0], 0, 1, 0.2),
        ([-0.06, 0.12], -0.1, 0.15, 0.05),
        ([1.0], 0, 1, 0.2),
        ([570], 0, 600, 200),
    ],
)
def test_an_axis_has_round_ticks_and_includes_zero_and_every_value(values: list[float], low: float, high: float, step: float) -> None:
    axis = fit_axis(values, left=100)
    assert (axis.low, axis.high, axis.step) == pytest.approx((low, high, step))
    positions = [position for position, _ in axis.ticks()]
    assert (positions[0], positions[-1]) == (100, RIGHT)


def test_tick_labels_have_a_real_minus_sign_and_as_many_decimals_as_the_step_needs() -> None:
    assert [label for _, label in fit_axis([-0.06, 0.12], left=100).ticks()] == [
        "\N{MINUS SIGN}0.10", "\N{MINUS SIGN}0.05", "0.00", "0.05", "0.10", "0.15",
    ]  # fmt: skip
