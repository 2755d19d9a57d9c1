"""Grading: exact match and token F1 against the accepted answers, normalised as SQuAD's official script does.

Source: Rajpurkar, Zhang, Lopyrev, Liang: SQuAD: 100,000+ Questions for Machine Comprehension of Text, EMNLP 2016, section 6,
and its evaluate-v1.1.py (`normalize_answer`, `exact_match_score`, `f1_score`, `metric_max_over_ground_truths`). On ASCII text
the scores are the script's own; beyond ASCII, compatible forms are unified first (NFKC) and every script's punctuation is left out.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

from shared.contracts.comparisons import Grader
from shared.datasets import Question
from shared.records.answers import Answer

ARTICLES = re.compile(r"\b(a|an|the)\b")
PUNCTUATION = frozenset(string.punctuation)


def grade(questions: Sequence[Question], answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers with their `scores` set, each in [0, 1]."""
    for answer in answers:
        answer.scores = dict(score(answer.text, questions[answer.question].answers).items())
    return list(answers)


def score(text: str, accepted: Sequence[str]) -> dict[Grader, float]:
    """Return both grades of `text`: for each, the best over the accepted answers."""
    return {
        "exact_match": max(exact_match(text, answer) for answer in accepted),
        "f1": max(token_f1(text, answer) for answer in accepted),
    }


def normalize(text: str) -> str:
    """Return `text` in lower case, without punctuation and articles, with single spaces."""
    unified = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(character for character in unified if not _is_punctuation(character))
    return " ".join(ARTICLES.sub(" ", kept).split())


def _is_punctuation(character: str) -> bool:
    return character in PUNCTUATION or unicodedata.category(character).startswith("P")


def exact_match(text: str, accepted: str) -> float:
    """Return 1.0 where both are the same once normalised, else 0.0."""
    return float(normalize(text) == normalize(accepted))


def token_f1(text: str, accepted: str) -> float:
    """Return the harmonic mean of precision and recall of the words, counted as often as they occur."""
    given, wanted = normalize(text).split(), normalize(accepted).split()
    if not given or not wanted:
        return float(given == wanted)
    shared = sum((Counter(given) & Counter(wanted)).values())
    return 2 * shared / (len(given) + len(wanted))
