"""The figures of a comparison in Markdown: arms, differences, costs, tags, and retrieval."""

from services.evaluation.report.content import Report, title_grader
from services.evaluation.report.diagnosis import diagnose
from services.evaluation.report.facts import RESULTS, find_result, name_cost
from services.evaluation.report.format import format_cost, format_number, format_range, format_score, format_seconds, format_share
from services.evaluation.report.markdown.syntax import escape, name_arm, write_table
from services.evaluation.verdict.format import MINUS
from services.evaluation.verdict.labels import title_arm
from shared.contracts.comparison_results import ArmSummary


def write_arms(report: Report) -> str:
    """Return every arm's means, times and tokens; nothing if there are none."""
    if not report.findings.arms:
        return ""
    head = [
        "Arm",
        *[escape(title_grader(grader)) for grader in report.graders],
        "Latency",
        "Latency under load",
        "Tokens in · out",
        "Verdict",
    ]
    return "## The arms\n\n" + write_table(head, [_write_arm(report, arm) for arm in report.findings.arms])


def _write_arm(report: Report, arm: ArmSummary) -> list[str]:
    means = [
        f"{format_score(arm.scores.get(grader))} ({format_range(*arm.intervals[grader])})"
        if grader in arm.intervals
        else format_score(arm.scores.get(grader))
        for grader in report.graders
    ]
    times = [format_seconds(arm.single_latency_p50), format_seconds(arm.latency_p50)]
    tokens = f"{format_number(arm.prompt_tokens)} · {format_number(arm.completion_tokens)}"
    return [name_arm(report, arm.arm), *means, *times, tokens, RESULTS[find_result(report, arm.arm)]]


def write_differences(report: Report) -> str:
    """Return the table of pairs; nothing if there are none."""
    pairs = sorted(report.findings.differences, key=lambda pair: -pair.mean)
    if not pairs:
        return ""
    rows = [
        [
            f"{name_arm(report, pair.better)} {MINUS} {name_arm(report, pair.worse)}",
            format_score(pair.mean),
            format_range(pair.low, pair.high),
            "yes" if pair.shown else "no",
        ]
        for pair in pairs
    ]
    return f"## Differences in {escape(report.grader_title)}\n\n" + write_table(["Pair", "Mean", "Interval for all pairs", "Shown"], rows)


def write_costs(report: Report) -> str:
    """Return the costs; nothing if there are none."""
    if not report.findings.arms:
        return ""
    head = ["Arm", escape(f"Mean {report.grader_title}"), name_cost(report), "Per correct answer"]
    rows = [
        [
            name_arm(report, arm.arm),
            format_score(arm.scores.get(report.grader)),
            *[format_cost(cost, has_prices=report.has_prices) for cost in (arm.cost, arm.cost_per_correct)],
        ]
        for arm in report.findings.arms
    ]
    overtakes = [
        f"- {escape(title_arm(overtake.arm))} costs less than {escape(title_arm(overtake.than))} in all "
        f"from {overtake.questions:,} questions on, training and indexing included."
        for overtake in report.findings.overtakes
    ]
    return "\n\n".join(filter(None, ["## Quality against cost", write_table(head, rows), "\n".join(overtakes)]))


def write_tags(report: Report) -> str:
    """Return the means by tag; nothing if there are none."""
    if not report.tags:
        return ""
    scores = {arm.arm: {tag.tag: tag for tag in arm.tags} for arm in report.findings.arms}
    rows = [
        [
            escape(tag),
            *[
                f"{format_score(tags[tag].mean)} (n = {tags[tag].questions})" if tag in tags else format_score(None)
                for tags in scores.values()
            ],
        ]
        for tag in report.tags
    ]
    return f"## By tag\n\nMean {escape(report.grader_title)}; descriptive only.\n\n" + write_table(
        ["Tag", *[name_arm(report, arm) for arm in scores]], rows
    )


def write_retrieval(report: Report) -> str:
    """Return whether search or reading failed; nothing if there are none."""
    found = diagnose(report)
    if not found:
        return ""
    rows = [
        [
            name_arm(report, diagnosis.arm),
            *[format_score(getattr(diagnosis.scores, name)) for name in ("recall", "precision", "ndcg", "mrr")],
            format_share(diagnosis.scores.supported),
        ]
        for diagnosis in found
    ]
    sentences = "\n".join(f"- {escape(diagnosis.sentence)}" for diagnosis in found)
    table = write_table(["Arm", "Recall", "Precision", "nDCG", "MRR", "Supported"], rows)
    return f"## Did search or reading fail?\n\n{sentences}\n\n{table}"
