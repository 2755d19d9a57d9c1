"""What to try next, by what failed. Each step names the figure that it comes from; the most useful steps come first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.evaluation.report.content import Report
from services.evaluation.report.diagnosis import diagnose
from services.evaluation.report.format import format_score, format_share
from services.evaluation.verdict.format import join_list, pluralize
from services.evaluation.verdict.labels import title_arm

CUT_OFF_SHARE = 0.1  # of an arm's answers that end at the maximum length
OWN_FAILURE_SHARE = 0.02
LOW_CONSISTENCY, LOW_AGREEMENT, MANY_UNPARSEABLE = 0.8, 0.7, 0.02
MIN_TAGGED = 10
TINY = 1e-9
IMPROVE_READING = (
    "Improve reading: fine-tune on examples that have passages in the prompt, say in 'instructions' how to use them, "
    "or send fewer passages."
)


@dataclass(frozen=True)
class Step:
    """Something to try, and why."""

    action: str
    reason: str


def list_next_steps(report: Report) -> list[Step]:
    """Return the steps; there are none if nothing failed. Without enough answers for a verdict, getting them is all there is to do."""
    has_verdict = report.findings.verdict.outcome not in ("too_few", "failed")
    return [step for rule in (RULES if has_verdict else FIRST_RULES) for step in rule(report)]


def _settle(report: Report) -> list[Step]:
    verdict = report.findings.verdict
    if verdict.outcome == "too_few":
        return [
            Step(
                "Ask more questions: at least 10, in at least 10 clusters. To see small differences, ask 100 or more.",
                "This comparison has too few for a verdict.",
            )
        ]
    if verdict.outcome != "not_settled" or verdict.more_questions is None:
        return []
    half, most = verdict.more_questions.for_half, verdict.more_questions.for_four_fifths
    if half is None:
        action = "Choose a larger margin, or leave out an arm."
        return [Step(action, "Even with 5,000 more questions, the probability of a recommendation would be below 50%.")]
    likely = f"about {most:,} for 80%" if most is not None else "more than 5,000 for 80%"
    wanted = "" if half == most else f"about {half:,} for a 50% probability of a recommendation, "
    wanted += likely if wanted else f"about {half:,} for an 80% probability of a recommendation"
    return [Step(f"Ask more questions with 'extends': {wanted}.", "The questions so far do not show which arm to choose.")]


def _fix_failures(report: Report) -> list[Step]:
    steps = []
    for arm in report.findings.arms:
        if arm.failures.own > OWN_FAILURE_SHARE * max(report.findings.questions, 1):
            reason = (
                f"{pluralize(arm.failures.own, 'answer')} of {title_arm(arm.arm)} failed by the arm's own fault and got the lowest score."
            )
            steps.append(Step("Look at the failed answers: a smaller 'max_context_tokens' helps if prompts were too long.", reason))
    if any(arm.failures.infrastructure for arm in report.findings.arms):
        steps.append(
            Step(
                "Find out whether a service was down. Then extend the comparison: answers are kept, and missing ones are asked for again.",
                "Some answers are missing, but not by the fault of their arms.",
            )
        )
    return steps


def _lengthen(report: Report) -> list[Step]:
    limit = report.evidence.spec.max_tokens
    cut = [arm for arm in report.numbers if _cut_off_share(report, arm) > CUT_OFF_SHARE]
    if not cut:
        return []
    names = [f"{title_arm(arm)} ({format_share(_cut_off_share(report, arm))})" for arm in cut]
    reason = f"The limit of {pluralize(limit, 'token')} cuts off answers of {join_list(names)}."
    return [Step("Raise 'max_tokens', or ask for short answers in 'instructions'.", reason)]


def _cut_off_share(report: Report, arm: str) -> float:
    reasons = [answer.finish_reason for answer in report.evidence.answers if answer.arm == arm and answer.failure is None]
    return reasons.count("length") / len(reasons) if reasons else 0.0


def _improve_search_or_reading(report: Report) -> list[Step]:
    """Return a step for the better of the arms with documents: what to change depends on what failed in it."""
    found = diagnose(report)
    if not found:
        return []
    best = max(found, key=lambda diagnosis: report.score(arm) if (arm := report.find_arm(diagnosis.arm)) else 0.0)
    steps = []
    if best.cause in ("search", "both"):
        steps.append(Step(_improve_search(report), best.sentence))
    if best.cause in ("reading", "both"):
        steps.append(Step(IMPROVE_READING, best.sentence))
    return steps


def _improve_search(report: Report) -> str:
    retrieval = report.evidence.spec.retrieval
    hybrid = "" if retrieval.search_mode == "hybrid" else "use hybrid search, "
    return f"Improve search: {hybrid}try other chunk sizes, or retrieve more than {pluralize(retrieval.max_num_results, 'passage')}."


def _improve_training(report: Report) -> list[Step]:
    return [
        *_compare(
            report,
            "fine_tuned",
            "prompted",
            "Train on more or better examples, or for fewer epochs; until then, put examples into the prompt.",
        ),
        *_compare(
            report,
            "both",
            "rag",
            "Train on examples that have passages in the prompt, as the arm sees them; otherwise, the adapter forgets how to use them.",
        ),
    ]


def _compare(report: Report, tuned: str, untuned: str, action: str) -> list[Step]:
    first, second = report.find_arm(tuned), report.find_arm(untuned)
    pair = report.find_difference(tuned, untuned)
    if first is None or second is None or pair is None or report.score(first) >= report.score(second):
        return []
    certainty = "shown to be better" if pair.shown else "not shown to be better"
    scores = f"{format_score(report.score(second))} and {format_score(report.score(first))}"
    return [Step(action, f"{title_arm(untuned)} has a higher mean than {title_arm(tuned)} ({scores}; {certainty}).")]


def _repeat_training(report: Report) -> list[Step]:
    spec, main = report.evidence.spec, report.find_arm(report.main)
    is_tuned = main is not None and main.model == spec.model != spec.base_model
    if not is_tuned or spec.seeds > 1 or report.findings.seeds:
        return []
    return [
        Step(
            "Train two more adapters, with 'seeds: 3', before you rely on this one.",
            "The effect of the training seed is unknown, because one adapter was trained.",
        )
    ]


def _check_judges(report: Report) -> list[Step]:
    doubtful = [
        judge.grader
        for judge in report.findings.judges
        if (judge.consistency if judge.consistency is not None else 1.0) < LOW_CONSISTENCY
        or (judge.agreement if judge.agreement is not None else 1.0) < LOW_AGREEMENT
        or judge.unparseable > MANY_UNPARSEABLE
    ]
    if not doubtful:
        return []
    return [
        Step(
            "Use a stronger judge, or a rubric with fewer and clearer grades.",
            f"The scores of {_quote(doubtful)} are doubtful, as the section on trust shows.",
        )
    ]


def _quote(names: Sequence[str]) -> str:
    return join_list([f"'{name}'" for name in names])


def _improve_questions(report: Report) -> list[Step]:
    steps = []
    if report.findings.verdict.none_answers_well:
        steps.append(
            Step(
                "Read some answers: check the accepted answers, the grader and the documents, and try a larger base model.",
                "No arm answers well.",
            )
        )
    if report.findings.template_copies:
        copies = report.findings.template_copies
        has = f"{pluralize(copies, 'training example')} {'has' if copies == 1 else 'have'}"
        reason = f"{has} the built-in prompt with passages, which favors the arms that use it."
        steps.append(Step("Write the training examples as users ask.", reason))
    return steps


def _look_at_weakest_tag(report: Report) -> list[Step]:
    arm = report.find_arm(report.main)
    if arm is None:
        return []
    weak = [tag for tag in arm.tags if tag.questions >= MIN_TAGGED and tag.interval[1] < report.score(arm) - TINY]
    if not weak:
        return []
    worst = min(weak, key=lambda tag: tag.mean)
    reason = f"The mean of {title_arm(arm.arm)} is {format_score(worst.mean)} on them, and {format_score(report.score(arm))} on all."
    return [Step(f"Look at the questions tagged “{worst.tag}”: more documents or training examples of this kind may help.", reason)]


Rule = Callable[[Report], Sequence[Step]]
FIRST_RULES: tuple[Rule, ...] = (_settle, _fix_failures)
RULES: tuple[Rule, ...] = (
    *FIRST_RULES,
    _improve_questions,
    _improve_search_or_reading,
    _improve_training,
    _lengthen,
    _check_judges,
    _repeat_training,
    _look_at_weakest_tag,
)
