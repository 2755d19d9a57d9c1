import pytest

from services.evaluation.inputs.announce import announce_power, describe_power, list_kept
from services.evaluation.statistics.detectable import Design, plan
from shared.records.database import Database
from shared.records.jobs import JobEvent
from shared.workers.job_context import JobContext
from tests.unit.evaluation.cases import make_spec


def make(questions: int, arms: int = 5) -> Design:
    return Design(questions=questions, clusters=questions, arms=arms, low=0.0, high=1.0, margin=0.05, binary=True)


def test_few_questions_show_large_differences_only_and_do_not_reach_the_margin() -> None:
    design = make(64)
    text = describe_power(design, plan(design))
    assert text.startswith("With 64 questions and 5 arms, a difference of 0.")
    assert "takes about " in text


def test_many_questions_reach_the_margin() -> None:
    design = make(20_000, arms=2)
    assert "That is also enough to name the cheapest of several arms that are equally good, to within 0.05." in describe_power(
        design, plan(design)
    )


def test_one_question_shows_nothing() -> None:
    design = make(1)
    assert "With 1 question and 5 arms, no difference can be shown reliably." in describe_power(design, plan(design))


def test_nothing_is_promised_for_a_grader_without_bounds(context: JobContext) -> None:
    ratio = {"type": "multi", "name": "ratio", "graders": {"a": {"type": "f1", "name": "a"}}, "calculate_output": "1 / a"}
    assert announce_power(make_spec(graders=[ratio], grader="ratio", margin=0.5), list(range(500)), 3, context) is None
    power = announce_power(make_spec(), list(range(500)), 3, context)
    assert power is not None
    assert power.difference is not None


def test_questions_that_are_left_out_show_nothing() -> None:
    assert list_kept([0, 0, 1, 2], {1, 3}) == [0, 1]


@pytest.mark.parametrize(("clusters", "found"), [([0], "1 question in 1 cluster"), ([*range(9)] * 10, "90 questions in 9 clusters")])
def test_too_few_questions_are_announced_before_they_are_asked(
    clusters: list[int], found: str, context: JobContext, database: Database
) -> None:
    assert announce_power(make_spec(), clusters, 3, context) is None
    with database.session() as session:
        [event] = session.query(JobEvent).filter_by(level="warn")
    assert event.message == f"There are {found}. A verdict needs at least 10 questions in 10 clusters, so there will be none."
