"""How a comparison was made, in a paragraph and as a list of settings."""

from collections.abc import Sequence

from services.evaluation.report.content import Report
from services.evaluation.report.format import format_number, format_score
from services.evaluation.verdict.format import pluralize
from services.evaluation.verdict.sum_indexing import sum_indexing
from shared.statistics.looks import TOTAL_LEVEL, family_level

Setting = tuple[str, str]
TANGO = "Tango's score statistic for paired proportions (1998)"
CLUSTERED_T = "a t statistic on the sums of clusters, with a guard against rare losses"


def describe_method(report: Report) -> str:
    """Return the method in a paragraph."""
    return " ".join([_describe_asking(report), _describe_rule(report), _describe_levels(report), _describe_failures()])


def _describe_asking(report: Report) -> str:
    clusters = report.findings.clusters
    grouped = f", in {pluralize(clusters, 'cluster')}" if clusters and _is_clustered(report) else ""
    asked = f"All arms answered the same {pluralize(report.findings.questions, 'question')}{grouped}."
    turns = f"They took turns question by question, with {pluralize(report.findings.concurrency, 'call')} at a time."
    return f"{asked} {turns} {report.grader_title} decides."


def _describe_rule(report: Report) -> str:
    margin = report.findings.verdict.margin
    amount = f"{format_score(margin)} or more" if margin is not None else "the margin or more"
    return (
        f"An arm is a candidate if it is shown to be no worse than every other arm by {amount}. The cheapest candidate that is "
        "also shown to be better than every cheaper arm is recommended; if there is none, the comparison is not settled."
    )


def _describe_levels(report: Report) -> str:
    verdict, arms = report.findings.verdict, len(report.findings.arms)
    statistic = TANGO if _is_binary(report) and not _is_clustered(report) else CLUSTERED_T
    level, others = f"{100 * family_level(verdict.look):.3g}%", pluralize(max(arms - 1, 1), "other arm")
    return (
        f"Differences are paired and tested with {statistic}. A look is one verdict on the questions so far. The one-sided error level "
        f"of look {verdict.look} is {level}, divided by the {others}; the levels of all looks add up to at most {TOTAL_LEVEL:.0%}. "
        f"The intervals of pairs are two-sided and corrected for all {pluralize(arms * (arms - 1) // 2, 'pair')} (Bonferroni). "
        "The 95% intervals of single arms and of tags only describe; they show nothing about two arms."
    )


def _is_binary(report: Report) -> bool:
    scores = {answer.scores[report.grader] for answer in report.evidence.answers if report.grader in answer.scores}
    return scores <= {report.scale.low, report.scale.high}


def _is_clustered(report: Report) -> bool:
    return (report.findings.clusters or 0) < report.findings.questions


def _describe_failures() -> str:
    return (
        "An answer that failed by its arm's own fault gets the lowest score. If the infrastructure or a judge failed, the question "
        "is left out for all arms. docs/verdict.md has the formulas, and the simulations that check them."
    )


def list_settings(report: Report) -> Sequence[Setting]:
    """Return the settings of the comparison, as terms and values."""
    spec, evidence = report.evidence.spec, report.evidence
    settings = [
        ("Comparison", evidence.job_id),
        ("Look", _describe_look(report)),
        ("Models", _describe_models(report)),
        ("Questions", spec.questions_file or ""),
        ("Training file", spec.training_file or ""),
        ("Instructions", _describe_instructions(report)),
        ("Examples in the prompt", _describe_examples(report)),
        ("Documents", ", ".join(spec.vector_store_ids)),
        ("Retrieval", _describe_retrieval(report)),
        ("Answers", f"at most {pluralize(spec.max_tokens, 'token')}, seed {spec.seed}"),
        ("Margin", format_score(report.findings.verdict.margin) if report.findings.verdict.margin is not None else ""),
        ("Prices", _describe_prices(report)),
        ("Training", f"{format_number(evidence.training_seconds)} s" if evidence.training_seconds else ""),
        ("Indexing", _describe_indexing(report)),
        ("Versions", ", ".join(f"{name} {version}" for name, version in sorted(evidence.versions.items()))),
    ]
    hashes = [(f"SHA-256 of {name}", digest) for name, digest in sorted(evidence.data.items())]
    return [setting for setting in [*settings, *hashes] if setting[1]]


def _describe_look(report: Report) -> str:
    spec = report.evidence.spec
    extended = f", extends {spec.extends}" if spec.extends else ""
    reused = f"; the questions are those of {spec.reuses}" if spec.reuses else ""
    return f"{report.findings.verdict.look}{extended}{reused}"


def _describe_models(report: Report) -> str:
    spec = report.evidence.spec
    tuned = f"; fine-tuned: {spec.model}" if spec.model and spec.model != spec.base_model else ""
    return f"base: {spec.base_model}{tuned}"


def _describe_instructions(report: Report) -> str:
    """Return what the arms were told: one text if all were told the same, otherwise each text with its arms."""
    by_text: dict[str, list[str]] = {}
    for arm in report.evidence.arms:
        by_text.setdefault(arm.instructions or "(none)", []).append(arm.name)
    if len(by_text) > 1:
        return "; ".join(f"{', '.join(names)}: {text}" for text, names in by_text.items())
    return "".join(arm.instructions for arm in report.evidence.arms[:1])


def _describe_examples(report: Report) -> str:
    return ", ".join(f"{arm.name}: {len(arm.examples)}" for arm in report.evidence.arms if arm.examples)


def _describe_retrieval(report: Report) -> str:
    if not any(arm.retrieval for arm in report.evidence.arms):
        return ""
    retrieval = report.evidence.spec.retrieval
    passages = f"at most {pluralize(retrieval.max_num_results, 'passage')} and {retrieval.max_context_tokens} tokens of context"
    return f"{retrieval.search_mode} search, {passages}; arms of your own may differ"


def _describe_indexing(report: Report) -> str:
    """Return how long indexing took: one time if it is that of every arm with documents, otherwise each time with its arms."""
    by_time: dict[str, list[str]] = {}
    for name, seconds in (sum_indexing(report.evidence) or {}).items():
        by_time.setdefault(f"{format_number(seconds)} s", []).append(name)
    if len(by_time) > 1:
        return "; ".join(f"{', '.join(names)}: {time}" for time, names in by_time.items())
    return "".join(by_time)


def _describe_prices(report: Report) -> str:
    prices = report.evidence.spec.prices
    if prices is None:
        return "none were given, so the cost is the number of tokens"
    tokens = f"{format_number(prices.prompt)} per million prompt tokens, {format_number(prices.completion)} per million completion tokens"
    answers = tokens if prices.engine_hour is None else f"{format_number(prices.engine_hour)} per hour of the engine"
    hours = f"{format_number(prices.training_hour)} per hour of training, {format_number(prices.indexing_hour)} per hour of indexing"
    return f"{answers}; {hours}, spread over {prices.expected_questions:,} questions"
