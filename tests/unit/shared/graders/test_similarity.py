import random
import time

import pytest

from shared.graders.outcome import GradingFailed
from shared.graders.scoring.similarity import METRICS, cosine, score_similarity

CAT, MAT = "the cat sat on the mat", "the cat is on the mat today"
ACTION = "It is a guide to action which ensures that the military always obeys the commands of the party"
GUIDE = "It is a guide to action that ensures that the military will forever heed Party commands"
every_metric = pytest.mark.parametrize("metric", METRICS)


# Computed by rapidfuzz 3.14.6, sacrebleu 2.6.0, nltk 3.10.4 and rouge-score 0.1.2; tests/integration/test_similarity.py compares more.
@pytest.mark.parametrize(
    ("metric", "cat", "action"),
    [("fuzzy_match", 0.816327, 0.751381), ("bleu", 0.321594, 0.411804), ("gleu", 0.409091, 0.454545), ("meteor", 0.701449, 0.694444),
     ("rouge_l", 0.769231, 0.647059), ("rouge_1", 0.769231, 0.705882), ("rouge_2", 0.545455, 0.5), ("rouge_3", 0.222222, 0.4),
     ("rouge_4", 0.0, 0.285714), ("rouge_5", 0.0, 0.153846)],
)  # fmt: skip
def test_scores_are_those_of_the_libraries(metric: str, cat: float, action: float) -> None:
    assert score_similarity(metric, CAT, MAT) == pytest.approx(cat, abs=1e-6)
    assert score_similarity(metric, ACTION, GUIDE) == pytest.approx(action, abs=1e-6)


def test_meteor_takes_equal_stems_as_equal_and_words_in_another_order_as_worse() -> None:
    assert score_similarity("meteor", "running cats", "cats run") > score_similarity("meteor", "sitting cats", "cats run")
    assert score_similarity("meteor", "a b c d", "a b c d") > score_similarity("meteor", "d c b a", "a b c d") > 0


@every_metric
def test_equal_texts_are_most_similar(metric: str) -> None:
    for text in (
        ACTION,
        "\u6771\u4eac\u90fd\u306f\u65e5\u672c\u306e\u9996\u90fd\u3067\u3059",
        "\u041f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440 \u043a\u0430\u043a \u0434\u0435\u043b\u0430",
    ):
        few = metric == "rouge_5" and len(text.split()) == 4
        assert score_similarity(metric, text, text) == pytest.approx(0.0 if few else 1.0, abs=0.01)


@every_metric
def test_an_empty_text_is_like_another_empty_one_only(metric: str) -> None:
    assert score_similarity(metric, "", " \n") == 1.0
    assert score_similarity(metric, "", "word") == score_similarity(metric, "word", "") == 0.0
    assert score_similarity(metric, "!!!", "word") <= 0.2


@every_metric
def test_every_score_is_between_0_and_1(metric: str) -> None:
    chance = random.Random(0)
    pool = [
        "the",
        "cat",
        "\u6771\u4eac",
        "6.5",
        "Nm",
        "-",
        "!",
        "\u0645\u0631\u062d\u0628\u0627",
        "na\u00efve",
        "\U0001f600",
        "running",
        "runs",
    ]
    for _ in range(200):
        one, other = (" ".join(chance.choices(pool, k=chance.randrange(12))) for _ in range(2))
        assert 0.0 <= score_similarity(metric, one, other) <= 1.0


def test_text_without_spaces_is_compared_by_characters() -> None:
    one, other = "\u6771\u4eac\u90fd\u306b\u884c\u304f", "\u6771\u4eac\u90fd\u306b\u4f4f\u3080"
    for metric in ("bleu", "gleu", "rouge_1", "rouge_2", "rouge_l", "meteor"):
        assert 0.2 < score_similarity(metric, one, other) < 0.9


@every_metric
def test_long_texts_are_compared_in_seconds_and_longer_ones_refused(metric: str) -> None:
    chance = random.Random(0)
    one, other = (" ".join(chance.choices(ACTION.split(), k=8000)) for _ in range(2))
    started = time.process_time()
    score_similarity(metric, one, other)
    assert time.process_time() - started < 10
    with pytest.raises(GradingFailed, match="more than 200,000 characters"):
        score_similarity(metric, "x" * 200_001, "y")


def test_a_cosine_has_a_direction() -> None:
    assert cosine([1, 0], [0, 1]) == 0.0
    assert cosine([3, 4], [3, 4]) == pytest.approx(1.0)
    assert cosine([1, 2], [-1, -2]) == pytest.approx(-1.0)
    for one, other in (([0.0, 0.0], [1.0, 0.0]), ([1.0], [1.0, 2.0]), ([float("nan")], [1.0])):
        with pytest.raises(GradingFailed, match="cannot be compared"):
            cosine(one, other)
