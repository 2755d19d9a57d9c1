"""Grades answers: exact match and token F1 against the accepted answers, normalized as SQuAD's official script does.

Source: Rajpurkar, Zhang, Lopyrev, Liang: SQuAD: 100,000+ Questions for Machine Comprehension of Text, EMNLP 2016, section 6,
and its evaluate-v1.1.py (`normalize_answer`, `exact_match_score`, `f1_score`, `metric_max_over_ground_truths`). On ASCII text
the scores equal the script's; beyond ASCII, compatible characters are unified first (NFKC), and the punctuation of every script is
deleted.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from services.evaluation.arms.answer import ArmAnswer
from shared.contracts.comparisons import Grader
from shared.datasets import Question

ARTICLES = re.compile(r"\b(a|an|the)\b")
PUNCTUATION = frozenset(string.punctuation)


def grade_answers(questions: Sequence[Question], answers: Sequence[ArmAnswer]) -> list[ArmAnswer]:
    """Return the answers with their scores, each between 0 and 1."""
    return [replace(answer, scores=score_text(answer.text, questions[answer.question].answers)) for answer in answers]


def score_text(text: str, accepted: Sequence[str]) -> dict[Grader, float]:
    """Return both scores of `text`, each of them the best over the accepted answers."""
    return {
        "exact_match": max(exact_match(text, answer) for answer in accepted),
        "f1": max(token_f1(text, answer) for answer in accepted),
    }


def normalize(text: str) -> str:
    """Return `text` in lowercase, without punctuation and articles, with single spaces."""
    unified = unicodedata.normalize("NFKC", text).lower()
    without_punctuation = "".join(character for character in unified if not _is_punctuation(character))
    return " ".join(ARTICLES.sub(" ", without_punctuation).split())


def _is_punctuation(character: str) -> bool:
    return character in PUNCTUATION or unicodedata.category(character).startswith("P")


def exact_match(text: str, accepted: str) -> float:
    """Return 1.0 if both are equal once normalized, else 0.0."""
    return float(normalize(text) == normalize(accepted))


def token_f1(text: str, accepted: str) -> float:
    """Return the harmonic mean of precision and recall of the words, each counted as often as it occurs."""
    words, accepted_words = normalize(text).split(), normalize(accepted).split()
    if not words or not accepted_words:
        return float(words == accepted_words)
    shared = sum((Counter(words) & Counter(accepted_words)).values())
    return 2 * shared / (len(words) + len(accepted_words))
