"""The scores of text_similarity against the libraries that everyone uses, which are too slow to load and to run in a service."""

import random
from importlib import import_module
from typing import Any

import pytest

from shared.graders.scoring.similarity import METRICS, score_similarity

TEXT = "the cat cats running runs run quickly quick happy happiness relational nations national a of to sat dog"
# nltk loads scipy, scikit-learn and more, whose warnings are not ours.
pytestmark = pytest.mark.filterwarnings("ignore")


class NoSynonyms:
    def synsets(self, _word: str) -> list[Any]:
        return []


def compute(metric: str, text: str, reference: str) -> float:
    ours, theirs = text.split(), reference.split()
    if metric == "gleu":
        return float(import_module("nltk.translate.gleu_score").sentence_gleu([theirs], ours))
    if metric == "meteor":
        porter = import_module("nltk.stem").PorterStemmer
        stemmer = porter(mode=porter.ORIGINAL_ALGORITHM)
        meteor = import_module("nltk.translate.meteor_score").single_meteor_score
        return float(meteor(theirs, ours, stemmer=stemmer, wordnet=NoSynonyms()))
    if metric == "bleu":
        return float(import_module("sacrebleu").sentence_bleu(text, [reference]).score / 100)
    if metric == "fuzzy_match":
        return float(import_module("rapidfuzz.fuzz").ratio(text, reference) / 100)
    name = metric.replace("rouge_", "rouge").replace("rougel", "rougeL")
    scorer = import_module("rouge_score.rouge_scorer").RougeScorer([name], use_stemmer=False)
    return float(scorer.score(reference, text)[name].fmeasure)


@pytest.mark.parametrize("metric", METRICS)
def test_scores_equal_those_of_the_library(metric: str) -> None:
    chance = random.Random(0)
    for _ in range(300):
        text, reference = (" ".join(chance.choices(TEXT.split(), k=chance.randrange(1, 14))) for _ in range(2))
        assert score_similarity(metric, text, reference) == pytest.approx(compute(metric, text, reference), abs=1e-6), (text, reference)
