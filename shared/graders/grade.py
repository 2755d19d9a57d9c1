"""Grades one answer: its templates are filled, its score is computed or asked of a model, and errors are reported, never scored.

grade ─► string_check, exact_match, f1, contains, numeric, abstention   scoring/answers
      ─► text_similarity                                               scoring/similarity, or an embedder
      ─► json_schema                                                   scoring/json_output
      ─► score_model, label_model                                      scoring/model
      ─► multi: all its graders, and then the formula                  formula
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial
from typing import Any

from shared.contracts.graders import (
    AbstentionGrader,
    ContainsGrader,
    ExactMatchGrader,
    F1Grader,
    Grader,
    JsonSchemaGrader,
    LabelModelGrader,
    MultiGrader,
    NumericGrader,
    PythonGrader,
    ReferenceGrader,
    ScoreModelGrader,
    SingleGrader,
    StringCheckGrader,
    TextSimilarityGrader,
)
from shared.errors import TandemError
from shared.graders.formula import FormulaError, compute, find_names, parse_formula
from shared.graders.outcome import Grade, GraderModels, GradingFailed, failed, sum_usage
from shared.graders.sample import Sample
from shared.graders.scoring.answers import (
    keep_numbers,
    read_accepted,
    score_abstention,
    score_best,
    score_numeric,
    score_string_check,
)
from shared.graders.scoring.json_output import score_json_schema
from shared.graders.scoring.model import ask_for_label, ask_for_score
from shared.graders.scoring.similarity import check_total, cosine, score_similarity
from shared.graders.template import Scope, render
from shared.graders.text import contains_words, exact_match, token_f1

WORD_SCORES: Mapping[type[ReferenceGrader], Callable[[str, str], float]] = {
    ExactMatchGrader: exact_match,
    F1Grader: token_f1,
    ContainsGrader: contains_words,
}
SLOW_TYPES = (TextSimilarityGrader, JsonSchemaGrader)
SLOW_THREADS = 2  # each takes its share of the interpreter from the event loop


async def grade(grader: Grader, item: Any, sample: Sample, models: GraderModels) -> Grade:
    """Return the grade of one answer. `item` is the row of the dataset, parsed from JSON.

    An answer that cannot be graded gets a grade with an error. Raises only what the models raise beyond TandemError.
    """
    scope = Scope(item, sample)
    try:
        return await (_grade_multi(grader, scope, models) if isinstance(grader, MultiGrader) else _grade_single(grader, scope, models))
    except GradingFailed as error:
        return failed(error)


async def _grade_single(grader: SingleGrader, scope: Scope, models: GraderModels) -> Grade:
    if isinstance(grader, ScoreModelGrader):
        score, call = await ask_for_score(grader, scope, models)
        return Grade(score, _passes(score, grader.pass_threshold), usage={call.model: call.usage}, calls=(call,))
    if isinstance(grader, LabelModelGrader):
        label, call = await ask_for_label(grader, scope, models)
        is_passing = label in grader.passing_labels
        return Grade(float(is_passing), is_passing, usage={call.model: call.usage}, label=label, calls=(call,))
    if isinstance(grader, TextSimilarityGrader) and grader.evaluation_metric == "cosine":
        score = await _score_cosine(grader, scope, models)
    else:
        score = await _run_in_thread(grader, partial(_score_text, grader, scope))
    return Grade(score, _passes(score, _threshold(grader)))


async def _run_in_thread(grader: SingleGrader, work: Callable[[], float]) -> float:
    """Return the result of `work`. A long text takes its time, and the event loop must go on."""
    if not isinstance(grader, SLOW_TYPES):
        return await asyncio.to_thread(work)
    return await asyncio.get_running_loop().run_in_executor(_slow_threads(), work)


@cache
def _slow_threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(SLOW_THREADS, "grading")


def _threshold(grader: SingleGrader) -> float | None:
    """Return from which score on an answer passes; None if the grader does not say. A score that is 1 or 0 passes if it is 1."""
    return getattr(grader, "pass_threshold", 1.0)


def _passes(score: float, threshold: float | None) -> bool | None:
    return None if threshold is None else score >= threshold


def _score_text(grader: SingleGrader, scope: Scope) -> float:
    if isinstance(grader, PythonGrader | ScoreModelGrader | LabelModelGrader):
        raise GradingFailed("other_error", f"A grader of type '{grader.type}' does not compare texts.")
    text = render(grader.input, scope)
    if isinstance(grader, JsonSchemaGrader):
        return score_json_schema(text, grader.schema_)
    accepted = read_accepted(grader.reference, scope)
    if isinstance(grader, StringCheckGrader):
        return score_string_check(grader, text, accepted)
    if isinstance(grader, TextSimilarityGrader):
        check_total(accepted.answers)
        return score_best(text, accepted, (), partial(score_similarity, grader.evaluation_metric))
    if isinstance(grader, AbstentionGrader):
        return score_abstention(text, accepted, grader.phrases)
    if isinstance(grader, NumericGrader):
        return score_best(text, keep_numbers(grader, accepted), grader.phrases, partial(score_numeric, grader))
    return score_best(text, accepted, grader.phrases, WORD_SCORES[type(grader)])


async def _score_cosine(grader: TextSimilarityGrader, scope: Scope, models: GraderModels) -> float:
    text, accepted = render(grader.input, scope), read_accepted(grader.reference, scope)
    texts = list(dict.fromkeys(each for each in (text, *accepted.answers) if each.strip()))
    if len(texts) < 2 or not text.strip():
        return score_best(text, accepted, (), lambda one, other: float(one.strip() == other.strip()))
    vectors = dict(zip(texts, await _embed(texts, models), strict=True))
    return score_best(text, accepted, (), lambda one, other: cosine(vectors[one], vectors[other]) if other in vectors else 0.0)


async def _embed(texts: Sequence[str], models: GraderModels) -> Sequence[Sequence[float]]:
    if models.embedder is None or models.embedding_model is None:
        raise GradingFailed("model_grader_server_error", "'cosine' needs an embedding model, and none can be called here.")
    try:
        vectors = await models.embedder.embed(texts, models.embedding_model)
    except TandemError as error:
        message = f"The embedding model '{models.embedding_model}' could not be called: {error.message}"
        raise GradingFailed("model_grader_server_error", message) from error
    if len(vectors) != len(texts):
        raise GradingFailed("model_grader_server_error", f"The embedder returned {len(vectors)} vectors for {len(texts)} texts.")
    return vectors


async def _grade_multi(grader: MultiGrader, scope: Scope, models: GraderModels) -> Grade:
    grades = await asyncio.gather(*(grade(each, scope.item, scope.sample, models) for each in grader.graders.values()))
    named = dict(zip(grader.graders, grades, strict=True))
    calls = tuple(call for each in grades for call in each.calls)
    scores = {name: each.score for name, each in named.items() if each.error is None}
    try:
        score = _compute(grader, named, scores)
    except GradingFailed as error:
        return replace(failed(GradingFailed(error.kind, error.message, calls, error.code), scores), sub_grades=named)
    return Grade(score, _passes(score, grader.pass_threshold), scores, usage=sum_usage(calls), calls=calls, sub_grades=named)


def _compute(grader: MultiGrader, grades: Mapping[str, Grade], scores: Mapping[str, float]) -> float:
    """Return the value of the formula. Errors of graders that the formula does not use do not matter."""
    try:
        formula = parse_formula(grader.calculate_output)
        for name in sorted(find_names(formula)):
            if name not in grades:
                raise FormulaError(f"uses '{name}', which is not one of the graders")
            if (wrong := grades[name]).error_kind is not None:
                raise GradingFailed(wrong.error_kind, f"'{name}': {wrong.error}", code=wrong.error_code)
        return compute(formula, scores)
    except FormulaError as error:
        raise GradingFailed("formula_parse_error", f"'calculate_output' {error}.") from error
