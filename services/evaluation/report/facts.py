"""The figures beside the verdict, and what the verdict says about each arm."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.evaluation.report.content import Report
from services.evaluation.report.format import format_cost, format_range, format_score, format_share, format_signed
from services.evaluation.verdict.format import pluralize
from services.evaluation.verdict.labels import title_arm
from shared.contracts.comparison_results import AbstentionScores

RESULTS = {
    "recommended": "recommended",
    "candidate": "no worse than the others",
    "open": "may be the best",
    "excluded": "probably not the best",  # "worse" is only said of pairs, whose intervals hold for all of them together
    "unknown": "no verdict",
}


@dataclass(frozen=True)
class Fact:
    """A figure with its label and a note."""

    label: str
    value: str
    note: str = ""


def list_facts(report: Report) -> list[Fact]:
    """Return the figures that the verdict rests on."""
    return [*_list_scores(report), *_list_costs(report), _count_questions(report), *_list_sensitivity(report)]


def find_result(report: Report, arm: str) -> str:
    """Return what the verdict says about an arm: a key of RESULTS."""
    verdict = report.findings.verdict
    if arm == verdict.recommended:
        return "recommended"
    if verdict.outcome in ("too_few", "failed"):
        return "unknown"
    if arm in verdict.candidates:
        return "candidate"
    return "open" if arm in verdict.not_excluded else "excluded"


def _list_scores(report: Report) -> list[Fact]:
    main = report.find_arm(report.main)
    if main is None:
        return []
    interval = main.intervals.get(report.grader)
    mean = Fact(
        f"{title_arm(main.arm)}, {report.grader_title}",
        format_score(main.scores.get(report.grader)),
        f"95% interval {format_range(*interval)}" if interval else "",
    )
    return [mean, *_list_lead(report)]


def _list_lead(report: Report) -> list[Fact]:
    pair = report.find_difference(report.main, report.rival or "")
    if pair is None or report.rival is None:
        return []
    sign = 1 if pair.better == report.main else -1
    low, high = sorted((sign * pair.low, sign * pair.high))
    shown = "shown" if pair.shown else "not shown"
    return [Fact(f"Difference from {title_arm(report.rival)}", format_signed(sign * pair.mean), f"{format_range(low, high)}, {shown}")]


def _list_costs(report: Report) -> list[Fact]:
    main, rival = report.find_arm(report.main), report.find_arm(report.rival or "")
    if main is None:
        return []
    note = f"{title_arm(rival.arm)}: {format_cost(rival.cost, has_prices=report.has_prices)}" if rival else ""
    return [Fact(name_cost(report), format_cost(main.cost, has_prices=report.has_prices), note)]


def name_cost(report: Report) -> str:
    """Return what the cost of an arm is called."""
    return "Cost of 1,000 questions" if report.has_prices else "Tokens per question"


def _count_questions(report: Report) -> Fact:
    findings = report.findings
    notes = [
        pluralize(findings.clusters, "cluster") if findings.clusters and findings.clusters < findings.questions else "",
        f"{findings.left_out} left out" if findings.left_out else "",
        f"look {findings.verdict.look}" if findings.verdict.look > 1 else "",
    ]
    return Fact("Questions", f"{findings.questions:,}", " · ".join(filter(None, notes)))


def _list_sensitivity(report: Report) -> list[Fact]:
    size = report.findings.smallest_difference
    return [] if size is None else [Fact("Detectable difference", format_score(size), "in 80% of comparisons")]


def explain_seeds(report: Report) -> str:
    """Return what is known about the effect of the training seed; nothing if no arm is fine-tuned."""
    spec, seeds = report.evidence.spec, report.findings.seeds
    if not spec.model or spec.model == spec.base_model:
        return ""
    if not seeds:
        return "One adapter was trained, so the effect of the training seed is unknown. Send 'seeds: 3' to measure it."
    trained = f"{len(seeds)} more {'was' if len(seeds) == 1 else 'were'} trained with other seeds"
    return f"The verdict is about the first adapter. {trained}; {_compare_seeds(report)}."


def _compare_seeds(report: Report) -> str:
    """Return whether the adapters of all seeds lead to the same recommendation, as the end of a sentence."""
    recommended = {report.findings.verdict.recommended, *(seed.recommended for seed in report.findings.seeds)}
    if recommended == {None}:
        return "none of them leads to a recommendation"
    return "each leads to the same recommendation" if len(recommended) == 1 else "not all lead to the same recommendation"


def list_seed_ranges(report: Report) -> Sequence[tuple[str, str]]:
    """Return for each arm with adapters of several seeds the range of its mean, as numbers in words."""
    ranges = []
    for arm in report.findings.arms:
        means = [seed.scores[arm.arm] for seed in report.findings.seeds if arm.arm in seed.scores]
        if means:
            values = [*means, report.score(arm)]
            ranges.append((arm.arm, format_range(min(values), max(values))))
    return ranges


def explain_abstentions(report: Report) -> list[str]:
    """Return a sentence for each arm about how it says that the documents do not have the answer; none if no question asks for that."""
    return [_explain_abstentions(arm.arm, arm.abstention) for arm in report.findings.arms if arm.abstention]


def _explain_abstentions(arm: str, scores: AbstentionScores) -> str:
    right = "" if scores.precision is None else f", and {format_share(scores.precision)} of the abstentions were right"
    asked = pluralize(scores.had_to, "question")
    return f"{title_arm(arm)} abstained on {format_share(scores.recall)} of the {asked} without an answer{right}."


def explain_flips(report: Report) -> str:
    """Return how often an answer got a different score when its question was asked again."""
    rate = report.findings.verdict.flip_rate
    if rate is None:
        return "Not measured: no question was asked twice."
    return f"When questions were asked twice, {format_share(rate)} of the answers got a different score the second time."
