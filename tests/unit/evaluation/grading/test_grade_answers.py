import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.grading.grade_answers import Grading, grade_answers, list_graders
from shared.contracts.graders import Grader
from shared.datasets import Question
from shared.errors import Unavailable
from shared.graders.check import parse_grader
from shared.graders.outcome import GraderModels
from shared.workers.api_client import ChatCompletion
from tests.unit.evaluation.cases import make_answer

JUDGE = {
    "type": "score_model",
    "name": "judge",
    "model": "judge-7b",
    "range": [0, 10],
    "input": [{"role": "user", "content": "Grade this answer: {{sample.output_text}}"}],
}
JSON = {"type": "string_check", "name": "color", "operation": "eq", "input": "{{sample.output_json.color}}", "reference": "red"}
QUESTIONS = [Question.model_validate({"question": f"What is {number}?", "answers": [f"{number}"]}) for number in range(200)]


@dataclass
class FakeJudge:
    """Answers with the text that stands for a word of the request, and counts its calls."""

    replies: Mapping[str, str | Exception]
    calls: list[str] = field(default_factory=list)

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        text = str(request["messages"])
        self.calls.append(text)
        reply = next(reply for word, reply in self.replies.items() if word in text)
        if isinstance(reply, Exception):
            raise reply
        return ChatCompletion(text=reply, prompt_tokens=10, completion_tokens=5, citations=[])


@dataclass
class SavedScores:
    """Remembers which scores were saved, by phase."""

    saved: dict[str, list[ArmAnswer]] = field(default_factory=dict)

    def save_scores(self, answers: Iterable[ArmAnswer], phase: str) -> None:
        self.saved.setdefault(phase, []).extend(answers)


def ungraded(number: int, text: str, **changes: Any) -> ArmAnswer:
    return make_answer(number, "base", text=text, **{"scores": {}, **changes})


def run(
    answers: Sequence[ArmAnswer],
    own: Sequence[Mapping[str, Any]] = (),
    deciding: str = "f1",
    judge: FakeJudge | None = None,
    store: SavedScores | None = None,
    progress: list[tuple[int, int]] | None = None,
) -> list[ArmAnswer]:
    graders: list[Grader] = [parse_grader(grader) for grader in own]
    grading = Grading(list_graders(graders), deciding, GraderModels(chat=judge))
    shown = progress if progress is not None else []
    kept = store or SavedScores()
    return asyncio.run(grade_answers(QUESTIONS, answers, grading, kept, "main", lambda done, total: shown.append((done, total))))


def test_every_answer_gets_a_score_from_every_grader() -> None:
    graded = run([ungraded(1, "1"), ungraded(2, "it is 2, I think"), ungraded(3, "no")])
    assert [answer.scores["exact_match"] for answer in graded] == [1.0, 0.0, 0.0]
    assert graded[1].scores["f1"] > 0
    assert graded[2].scores["f1"] == 0


def test_without_accepted_answers_only_graders_that_need_none_give_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "QUESTIONS", [Question(question="What is 1?", answers=None)])
    (graded,) = run([ungraded(0, "good")], [JUDGE], "judge", FakeJudge({"good": '{"steps": [], "result": 7}'}))
    assert (graded.scores, graded.failure) == ({"judge": 7.0}, None)


def test_scores_are_stored_as_they_come_and_progress_is_told() -> None:
    store, progress = SavedScores(), list[tuple[int, int]]()
    run([ungraded(number, "1") for number in range(150)], store=store, progress=progress)
    assert len(store.saved["main"]) == 150
    assert progress == [(64, 150), (128, 150), (150, 150)]


def test_answers_that_have_their_scores_are_not_graded_again() -> None:
    judge = FakeJudge({"new": '{"steps": [], "result": 7}'})
    scored = {"exact_match": 1.0, "f1": 1.0, "judge": 3.0}
    graded = run([ungraded(1, "old", scores=scored), ungraded(2, "new")], [JUDGE], "judge", judge)
    assert [answer.scores["judge"] for answer in graded] == [3.0, 7.0]
    assert len(judge.calls) == 1


def test_failed_answers_stay_as_they_are() -> None:
    failure = Failure("own", "empty", "The answer is empty.")
    assert run([ungraded(1, "", failure=failure)])[0] == ungraded(1, "", failure=failure)


def test_a_judgment_that_cannot_be_read_is_a_failure_of_the_infrastructure_and_never_a_score() -> None:
    judge = FakeJudge({"good": '{"steps": [], "result": 7}', "bad": "I would say seven."})
    good, bad = run([ungraded(1, "good"), ungraded(2, "bad")], [JUDGE], "judge", judge)
    assert good.scores["judge"] == 7.0
    assert "judge" not in bad.scores
    assert bad.failure is not None
    assert bad.failure.kind == "infrastructure"


def test_a_judge_that_is_away_is_a_failure_of_the_infrastructure() -> None:
    judge = FakeJudge({"answer": Unavailable("The engine is away.")})
    [answer] = run([ungraded(1, "answer")], [JUDGE], "judge", judge)
    assert answer.failure is not None
    assert "The engine is away." in answer.failure.message


def test_a_grader_that_does_not_decide_fails_no_answer() -> None:
    judge = FakeJudge({"1": "I would say seven."})
    [answer] = run([ungraded(1, "1")], [JUDGE], "f1", judge)
    assert answer.failure is None
    assert answer.scores["f1"] == 1.0
    assert "judge" not in answer.scores


def test_an_answer_of_the_wrong_form_gets_the_lowest_grade() -> None:
    red, prose = run([ungraded(1, '{"color": "red"}'), ungraded(2, "It is red.")], [JSON], "color")
    assert red.scores["color"] == 1.0
    assert prose.scores["color"] == 0.0
    assert prose.failure is None


def test_an_answer_of_the_wrong_form_fails_by_its_own_fault_if_the_grader_has_no_lowest_score() -> None:
    unbounded = {"type": "multi", "name": "ratio", "graders": {"red": JSON}, "calculate_output": "1 / red"}
    [prose] = run([ungraded(1, "It is red.")], [unbounded], "ratio")
    assert prose.failure is not None
    assert prose.failure.kind == "own"


def test_a_judge_that_grades_nothing_ends_the_comparison_and_leaves_the_scores_open() -> None:
    judge, store = FakeJudge({"answer": Unavailable("The engine is away.")}), SavedScores()
    with pytest.raises(Unavailable, match=r"None of 64 answers could be graded.*The engine is away\."):
        run([ungraded(number, "answer") for number in range(200)], [JUDGE], "judge", judge, store)
    assert store.saved == {}


def test_a_judge_that_grades_some_answers_ends_nothing() -> None:
    judge = FakeJudge({"good": '{"steps": [], "result": 7}', "lost": Unavailable("The engine is away.")})
    graded = run([ungraded(number, "lost" if number else "good") for number in range(40)], [JUDGE], "judge", judge)
    assert sum(answer.failure is not None for answer in graded) == 39
