"""Simulated comparisons: specs, jobs, and graded answers drawn from a stated effect."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.arms.build import build_arms
from services.evaluation.report.content import Report
from services.evaluation.statistics.summarize import Summary, summarize
from services.evaluation.verdict.decide import decide
from shared.contracts.comparisons import ARMS, ArmName, ComparisonSpec
from shared.datasets import Question
from shared.records.jobs import Job

BASE = "smollm2-135m-instruct"
TUNED = f"ft:{BASE}:default:short:AAAABBBBCCCCDDDD"
TOKENS: dict[ArmName, tuple[int, int]] = {"base": (20, 60), "rag": (520, 50), "fine_tuned": (20, 8), "both": (520, 9)}


def make_spec(**changes: Any) -> ComparisonSpec:
    """Return a comparison of four arms."""
    fields = {"questions_file": "file-q", "model": TUNED, "base_model": BASE, "vector_store_ids": ["vs_1"], "arms": list(ARMS)}
    return ComparisonSpec.model_validate({**fields, **changes})


def make_job(spec: ComparisonSpec, job_id: str = "cmp_abc") -> Job:
    """Return a running job with this spec."""
    values = {"id": job_id, "project_id": "default", "kind": "comparison", "status": "running", "takeovers": 0}
    return Job(**values, spec=spec.model_dump(), created_at=1_790_000_000, started_at=1_790_000_001)


def make_answers(scores: Mapping[str, Sequence[float]]) -> list[ArmAnswer]:
    """Return graded answers with these F1 scores, by question and arm. They match exactly if F1 is 1."""
    arms: list[ArmName] = [arm for arm in ARMS if arm in scores]
    questions = len(scores[arms[0]])
    return [make_answer(number, arm, scores[arm][number]) for number in range(questions) for arm in arms]


def make_answer(number: int, arm: ArmName, f1: float = 0.5) -> ArmAnswer:
    """Return a graded answer."""
    prompt, completion = TOKENS[arm]
    return ArmAnswer(
        question=number,
        arm=arm,
        text=f"answer {number} of {arm}",
        seconds=0.1 + 0.01 * (number % 7) + completion / 100,
        prompt_tokens=prompt,
        completion_tokens=completion,
        citations=[],
        scores={"f1": float(f1), "exact_match": float(f1 == 1)},
    )


def summarize_scores(scores: Mapping[str, Sequence[float]], **changes: Any) -> Summary:
    """Return the summary of answers with these F1 scores."""
    spec = make_spec(**{"arms": list(scores), **changes})
    return summarize(make_answers(scores), build_arms(spec), spec)


def simulate_scores(means: Mapping[str, float], questions: int, seed: int = 0) -> dict[str, list[float]]:
    """Return scores around these means. A question is equally hard for every arm; the rest of the variation is the arm's own."""
    random = np.random.default_rng(seed)
    hardness = random.normal(0, 0.15, questions)
    return {arm: list(np.clip(mean + hardness + random.normal(0, 0.2, questions), 0, 1)) for arm, mean in means.items()}


def make_report(scores: Mapping[str, Sequence[float]], **changes: Any) -> Report:
    """Return a complete report of answers with these F1 scores."""
    spec = make_spec(**{"arms": list(scores), **changes})
    answers = make_answers(scores)
    summary = summarize(answers, build_arms(spec), spec)
    questions = [Question(question=f"What is {number}?", answers=[f"answer {number}"]) for number in range(summary.questions)]
    return Report(make_job(spec), spec, questions, answers, summary, decide(summary), concurrency=8)
