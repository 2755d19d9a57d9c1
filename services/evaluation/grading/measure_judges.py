"""Measures the graders that are models before their grades are trusted, on answers whose grade is known."""

from collections.abc import Sequence

from shared.contracts.comparison_results import JudgeFigures
from shared.contracts.graders import Grader
from shared.datasets import Question
from shared.graders import judge
from shared.graders.outcome import GraderModels

CASES = 40  # answers that each judge grades twice


async def measure_judges(
    graders: Sequence[Grader], questions: Sequence[Question], models: GraderModels, concurrency: int
) -> tuple[list[JudgeFigures], list[str]]:
    """Return the figures of every judge among the graders, and a sentence for each weakness that was found.

    Accepted answers should pass, and those of another question should not. Without model graders, nothing is asked.
    """
    cases = judge.plant_cases([question.item() for question in questions], limit=CASES)
    figures, weaknesses = list[JudgeFigures](), list[str]()
    for grader in graders:
        for name, each in judge.list_judges(grader).items():
            measured = await judge.measure_judge(each, cases, models, limit=CASES, concurrency=concurrency)
            figures.append(_describe(name, each.model, measured))
            weaknesses += [f"Grader '{name}': {weakness}" for weakness in judge.find_weaknesses(measured)]
    return figures, weaknesses


def _describe(name: str, model: str, measured: judge.JudgeFigures) -> JudgeFigures:
    return JudgeFigures(
        grader=name,
        model=model,
        judged=measured.cases,
        consistency=measured.order_agreement,
        agreement=measured.agreement.accuracy,
        unparseable=measured.unparseable_rate,
    )
