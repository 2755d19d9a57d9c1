"""What an arm costs: tokens, money for tokens or seconds, and its share of training and indexing."""

import pytest

from services.evaluation.verdict.costs.price_arms import ArmCost, price_arms
from shared.contracts.comparisons import Prices
from tests.unit.evaluation.verdict.costs.answers import ARMS, BASE, BOTH, EMPTY, GONE, RAG, TIMEOUT, TOO_LONG, TUNED, fail, make_answer

HOUR = 3600.0
INDEXING = {"rag": HOUR, "both": 3 * HOUR}


def test_without_prices_the_cost_is_the_tokens_and_training_is_not_counted() -> None:
    answers = [make_answer(BASE, 100, 20), make_answer(BASE, 200, 40), make_answer(TUNED, 100, 2)]
    base, tuned = price_arms(None, [BASE, TUNED], answers, training_seconds=HOUR)
    assert (base.cost, base.prompt_tokens, base.completion_tokens, base.fixed) == (180, 150, 30, 0)
    assert (tuned.cost, tuned.fixed) == (102, 0)


def test_tokens_are_priced_per_million() -> None:
    (base,) = price_arms(Prices(prompt=2, completion=10), [BASE], [make_answer(BASE, 1000, 100)])
    assert base.cost == pytest.approx((1000 * 2 + 100 * 10) / 1_000_000)


def test_training_and_indexing_are_spread_over_the_expected_questions_of_the_arms_that_need_them() -> None:
    prices = Prices(prompt=0, completion=0, training_hour=4, indexing_hour=1, expected_questions=1000)
    costs = price_arms(prices, ARMS, [make_answer(arm) for arm in ARMS], training_seconds=HOUR / 2, indexing_seconds=INDEXING)
    assert [cost.fixed for cost in costs] == [0, 1, 2, 5]
    assert [cost.cost for cost in costs] == [0, 0.001, 0.002, 0.005]


def test_unknown_hours_cost_nothing() -> None:
    costs = price_arms(Prices(training_hour=4, indexing_hour=1), [BOTH], [make_answer(BOTH)])
    assert [cost.fixed for cost in costs] == [0]


def test_with_an_engine_hour_an_answer_costs_its_seconds_one_question_at_a_time() -> None:
    under_load = [make_answer(BASE, engine=9), make_answer(RAG, engine=12)]
    alone = [make_answer(BASE, engine=1), make_answer(BASE, engine=3), make_answer(RAG, engine=4)]
    base, rag = price_arms(Prices(engine_hour=3.6), [BASE, RAG], under_load, alone)
    assert (base.engine_seconds, rag.engine_seconds) == (2, 4)
    assert [base.cost, rag.cost] == pytest.approx([0.002, 0.004])


def test_without_answers_one_at_a_time_the_seconds_are_those_under_load() -> None:
    (base,) = price_arms(Prices(engine_hour=3.6), [BASE], [make_answer(BASE, engine=9)])
    assert base.engine_seconds == 9
    assert base.cost == pytest.approx(0.009)


def test_if_the_seconds_of_one_arm_are_unknown_all_are_priced_by_tokens() -> None:
    answers = [make_answer(BASE, 1000, 0), make_answer(RAG, 2000, 0, engine=None)]
    costs = price_arms(Prices(engine_hour=3.6), [BASE, RAG], answers)
    assert [cost.cost for cost in costs] == [0.001, 0.002]


def test_calls_that_the_engine_did_not_work_on_do_not_make_an_arm_cheaper() -> None:
    failed = [fail(BASE, GONE), fail(BASE, TOO_LONG), fail(BASE, TIMEOUT)]
    assert price_arms(None, [BASE], [make_answer(BASE, 100, 20), *failed])[0].cost == 120
    assert price_arms(None, [BASE], [make_answer(BASE, 100, 20), fail(BASE, EMPTY, prompt=60)])[0].cost == 90


def test_an_abstention_without_a_model_is_an_answer_and_free() -> None:
    assert price_arms(None, [RAG], [make_answer(RAG, 100, 20), make_answer(RAG, 0, 0)])[0].cost == 60


@pytest.mark.parametrize("prices", [None, Prices(), Prices(engine_hour=1)])
def test_an_arm_that_never_answered_costs_nothing(prices: Prices | None) -> None:
    base, rag = price_arms(prices, [BASE, RAG], [fail(BASE, TOO_LONG), make_answer(RAG, 100, 10)])
    assert (base.cost, base.engine_seconds) == (0, None)
    assert rag.cost > 0


def test_a_correct_answer_costs_more_the_fewer_there_are() -> None:
    cost = ArmCost("rag", 100, 10, None, marginal=2, fixed=100, expected_questions=50)
    assert [cost.per_correct(share) for share in (1.0, 0.5, 0.0)] == [4, 8, None]
