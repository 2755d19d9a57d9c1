"""Lists what the verdict should be read with: what is unknown, what was left out, and what favors an arm."""

from collections.abc import Sequence

from services.evaluation.questions.clusters import warn_clusters
from services.evaluation.verdict.costs.price_arms import ArmCost, lacks_seconds
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.failures import list_examples
from services.evaluation.verdict.format import pluralize
from services.evaluation.verdict.scale import is_bounded
from services.evaluation.verdict.sum_indexing import sum_indexing
from shared.contracts.comparisons import Prices

UNKNOWN_SEED_EFFECT = "The adapter was trained with one seed only, so how much the seed matters is unknown."
NO_BOUNDS = "The scores of the deciding grader have no bounds, so the range of the scores in this comparison is used instead."
UNKNOWN_ENGINE_SECONDS = "The engine's seconds are unknown for some arms, so costs are computed from tokens instead of 'engine_hour'."
UNKNOWN_TRAINING = "How long the training took is unknown, so the cost does not include it. Set 'prices.training_seconds'."
UNKNOWN_INDEXING = "How long indexing took is unknown for some documents, so the cost does not include it. Set 'prices.indexing_seconds'."


def list_warnings(evidence: Evidence, costs: Sequence[ArmCost]) -> list[str]:
    """Return the warnings: about the inputs, failed answers, seeds, the grader and the prices."""
    kept = [evidence.clusters[number] for number in sorted({answer.question for answer in evidence.answers})]
    one_seed = [UNKNOWN_SEED_EFFECT] if not evidence.other_seeds and any(arm.is_fine_tuned for arm in evidence.arms) else []
    unbounded = [] if is_bounded(evidence.spec) else [NO_BOUNDS]
    found = [*evidence.warnings, *_warn_training_file(evidence), *warn_clusters(kept), *list_examples(evidence.answers)]
    return [*found, *one_seed, *unbounded, *_list_unpriced(evidence, costs)]


def _warn_training_file(evidence: Evidence) -> list[str]:
    """Return what the training file has that favors arms: questions, or the product's own prompt."""
    left_out = sum(leak.left_out for leak in evidence.leaked)
    kept = len(evidence.leaked) - left_out
    warnings = []
    if left_out:
        warnings.append(f"{_describe_leaks(left_out)}, so {'it was' if left_out == 1 else 'they were'} left out.")
    if kept:
        warnings.append(f"{_describe_leaks(kept)}, which favors arms that were trained on it.")
    if evidence.template_copies:
        copies = pluralize(evidence.template_copies, "training example")
        warnings.append(f"The built-in prompt with passages is in {copies}, which favors fine-tuned arms with documents.")
    return warnings


def _describe_leaks(amount: int) -> str:
    return f"The training file has {pluralize(amount, 'question')}, or nearly the same"


def _list_unpriced(evidence: Evidence, costs: Sequence[ArmCost]) -> list[str]:
    """Return what the price sheet has a price for and nobody measured."""
    prices = evidence.spec.prices or Prices()
    cases = (
        (prices.engine_hour is not None and lacks_seconds(costs), UNKNOWN_ENGINE_SECONDS),
        (prices.training_hour and evidence.training_seconds is None and any(arm.is_fine_tuned for arm in evidence.arms), UNKNOWN_TRAINING),
        (prices.indexing_hour and sum_indexing(evidence) is None, UNKNOWN_INDEXING),
    )
    return [warning for is_unknown, warning in cases if is_unknown]
