"""The bootstrap agrees with theory, covers the true mean as often as it claims, and is repeatable."""

import numpy as np
import pytest

from services.evaluation.statistics.bootstrap import percentile_interval, resample_means


def test_resampled_means_have_the_mean_and_the_standard_error_of_the_sample() -> None:
    scores = np.random.default_rng(0).normal(0.5, 0.2, (80, 2))
    means = resample_means(scores, seed=1)
    assert means.shape == (10_000, 2)
    assert means.mean(axis=0) == pytest.approx(scores.mean(axis=0), abs=0.001)
    assert means.std(axis=0) == pytest.approx(scores.std(axis=0) / np.sqrt(80), rel=0.03)


def test_the_same_seed_gives_the_same_samples_and_another_seed_others() -> None:
    scores = np.random.default_rng(0).random((30, 3))
    assert np.array_equal(resample_means(scores, seed=7), resample_means(scores, seed=7))
    assert not np.array_equal(resample_means(scores, seed=7), resample_means(scores, seed=8))


def test_columns_see_the_same_questions() -> None:
    column = np.random.default_rng(0).random(30)
    means = resample_means(np.stack([column, column + 0.25], axis=1), seed=0)
    assert means[:, 1] - means[:, 0] == pytest.approx(0.25)


def test_many_questions_are_resampled_in_blocks() -> None:
    means = resample_means(np.random.default_rng(0).random((300, 2)), seed=0, resamples=25, max_cells=1_000)
    assert means.shape == (25, 2)


def test_an_interval_covers_the_true_mean_about_19_times_in_20() -> None:
    random = np.random.default_rng(3)
    covered = 0
    for _ in range(300):
        scores = np.clip(random.normal(0.4, 0.3, (60, 1)), -1, 2)
        low, high = percentile_interval(resample_means(scores, seed=int(random.integers(2**31)), resamples=1_000)[:, 0])
        covered += low <= 0.4 <= high
    assert 0.91 <= covered / 300 <= 0.98
