"""Simulated comparisons: specs, jobs, graded answers drawn from stated effects, and what a comparison of them finds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.arms.build import Arm
from services.evaluation.verdict.evidence import Evidence
from shared.contracts.chat import RetrievalOptions
from shared.contracts.comparison_results import (
    ArmSummary,
    ComparisonFindings,
    Difference,
    Failures,
    JudgeFigures,
    LeakedQuestion,
    MoreQuestions,
    Overtake,
    RetrievalScores,
    SeedScore,
    TagScore,
    Verdict,
)
from shared.contracts.comparisons import STANDARD_ARMS, ComparisonSpec
from shared.datasets import Question
from shared.records.jobs import Job

BASE = "smollm2-135m-instruct"
TUNED = f"ft:{BASE}:default:short:AAAABBBBCCCCDDDD"
TOKENS: dict[str, tuple[int, int]] = {"base": (20, 60), "prompted": (260, 25), "rag": (520, 50), "fine_tuned": (20, 8), "both": (520, 9)}
MEANS = {"base": 0.12, "prompted": 0.2, "rag": 0.38, "fine_tuned": 0.24, "both": 0.66}
MORE_MEANS = {
    **MEANS,
    "rag-vector-only": 0.35,
    "rag-ten-passages": 0.41,
    "rag-strict-prompt-with-citations": 0.44,
    "both-vector-only": 0.6,
    "both-one-passage": 0.58,
    "warm-sampling": 0.11,
    "llama_3_2_1b_instruct": 0.52,
}
TAGS = ("numbers", "people", "dates")
PLACES = ("Lhasa", "Tromsø", "القاهرة", "Đà Nẵng", "Αθήνα", "東京")
RETRIEVED = [
    {"file_id": "file-1", "filename": "handbook/pumps.md", "text": "The coupling runs at 6.5 Nm.\nTighten it twice.", "score": 0.81},
    {"file_id": "file-2", "filename": "manual <final>.pdf", "text": "Do not open the valve below -18 °C.", "score": 0.44},
]


def make_spec(**changes: Any) -> ComparisonSpec:
    """Return a comparison of the standard arms."""
    fields = {"questions_file": "file-q", "model": TUNED, "base_model": BASE, "vector_store_ids": ["vs_1"], "arms": list(STANDARD_ARMS)}
    return ComparisonSpec.model_validate({**fields, **changes})


def make_job(spec: ComparisonSpec, job_id: str = "cmp_abc") -> Job:
    """Return a running job with this spec."""
    values = {"id": job_id, "project_id": "default", "kind": "comparison", "status": "running", "takeovers": 0}
    return Job(**values, spec=spec.model_dump(), created_at=1_790_000_000, started_at=1_790_000_001)


def simulate_scores(means: Mapping[str, float], questions: int, seed: int = 0) -> dict[str, list[float]]:
    """Return scores around these means. A question is equally hard for every arm; the rest of the variation is the arm's own."""
    random = np.random.default_rng(seed)
    hardness = random.normal(0, 0.15, questions)
    return {arm: list(np.clip(mean + hardness + random.normal(0, 0.2, questions), 0, 1)) for arm, mean in means.items()}


def make_question(number: int) -> Question:
    """Return a question with contexts and a tag. Questions 4, 14, … must be answered by an abstention."""
    place = PLACES[number % len(PLACES)]
    answers = [] if number % 10 == 4 else [f"{number}.5 Nm", f"{number + 0.5} newton metres"]
    fields = {"question": f"Which torque does pump {number} in {place} need?", "answers": answers, "tags": [TAGS[number % len(TAGS)]]}
    return Question.model_validate({**fields, "contexts": ["handbook/pumps.md"], "id": f"q{number}"})


def make_answer(number: int, arm: str, score: float = 0.5, **changes: Any) -> ArmAnswer:
    """Return a graded answer. It matches exactly if the score is 1."""
    prompt, completion = TOKENS.get(arm, (300 + 7 * len(arm), 30))
    answer = ArmAnswer(
        question=number,
        arm=arm,
        text=f"answer {number} of {arm}",
        seconds=0.1 + 0.01 * (number % 7) + completion / 100,
        prompt_tokens=prompt,
        completion_tokens=completion,
        citations=[],
        scores={"f1": float(score), "exact_match": float(score == 1)},
        finish_reason="stop",
        engine_seconds=completion / 100,
        retrieved=RETRIEVED if has_documents(arm) else [],
    )
    return replace(answer, **changes)


def make_answers(scores: Mapping[str, Sequence[float]]) -> list[ArmAnswer]:
    """Return graded answers with these F1 scores, by question and arm."""
    return [make_answer(number, arm, scores[arm][number]) for number in range(len(next(iter(scores.values())))) for arm in scores]


def has_documents(arm: str) -> bool:
    """Return whether an arm retrieves."""
    return arm.startswith(("rag", "both"))


def make_arms(names: Sequence[str]) -> list[Arm]:
    """Return arms with these names."""
    retrieval = RetrievalOptions(vector_store_ids=["vs_1"])
    tuned = ("fine_tuned", "both", "both-vector-only", "both-one-passage")
    return [Arm(name, TUNED if name in tuned else BASE, retrieval if has_documents(name) else None) for name in names]


def make_evidence(scores: Mapping[str, Sequence[float]], **changes: Any) -> Evidence:
    """Return the evidence of a comparison with these F1 scores. `changes` are fields of the spec."""
    own = [{"name": name} for name in scores if name not in STANDARD_ARMS]
    spec = make_spec(**{"arms": [*(name for name in scores if name in STANDARD_ARMS), *own], **changes})
    answers = make_answers(scores)
    questions = [make_question(number) for number in range(len(next(iter(scores.values()))))]
    return Evidence(
        job_id="cmp_abc",
        created_at=1_790_000_000,
        spec=spec,
        arms=make_arms(list(scores)),
        questions=questions,
        clusters=list(range(len(questions))),
        answers=answers,
        single=[answer for answer in answers if answer.question < 3],
        repeated=[answer for answer in answers if answer.question < 2],
        training_seconds=75.0,
        concurrency=8,
        versions={"python": "3.11.2", "numpy": "2.3.1"},
        data={"file-q": "ab" * 32},
    )


def simulate(arms: int = 5, questions: int = 60, **changes: Any) -> Evidence:
    """Return the evidence of a comparison of the first 2 to 12 arms of MORE_MEANS."""
    return make_evidence(simulate_scores(dict(list(MORE_MEANS.items())[:arms]), questions), **changes)


def plant_findings(evidence: Evidence) -> ComparisonFindings:
    """Return findings of this evidence, computed in the simplest way: the arm with the highest mean is recommended if 2 errors apart.

    For tests of what is done with findings; how they are found is tested in `verdict` and `statistics`.
    """
    names = [arm.name for arm in evidence.arms]
    arms = [_summarize(evidence, name) for name in names]
    pairs = [_compare(evidence, arms, first, second) for first in range(len(arms)) for second in range(first)]
    best = max(arms, key=lambda arm: arm.scores["f1"])
    settled = all(pair.shown for pair in pairs if pair.better == best.arm)
    verdict = Verdict(
        outcome="recommendation" if settled else "not_settled",
        recommended=best.arm if settled else None,
        best=best.arm,
        headline=f"Use {best.arm}" if settled else "Not settled",
        text=f"{best.arm} has a mean F1 of {best.scores['f1']:.2f}, the highest of {len(arms)} arms.",
        candidates=[best.arm],
        not_excluded=[best.arm] if settled else names,
        margin=0.05,
        look=evidence.spec.look,
        alpha=0.025,
        more_questions=None if settled else MoreQuestions(for_half=120, for_four_fifths=None),
        flip_rate=0.02,
        method="clustered_t",
    )
    return ComparisonFindings(
        questions=len({answer.question for answer in evidence.answers}),
        clusters=len(set(evidence.clusters)),
        left_out=sum(question.left_out for question in evidence.leaked),
        arms=arms,
        differences=pairs,
        verdict=verdict,
        leaked=list(evidence.leaked),
        template_copies=evidence.template_copies,
        judges=list(evidence.judges),
        seeds=[SeedScore(model=name, scores={best.arm: 0.6}, recommended=best.arm) for name in evidence.other_seeds],
        overtakes=[Overtake(arm="both", than="rag", questions=12_345)] if {"both", "rag"} <= set(names) else [],
        smallest_difference=0.14,
        seed=evidence.spec.seed,
        concurrency=evidence.concurrency,
    )


def _answers_of(evidence: Evidence, arm: str) -> list[ArmAnswer]:
    return [answer for answer in evidence.answers if answer.arm == arm]


def _scores(answers: Sequence[ArmAnswer], grader: str = "f1") -> "np.ndarray[Any, np.dtype[np.float64]]":
    return np.array([answer.scores.get(grader, 0.0) for answer in answers], dtype=np.float64)


def _interval(values: "np.ndarray[Any, np.dtype[np.float64]]") -> tuple[float, float]:
    half = 2 * float(values.std()) / max(len(values) - 1, 1) ** 0.5
    return float(values.mean()) - half, float(values.mean()) + half


def _summarize(evidence: Evidence, arm: str) -> ArmSummary:
    answers = _answers_of(evidence, arm)
    seconds = [answer.seconds for answer in answers]
    prompt, completion = answers[0].prompt_tokens, answers[0].completion_tokens
    cost = (prompt + completion) / 1e6 if evidence.spec.prices else prompt + completion
    failures = [answer.failure.kind for answer in answers if answer.failure]
    return ArmSummary(
        arm=arm,
        model=next(known.model for known in evidence.arms if known.name == arm),
        scores={grader: float(_scores(answers, grader).mean()) for grader in ("f1", "exact_match")},
        intervals={grader: _interval(_scores(answers, grader)) for grader in ("f1", "exact_match")},
        latency_p50=float(np.percentile(seconds, 50)),
        latency_p95=float(np.percentile(seconds, 95)),
        single_latency_p50=0.05,
        single_latency_p95=0.09,
        prompt_tokens=prompt,
        completion_tokens=completion,
        engine_seconds=completion / 100,
        cost=cost,
        fixed_cost=0.4 if arm in ("fine_tuned", "both") else 0.0,
        cost_per_correct=cost / max(float(_scores(answers).mean()), 1e-6),
        failures=Failures(own=failures.count("own"), infrastructure=failures.count("infrastructure")),
        tags=[_summarize_tag(evidence, answers, tag) for tag in TAGS if any(tag in question.tags for question in evidence.questions)],
        retrieval=RetrievalScores(
            questions=len(answers),
            recall=0.8,
            precision=0.3,
            ndcg=0.71,
            mrr=0.66,
            supported=0.75,
            missed_by_search=0.6,
            missed_by_reading=0.3,
        )
        if has_documents(arm)
        else None,
    )


def _summarize_tag(evidence: Evidence, answers: Sequence[ArmAnswer], tag: str) -> TagScore:
    values = _scores([answer for answer in answers if tag in evidence.questions[answer.question].tags])
    return TagScore(tag=tag, questions=len(values), mean=float(values.mean()), interval=_interval(values))


def _compare(evidence: Evidence, arms: list[ArmSummary], first: int, second: int) -> Difference:
    better, worse = sorted((first, second), key=lambda index: -arms[index].scores["f1"])
    values = _scores(_answers_of(evidence, arms[better].arm)) - _scores(_answers_of(evidence, arms[worse].arm))
    low, high = _interval(values)
    shown = low > 0 and len(values) > 1
    return Difference(better=arms[better].arm, worse=arms[worse].arm, mean=float(values.mean()), low=low, high=high, shown=shown)


def add_failures(evidence: Evidence) -> Evidence:
    """Return the evidence with two answers that failed by the arm's own fault, and one by the infrastructure's."""
    failures = {
        3: Failure("own", "context_length_exceeded", "The prompt has 2,310 tokens; the model reads 2,048."),
        8: Failure("own", "empty", "The answer is empty."),
        13: Failure("infrastructure", "engine_unavailable", "The engine did not respond within 60 s."),
    }
    answers = [
        replace(
            answer,
            text="",
            scores={} if failures[index].kind == "infrastructure" else {"f1": 0.0, "exact_match": 0.0},
            failure=failures[index],
        )
        if index in failures
        else answer
        for index, answer in enumerate(evidence.answers)
    ]
    return replace(evidence, answers=answers)


def add_everything(evidence: Evidence) -> Evidence:
    """Return the evidence with failures, judges, leaked questions, copies of the template and further seeds."""
    judge = JudgeFigures(grader="helpful", model="judge-7b", judged=50, consistency=0.72, agreement=0.81, unparseable=0.04)
    leaked = [
        LeakedQuestion(question="Which torque does pump 900 need?", line=17, similarity=0.93, left_out=True),
        LeakedQuestion(question="ما عزم الدوران؟", line=3, similarity=1.0, left_out=True),
    ]
    seeds = {f"{TUNED}-seed-1": evidence.answers, f"{TUNED}-seed-2": evidence.answers}
    return replace(add_failures(evidence), judges=[judge], leaked=leaked, template_copies=12, other_seeds=seeds)
