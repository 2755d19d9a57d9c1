"""Assesses the evidence of a comparison: the verdict, with the figures that it rests on.

    scale ──▶ costs ──▶ conclude ──▶ compare pairs, summarize arms ──▶ explain

The same evidence always gives the same findings, so a replay computes them again without an engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.questions.clusters import warn_clusters
from services.evaluation.statistics.detectable import review
from services.evaluation.statistics.pairs import PairDifference, compare_pairs
from services.evaluation.verdict.conclude import Conclusion, conclude, make_trial
from services.evaluation.verdict.costs.find_overtakes import find_overtakes
from services.evaluation.verdict.costs.price_arms import ArmCost, lacks_seconds, price_arms
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.explain import explain, make_title
from services.evaluation.verdict.failures import list_examples
from services.evaluation.verdict.scale import Scale, find_scale, is_bounded
from services.evaluation.verdict.summarize import summarize_arms
from shared.contracts.comparison_results import ComparisonFindings, Difference, SeedScore, Verdict
from shared.contracts.comparisons import Prices

METHOD = "paired-2026"  # the rule, its levels and its intervals; another name if any of them changes
UNKNOWN_SEED_EFFECT = "The adapter was trained with one seed only, so how much the seed matters is unknown."
NO_BOUNDS = "The scores of the deciding grader have no bounds, so the range of its scores in this comparison stands in for them."
UNKNOWN_ENGINE_SECONDS = "The engine's seconds are unknown for some arms, so the cost of all is that of their tokens, not of 'engine_hour'."
UNKNOWN_TRAINING = "How long the training took is unknown, so the cost does not include it. Set 'prices.training_seconds'."
UNKNOWN_INDEXING = "How long indexing took is unknown, so the cost does not include it. Set 'prices.indexing_seconds'."


def assess(evidence: Evidence) -> ComparisonFindings:
    """Return what the evidence shows."""
    scale = find_scale(evidence.spec, evidence.answers, evidence.spec.grader)
    costs = _price(evidence)
    prices = {cost.arm: cost.cost for cost in costs}
    conclusion = conclude(evidence, scale, prices)
    seeds = [_score_seed(evidence, scale, prices, model, answers) for model, answers in evidence.other_seeds.items()]
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
    timed = evidence.single, evidence.training_seconds, evidence.indexing_seconds
    return price_arms(evidence.spec.prices, evidence.arms, evidence.answers, *timed)


def _compare_pairs(conclusion: Conclusion) -> list[Difference]:
    """Return the differences of all pairs. With too many failed answers, none is shown, as answers seldom fail at random."""
    pairs = compare_pairs(conclusion.trial)
    return [_describe_difference(replace(pair, shown=pair.shown and conclusion.outcome != "failed")) for pair in pairs]


def _describe_difference(pair: PairDifference) -> Difference:
    """Return a difference with the arm that has the higher mean first."""
    if pair.mean >= 0:
        return Difference(better=pair.first, worse=pair.second, mean=pair.mean, low=pair.low, high=pair.high, shown=pair.shown)
    return Difference(better=pair.second, worse=pair.first, mean=-pair.mean, low=-pair.high, high=-pair.low, shown=pair.shown)


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
        warnings=_list_warnings(evidence, costs),
        method=METHOD,
    )


def measure_flips(answers: Sequence[ArmAnswer], repeated: Sequence[ArmAnswer], grader: str) -> float | None:
    """Return the share of repeated answers whose grade differs from the first; None if none was repeated."""
    first = {(answer.question, answer.arm): answer.scores.get(grader) for answer in answers}
    pairs = [(first.get((answer.question, answer.arm)), answer.scores.get(grader)) for answer in repeated]
    graded = [abs(one - other) > 1e-9 for one, other in pairs if one is not None and other is not None]
    return sum(graded) / len(graded) if graded else None


def _list_warnings(evidence: Evidence, costs: Sequence[ArmCost]) -> list[str]:
    kept = [evidence.clusters[number] for number in sorted({answer.question for answer in evidence.answers})]
    one_seed = [UNKNOWN_SEED_EFFECT] if not evidence.other_seeds and any(arm.is_fine_tuned for arm in evidence.arms) else []
    unbounded = [] if is_bounded(evidence.spec) else [NO_BOUNDS]
    found = [*evidence.warnings, *warn_clusters(kept), *list_examples(evidence.answers)]
    return [*found, *one_seed, *unbounded, *_list_unpriced(evidence, costs)]


def _list_unpriced(evidence: Evidence, costs: Sequence[ArmCost]) -> list[str]:
    """Return what the price sheet has a price for and nobody measured."""
    prices = evidence.spec.prices or Prices()
    cases = (
        (prices.engine_hour is not None and lacks_seconds(costs), UNKNOWN_ENGINE_SECONDS),
        (prices.training_hour and evidence.training_seconds is None and any(arm.is_fine_tuned for arm in evidence.arms), UNKNOWN_TRAINING),
        (prices.indexing_hour and evidence.indexing_seconds is None and any(arm.retrieval for arm in evidence.arms), UNKNOWN_INDEXING),
    )
    return [warning for is_unknown, warning in cases if is_unknown]


def _score_seed(evidence: Evidence, scale: Scale, prices: Mapping[str, float], model: str, answers: Sequence[ArmAnswer]) -> SeedScore:
    """Return the scores with another adapter's answers in place of the first one's, and what would be recommended with them."""
    other = {(answer.question, answer.arm): answer for answer in answers}
    swapped = replace(evidence, answers=[other.get((answer.question, answer.arm), answer) for answer in evidence.answers])
    conclusion = conclude(swapped, scale, prices)
    trial = make_trial(swapped, scale, prices, "lowest")
    affected = {answer.arm for answer in answers}
    scores = {arm: float(mean) for arm, mean in zip(trial.arms, trial.means, strict=True) if arm in affected}
    return SeedScore(model=model, scores=scores, recommended=conclusion.recommended)
