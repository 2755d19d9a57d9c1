"""The phases: everything under load, slices of it again and one at a time, and the adapters of other seeds."""

from collections import Counter
from collections.abc import Collection, Sequence

import pytest

from services.evaluation.arms.build import Arm, build_arms
from services.evaluation.asking.phases import CallLimits, Phase, plan_phases
from tests.unit.evaluation.cases import TUNED, make_spec

ARMS = build_arms(make_spec(arms=["base", "rag", "both"]), [])


def plan(
    numbers: Sequence[int], arms: Sequence[Arm] = ARMS, seed: int = 0, stored: dict[str, Collection[int]] | None = None, slices: int = 4
) -> list[Phase]:
    limits = CallLimits(8, 60, single_questions=slices, repeated_questions=slices)
    return plan_phases(numbers, arms, make_spec(seed=seed), limits, stored or {}, ["ft:two", "ft:three"])


def numbers_of(phase: Phase) -> list[int]:
    return list(dict.fromkeys(number for number, _ in phase.calls))


def test_each_phase_has_its_questions_arms_and_concurrency() -> None:
    phases = plan(range(20))
    assert [(phase.name, phase.concurrency, len(phase.calls)) for phase in phases] == [
        ("main", 8, 60),
        ("repeat", 8, 12),
        ("single", 1, 12),
        ("ft:two", 8, 20),
        ("ft:three", 8, 20),
    ]
    assert {(arm.name, arm.model) for _, arm in phases[3].calls} == {("both", "ft:two")}


def test_arms_are_interleaved_and_take_turns_at_going_first() -> None:
    for phase in plan(range(12))[:3]:
        assert [number for number, _ in phase.calls] == [number for number in numbers_of(phase) for _ in ARMS]
        first = [arm.name for _, arm in phase.calls[:: len(ARMS)]]
        assert max(Counter(first).values()) - min(Counter(first).values()) <= 1
        assert set(first) == {"base", "rag", "both"}


def test_slices_are_drawn_by_the_seed_and_differ_from_each_other() -> None:
    assert plan(range(50), seed=3) == plan(range(50), seed=3)
    slices = {tuple(numbers_of(phase)) for seed in range(5) for phase in plan(range(50), seed=seed)[1:3]}
    assert len(slices) == 10


def test_a_slice_prefers_questions_that_are_answered_already() -> None:
    before = numbers_of(plan(range(20))[1])
    after = plan(range(40), stored={"repeat": set(before)})
    assert numbers_of(after[1]) == before
    assert set(before[:2]) < set(numbers_of(plan(range(40), stored={"repeat": before[:2]})[1]))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_slice_has_no_more_questions_than_there_are(count: int) -> None:
    assert [len(numbers_of(phase)) for phase in plan(range(count), slices=10)] == [count] * 5


def test_slices_of_no_question_are_empty() -> None:
    assert [len(phase.calls) for phase in plan(range(5), slices=0)[1:3]] == [0, 0]


def test_without_an_arm_of_the_fine_tuned_model_another_seed_has_nothing_to_ask() -> None:
    phases = plan(range(5), build_arms(make_spec(arms=["base", "rag"]), []))
    assert phases[3].calls == []
    assert all(arm.model != TUNED for _, arm in phases[0].calls)
