"""How well an arm's search found the contexts of the questions, and whether search or reading failed.

Sources of the measures: Manning, Raghavan, Schütze: Introduction to Information Retrieval (2008), chapter 8, for precision and recall;
Voorhees, TREC-8 (1999), for the reciprocal rank; Järvelin and Kekäläinen (2002) for the discounted cumulative gain.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.questions.find_contexts import Passage, match_context, read_passage
from services.evaluation.questions.words import contains_words, split_words
from shared.contracts.comparison_results import RetrievalScores
from shared.datasets import Question


@dataclass(frozen=True)
class _Search:
    """The search for one question. `ranks` has the rank of each context, from 1, or None. `is_wrong` is None if the answer has no grade."""

    ranks: Sequence[int | None]
    precision: float
    is_supported: bool | None
    is_wrong: bool | None

    @property
    def found(self) -> list[int]:
        """The ranks of the contexts that were found, best first."""
        return sorted(rank for rank in self.ranks if rank is not None)


def score_retrieval(questions: Sequence[Question], answers: Sequence[ArmAnswer], correct: Mapping[int, bool]) -> RetrievalScores | None:
    """Return the scores of one arm that retrieves; None if no answered question has contexts.

    `correct` says for each question, by its number, whether the answer is right. Calls that failed before anything was retrieved
    are left out. k is the number of passages that were retrieved for the question.

    - recall: the share of the contexts that one of the k passages is.
    - precision: the share of the k passages that are a context; 0 if nothing was retrieved.
    - nDCG: the sum of 1 / log2(1 + rank) over the contexts, each at the rank of the first passage that is it, divided by the same
      sum for the ranks 1, 2, 3, … and at most 1. More passages from the same context add nothing.
    - MRR: 1 / rank of the first passage that is a context; 0 if none is.
    - supported: the share of the questions with accepted answers of which one stands in a passage, as whole words.
    - missed by search, by reading: the shares of the wrong answers for which no context was found, or at least one.
    """
    searches = [
        _describe_search(questions[answer.question], answer, correct.get(answer.question))
        for answer in answers
        if questions[answer.question].contexts and (answer.retrieved or answer.failure is None)
    ]
    if not searches:
        return None
    wrong = [search for search in searches if search.is_wrong]
    supported = [search.is_supported for search in searches if search.is_supported is not None]
    missed = sum(not search.found for search in wrong) / len(wrong) if wrong else 0.0
    return RetrievalScores(
        questions=len(searches),
        recall=fmean(len(search.found) / len(search.ranks) for search in searches),
        precision=fmean(search.precision for search in searches),
        ndcg=fmean(compute_ndcg(search.found, len(search.ranks)) for search in searches),
        mrr=fmean(1 / search.found[0] if search.found else 0.0 for search in searches),
        supported=fmean(supported) if supported else 0.0,
        missed_by_search=missed,
        missed_by_reading=1 - missed if wrong else 0.0,
    )


def compute_ndcg(ranks: Sequence[int], contexts: int) -> float:
    """Return the normalized discounted cumulative gain of `contexts` that were found at `ranks`. Several may be at the same rank."""
    gain = sum(1 / math.log2(1 + rank) for rank in ranks)
    return min(1.0, gain / sum(1 / math.log2(1 + rank) for rank in range(1, contexts + 1)))


def is_supported(accepted: Sequence[str], passages: Sequence[Passage]) -> bool:
    """Return whether one of the accepted answers stands in one of the passages."""
    answers = [split_words(answer) for answer in accepted]
    return any(contains_words(passage.words, answer) for answer in answers for passage in passages)


def _describe_search(question: Question, answer: ArmAnswer, is_correct: bool | None) -> _Search:
    passages = [read_passage(retrieved) for retrieved in answer.retrieved]
    matches = [match_context(context, passages) for context in question.contexts]
    hits = sum(any(of_passage) for of_passage in zip(*matches, strict=True))
    return _Search(
        ranks=[of_context.index(True) + 1 if any(of_context) else None for of_context in matches],
        precision=hits / len(passages) if passages else 0.0,
        is_supported=is_supported(question.answers, passages) if question.answers else None,
        is_wrong=None if is_correct is None else not is_correct,
    )
