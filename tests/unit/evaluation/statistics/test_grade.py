"""Scores agree with SQuAD's official script, and text in other alphabets is handled too."""

import random
import re
import string
from collections import Counter

import pytest

from services.evaluation.statistics.grade import exact_match, grade_answers, normalize, score_text, token_f1
from shared.datasets import Question
from tests.unit.evaluation.cases import make_answers

WORDS = ["The", "a", "an", "cat", "Cat's", "sat", "11", "years", "--", "!", "theatre", "x-ray", "of", "U.S.", "4.5"]


def official_f1(prediction: str, truth: str) -> float:
    """Return f1_score of evaluate-v1.1.py, as published."""
    words, truth_words = official_normalize(prediction).split(), official_normalize(truth).split()
    same = sum((Counter(words) & Counter(truth_words)).values())
    if same == 0:
        return 0.0
    precision, recall = same / len(words), same / len(truth_words)
    return (2 * precision * recall) / (precision + recall)


def official_normalize(text: str) -> str:
    without = "".join(character for character in text.lower() if character not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", without).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Norman dynasty!", "norman dynasty"),
        ("  a   b \n an\tapple ", "b apple"),
        ("2,170", "2170"),
        ("theatre", "theatre"),
        ("", ""),
        ("«Straße» — “ok”", "straße ok"),
        ("\N{LATIN SMALL LIGATURE FI}ve \N{FULLWIDTH DIGIT TWO}\N{FULLWIDTH DIGIT ZERO} m²", "five 20 m2"),
        ("¿Dónde está?", "dónde está"),
        ("東京。", "東京"),
    ],
)
def test_normalizing_deletes_case_punctuation_articles_and_extra_spaces(text: str, expected: str) -> None:
    assert normalize(text) == expected


@pytest.mark.parametrize(
    ("text", "accepted", "exact", "f1"),
    [
        ("The Eiffel Tower.", "eiffel tower", 1, 1),
        ("in the year 1066", "1066", 0, 0.5),
        ("10th and 11th centuries", "in the 10th and 11th centuries", 0, 8 / 9),
        ("green", "blue", 0, 0),
        ("", "blue", 0, 0),
        ("the", "The!", 1, 1),
        ("11 years 11 years", "11 years", 0, 2 / 3),
    ],
)
def test_answers_get_their_expected_scores(text: str, accepted: str, exact: float, f1: float) -> None:
    assert exact_match(text, accepted) == exact
    assert token_f1(text, accepted) == pytest.approx(f1)


def test_on_ascii_text_f1_equals_the_official_scripts() -> None:
    rng = random.Random(1)
    for _ in range(500):
        text, truth = (" ".join(rng.choices(WORDS, k=rng.randint(1, 6))) for _ in range(2))
        assert normalize(text) == official_normalize(text)
        if normalize(truth):
            assert token_f1(text, truth) == pytest.approx(official_f1(text, truth))


def test_scores_are_symmetric_bounded_and_1_only_for_the_same_words() -> None:
    rng = random.Random(2)
    for _ in range(500):
        one, other = (" ".join(rng.choices(WORDS, k=rng.randint(0, 5))) for _ in range(2))
        f1 = token_f1(one, other)
        assert f1 == token_f1(other, one)
        assert exact_match(one, other) <= f1 + 1e-12 <= 1 + 1e-9
        assert (f1 == 1) == (Counter(normalize(one).split()) == Counter(normalize(other).split()))


def test_the_best_accepted_answer_counts() -> None:
    assert score_text("eleven years", ["11 years", "eleven years"]) == {"exact_match": 1.0, "f1": 1.0}
    assert score_text("years", ["11 years", "a decade"]) == {"exact_match": 0.0, "f1": pytest.approx(2 / 3)}


def test_every_answer_is_graded_against_its_own_question() -> None:
    answers = make_answers({"base": [0, 0], "rag": [0, 0]})
    questions = [Question(question="?", answers=["answer 0 of base"]), Question(question="?", answers=["answer 1 of rag"])]
    assert [answer.scores["exact_match"] for answer in grade_answers(questions, answers)] == [1, 0, 0, 1]
