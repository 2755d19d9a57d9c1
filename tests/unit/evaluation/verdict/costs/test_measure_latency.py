"""Latency under load, and of one question at a time."""

from services.evaluation.verdict.costs.measure_latency import Latency, measure_latency
from tests.unit.evaluation.verdict.costs.answers import BASE, EMPTY, GONE, RAG, TIMEOUT, TOO_LONG, fail, make_answers


def test_the_percentiles_under_load_and_alone_are_measured_apart() -> None:
    answers = [*make_answers(BASE, *range(1, 102)), *make_answers(RAG, 5)]
    base, rag = measure_latency([BASE, RAG], answers, make_answers(BASE, 1, 2, 3))
    assert base == Latency(51, 96, 2, 2.9)
    assert rag == Latency(5, 5, None, None)


def test_timeouts_and_empty_answers_count_and_refused_calls_do_not() -> None:
    answers = [
        *make_answers(BASE, 1),
        fail(BASE, TIMEOUT, 600),
        fail(BASE, EMPTY, 2, prompt=9),
        fail(BASE, TOO_LONG),
        fail(BASE, GONE, 120),
    ]
    assert measure_latency([BASE], answers)[0].p50 == 2


def test_an_arm_that_never_answered_has_no_latency() -> None:
    assert measure_latency([BASE], [fail(BASE, TOO_LONG, 1)], [fail(BASE, GONE, 1)]) == [Latency(0, 0, None, None)]
