from services.evaluation.inputs.announce import describe_power
from services.evaluation.statistics.detectable import Design, plan


def make(questions: int, arms: int = 5) -> Design:
    return Design(questions=questions, clusters=questions, arms=arms, low=0.0, high=1.0, margin=0.05, binary=True)


def test_few_questions_show_large_differences_only_and_do_not_reach_the_margin() -> None:
    design = make(64)
    text = describe_power(design, plan(design))
    assert text.startswith("64 questions and 5 arms can show a difference of 0.")
    assert "takes about " in text


def test_many_questions_reach_the_margin() -> None:
    design = make(20_000, arms=2)
    assert "They are enough to name the cheapest of equally good arms, to within 0.05." in describe_power(design, plan(design))


def test_one_question_shows_nothing() -> None:
    design = make(1)
    assert "can show no difference reliably" in describe_power(design, plan(design))
