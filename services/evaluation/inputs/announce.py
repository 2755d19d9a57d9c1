"""Says, before any question is asked, what so many questions can show."""

from collections.abc import Collection, Sequence

from services.evaluation.statistics.detectable import Design, Detectable, plan
from services.evaluation.statistics.trial import MIN_CLUSTERS, MIN_QUESTIONS
from services.evaluation.verdict.format import format_score, pluralize
from services.evaluation.verdict.scale import find_scale, is_bounded
from shared.contracts.comparisons import ComparisonSpec
from shared.graders.bounds import is_binary
from shared.workers.job_context import JobContext

EXACT_MATCH = "exact_match"


def announce_power(spec: ComparisonSpec, clusters: Sequence[int], arms: int, context: JobContext) -> Detectable | None:
    """Add an event that says the smallest difference that these questions can show, and whether the margin can be reached.

    Too few questions show nothing. Of a grader without bounds, nobody knows before it has graded something.
    """
    if len(clusters) < MIN_QUESTIONS or len(set(clusters)) < MIN_CLUSTERS:
        context.add_event(_describe_too_few(clusters), level="warn")
        return None
    if not is_bounded(spec):
        context.add_event(f"The scores of the grader '{spec.grader}' have no bounds, so it is not known yet what the questions can show.")
        return None
    scale = find_scale(spec, [], spec.grader)
    design = Design(
        questions=len(clusters),
        clusters=len(set(clusters)),
        arms=arms,
        low=scale.low,
        high=scale.high,
        margin=scale.margin,
        binary=spec.grader == EXACT_MATCH or any(grader.name == spec.grader and is_binary(grader) for grader in spec.graders),
        look=spec.look,
    )
    power = plan(design)
    context.add_event(describe_power(design, power), data={"questions": design.questions, "smallest_difference": power.difference})
    return power


def _describe_too_few(clusters: Sequence[int]) -> str:
    found = f"{pluralize(len(clusters), 'question')} in {pluralize(len(set(clusters)), 'cluster')}"
    return f"There are {found}. A verdict needs at least {MIN_QUESTIONS} questions in {MIN_CLUSTERS} clusters, so there will be none."


def describe_power(design: Design, power: Detectable) -> str:
    """Return the sentence for the event."""
    shown = "no difference can be shown reliably"
    if power.difference is not None:
        shown = f"a difference of {format_score(power.difference)} or more is shown in 80% of comparisons"
    start = f"With {pluralize(design.questions, 'question')} and {design.arms} arms, {shown}."
    choice = f"to name the cheapest of several arms that are equally good, to within {format_score(design.margin)}"
    if power.margin_reached:
        return f"{start} That is also enough {choice}."
    needed = "more than a million" if power.questions_for_margin is None else f"about {power.questions_for_margin:,}"
    return f"{start} It takes {needed} questions {choice}."


def list_kept(clusters: Sequence[int], left_out: Collection[int]) -> list[int]:
    """Return the clusters of the questions that are asked."""
    return [cluster for number, cluster in enumerate(clusters) if number not in left_out]
