from services.evaluation.inputs.announce import describe_power
from services.evaluation.statistics.detectable import Design, plan


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
