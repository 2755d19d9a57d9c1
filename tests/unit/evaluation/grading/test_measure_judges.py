import asyncio
from typing import Any

from services.evaluation.grading.measure_judges import measure_judges
from shared.datasets import Question
from shared.graders.check import parse_grader
from shared.graders.outcome import GraderModels
from shared.workers.api_client import ChatCompletion

QUESTIONS = [Question.model_validate({"question": f"What is {number}?", "answers": [f"answer {number}"]}) for number in range(12)]
JUDGE = parse_grader(
    {
        "type": "score_model",
        "name": "judge",
        "model": "judge-7b",
        "range": [0, 1],
        "pass_threshold": 0.5,
        "input": [{"role": "user", "content": "Is this right? {{sample.output_text}} Right is: {{item.answers[0]}}"}],
    }
)


class FakeJudge:
    """Gives a reply to every request."""

    def __init__(self, honest: bool, readable: bool = True) -> None:
        self._honest = honest
        self._readable = readable

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        text = request["messages"][-1]["content"]
        given, _, right = text.removeprefix("Is this right? ").partition(" Right is: ")
        score = float(given.strip() == right.strip()) if self._honest else 1.0
        reply = f'{{"steps": [], "result": {score}}}' if self._readable else "It is right."
        return ChatCompletion(text=reply, prompt_tokens=20, completion_tokens=5, citations=[])


def test_a_judge_that_knows_right_from_wrong_has_no_weakness() -> None:
    figures, weaknesses = asyncio.run(measure_judges([JUDGE], QUESTIONS, GraderModels(chat=FakeJudge(honest=True)), 4))
    assert (figures[0].grader, figures[0].model, figures[0].agreement, figures[0].unparseable) == ("judge", "judge-7b", 1.0, 0.0)
    assert weaknesses == []


def test_a_judge_that_passes_everything_agrees_by_chance_only() -> None:
    figures, weaknesses = asyncio.run(measure_judges([JUDGE], QUESTIONS, GraderModels(chat=FakeJudge(honest=False)), 4))
    assert figures[0].agreement == 0.5
    assert len(weaknesses) == 1
    assert weaknesses[0].startswith("Grader 'judge': ")


def test_unreadable_outputs_are_counted() -> None:
    figures, weaknesses = asyncio.run(measure_judges([JUDGE], QUESTIONS, GraderModels(chat=FakeJudge(honest=True, readable=False)), 4))
    assert figures[0].unparseable == 1.0
    assert figures[0].agreement is None
    assert any("could not be used" in weakness for weakness in weaknesses)


def test_graders_that_are_no_models_are_not_measured() -> None:
    f1 = parse_grader({"type": "f1", "name": "f1"})
    assert asyncio.run(measure_judges([f1], QUESTIONS, GraderModels(), 4)) == ([], [])
