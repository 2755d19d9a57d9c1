"""Assesses the evidence of a comparison: the verdict, with the figures that it rests on.

    scale ──▶ costs ──▶ conclude ──▶ compare pairs, summarize arms ──▶ explain

The same evidence always gives the same findings, so a replay computes them again without an engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.statistics.detectable import review
from services.evaluation.statistics.pairs import PairDifference, compare_pairs
from services.evaluation.verdict.conclude import Conclusion, conclude
from services.evaluation.verdict.costs.find_overtakes import find_overtakes
from services.evaluation.verdict.costs.price_arms import ArmCost, price_arms
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.explain import explain, make_title
from services.evaluation.verdict.list_warnings import list_warnings
from services.evaluation.verdict.scale import Scale, find_scale
from services.evaluation.verdict.sum_indexing import sum_indexing
from services.evaluation.verdict.summarize import summarize_arms
from shared.contracts.comparison_results import ComparisonFindings, Difference, SeedScore, Verdict

METHOD = "paired-2026"  # the rule, its levels and its intervals; another name if any of them changes


def assess(evidence: Evidence) -> ComparisonFindings:
    """Return what the evidence shows."""
    scale = find_scale(evidence.spec, evidence.answers, evidence.spec.grader)
    costs = _price(evidence)
    prices = {cost.arm: cost.cost for cost in costs}
    conclusion = conclude(evidence, scale, prices)
    seeds = [_score_seed(evidence, prices, model, answers) for model, answers in evidence.other_seeds.items()]
    return ComparisonFindings(
        questions=conclusion.trial.questions,
        clusters=len(conclusion.trial.cluster_sizes),
        left_out=len(evidence.questions) - conclusion.trial.questions,
        arms=summarize_arms(evidence, scale, costs),
        differences=_compare_pairs(conclusion),
        verdict=_make_verdict(evidence, conclusion, scale, costs),
        leaked=list(evidence.leaked),
        template_copies=evidence.template_copies,
        judges=list(evidence.judges),
        seeds=seeds,
        overtakes=find_overtakes(costs) if evidence.spec.prices else [],
        smallest_difference=None if conclusion.trial.too_few else review(conclusion.trial).difference,
        seed=evidence.spec.seed,
        concurrency=evidence.concurrency,
    )


def _price(evidence: Evidence) -> list[ArmCost]:
    timed = evidence.single, evidence.training_seconds, sum_indexing(evidence)
    return price_arms(evidence.spec.prices, evidence.arms, evidence.answers, *timed)


def _compare_pairs(conclusion: Conclusion) -> list[Difference]:
    """Return the differences of all pairs. With too many failed answers, none is shown, as answers seldom fail at random."""
    pairs = compare_pairs(conclusion.trial)
    return [_describe_difference(replace(pair, shown=pair.shown and conclusion.outcome != "failed")) for pair in pairs]


def _describe_difference(pair: PairDifference) -> Difference:
    """Return a difference with the arm that has the higher mean first."""
    if pair.mean >= 0:
        better, worse, low, high = pair.first, pair.second, pair.low, pair.high
    else:
        better, worse, low, high = pair.second, pair.first, -pair.high, -pair.low
    p_values = {"mid_p": pair.mid_p, "exact_p": pair.exact_p}
    return Difference(better=better, worse=worse, mean=abs(pair.mean), low=low, high=high, shown=pair.shown, **p_values)


def _make_verdict(evidence: Evidence, conclusion: Conclusion, scale: Scale, costs: Sequence[ArmCost]) -> Verdict:
    trial, decision = conclusion.trial, conclusion.decision
    return Verdict(
        outcome=conclusion.outcome,
        recommended=conclusion.recommended,
        best=trial.arms[decision.leader],
        text=explain(conclusion, scale),
        headline=make_title(conclusion),
        candidates=[trial.arms[index] for index in decision.candidates],
        not_excluded=[trial.arms[index] for index in decision.not_excluded],
        none_answers_well=decision.none_answers_well,
        margin=scale.margin,
        look=evidence.spec.look,
        alpha=decision.alpha,
        more_questions=conclusion.more,
        flip_rate=measure_flips(evidence.answers, evidence.repeated, scale.grader),
        warnings=list_warnings(evidence, costs),
        method=METHOD,
    )


def measure_flips(answers: Sequence[ArmAnswer], repeated: Sequence[ArmAnswer], grader: str) -> float | None:
    """Return the share of repeated answers whose grade differs from the first; None if none was repeated."""
    first = {(answer.question, answer.arm): answer.scores.get(grader) for answer in answers}
    pairs = [(first.get((answer.question, answer.arm)), answer.scores.get(grader)) for answer in repeated]
    graded = [abs(one - other) > 1e-9 for one, other in pairs if one is not None and other is not None]
    return sum(graded) / len(graded) if graded else None


def _score_seed(evidence: Evidence, prices: Mapping[str, float], model: str, answers: Sequence[ArmAnswer]) -> SeedScore:
    """Return the scores with another adapter's answers in place of the first one's, and what would be recommended with them."""
    other = {(answer.question, answer.arm): answer for answer in answers}
    swapped = replace(evidence, answers=[other.get((answer.question, answer.arm), answer) for answer in evidence.answers])
    scale = find_scale(swapped.spec, swapped.answers, swapped.spec.grader)  # without bounds, the range is that of these scores
    conclusion = conclude(swapped, scale, prices)
    trial = conclusion.trial
    affected = {answer.arm for answer in answers}
    scores = {arm: float(mean) for arm, mean in zip(trial.arms, trial.means, strict=True) if arm in affected}
    return SeedScore(model=model, scores=scores, recommended=conclusion.recommended)
