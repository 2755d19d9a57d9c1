"""Similarity of a text to its reference by words: fuzzy match, BLEU, GLEU, METEOR, ROUGE. All scores are between 0 and 1.

Common subsequences are rapidfuzz's, BLEU is sacrebleu's, stems are Snowball's. What is left of GLEU, ROUGE and METEOR is counting: nltk and
rouge-score, to which the tests compare it, take quadratic time, and nltk takes 200 MB and 3 s to load.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise

import snowballstemmer

from shared.graders.outcome import GradingFailed
from shared.graders.scoring.subsequence import common_subsequence
from shared.graders.text import space_out

MAX_CHARS = 200_000
WORD = re.compile(r"[^\W_]+")
METEOR_ALPHA, METEOR_BETA, METEOR_GAMMA = 0.9, 3.0, 0.5


def score_similarity(metric: str, text: str, reference: str) -> float:
    """Return the score of a metric other than `cosine`. Two empty texts are equal; an empty one has nothing of the other.

    Raises:
        GradingFailed: if a text has more than 200,000 characters.
    """
    if max(len(text), len(reference)) > MAX_CHARS:
        raise GradingFailed("other_error", f"A text has more than {MAX_CHARS:,} characters, the limit of this grader.")
    if not text.strip() or not reference.strip():
        return float(text.strip() == reference.strip())
    return METRICS[metric](text, reference)


def check_total(references: Sequence[str]) -> None:
    """Raise GradingFailed if all references together have more than 200,000 characters, so that the time of a grade has a limit."""
    if sum(map(len, references)) > MAX_CHARS:
        raise GradingFailed("other_error", f"The references have more than {MAX_CHARS:,} characters, the limit of this grader.")


def fuzzy_match(text: str, reference: str) -> float:
    """Return rapidfuzz's ratio: 1 - (insertions and deletions) / (length of both), in characters."""
    return 2 * common_subsequence(text, reference) / (len(text) + len(reference))


def bleu(text: str, reference: str) -> float:
    """Return sacrebleu's sentence BLEU: 13a tokens, exponential smoothing, orders that a short text has. Source: Papineni et al., 2002."""
    from sacrebleu.metrics.bleu import BLEU  # takes 0.3 s to load

    return min(BLEU(effective_order=True).sentence_score(space_out(text), [space_out(reference)]).score / 100, 1.0)


def gleu(text: str, reference: str) -> float:
    """Return Google's BLEU: the smaller of precision and recall of all sequences of 1 to 4 words. Source: Wu et al., 2016, section 6."""
    hypothesis, wanted = _split_words(text), _split_words(reference)
    ours, theirs = (Counter(each for size in range(1, 5) for each in _ngrams(tokens, size)) for tokens in (hypothesis, wanted))
    most = max(ours.total(), theirs.total())
    return (ours & theirs).total() / most if most else 0.0


def rouge_n(text: str, reference: str, size: int) -> float:
    """Return the F1 of the sequences of `size` words. Source: Lin, ROUGE, 2004."""
    ours, theirs = (Counter(_ngrams(_split_words(each), size)) for each in (text, reference))
    return _f1((ours & theirs).total(), ours.total(), theirs.total())


def rouge_l(text: str, reference: str) -> float:
    """Return the F1 of the longest common subsequence of words. Source: Lin, ROUGE, 2004."""
    ours, theirs = _split_words(text), _split_words(reference)
    return _f1(common_subsequence(ours, theirs), len(ours), len(theirs))


def meteor(text: str, reference: str) -> float:
    """Return METEOR with equal words and equal stems, without synonyms, because their list cannot be shipped.

    Source: Banerjee and Lavie, 2005, with the parameters of nltk: alpha .9, beta 3, gamma .5.
    """
    ours, theirs = _split_words(text), _split_words(reference)
    pairs = sorted(_align(ours, theirs))
    if not pairs:
        return 0.0
    precision, recall = len(pairs) / len(ours), len(pairs) / len(theirs)
    mean = precision * recall / (METEOR_ALPHA * precision + (1 - METEOR_ALPHA) * recall)
    chunks = 1 + sum(second != (first[0] + 1, first[1] + 1) for first, second in pairwise(pairs))
    return float(mean * (1 - METEOR_GAMMA * (chunks / len(pairs)) ** METEOR_BETA))


def _align(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of equal words, and then of equal stems; each from the end, so that no place is used twice."""
    pairs = _match(list(enumerate(ours)), list(enumerate(theirs)))
    used_ours, used_theirs = ({pair[side] for pair in pairs} for side in (0, 1))
    rest = [(place, _stem(word)) for place, word in enumerate(ours) if place not in used_ours]
    wanted = [(place, _stem(word)) for place, word in enumerate(theirs) if place not in used_theirs]
    return pairs + _match(rest, wanted)


def _match(ours: Sequence[tuple[int, str]], theirs: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    places: dict[str, list[int]] = {}
    for place, word in theirs:
        places.setdefault(word, []).append(place)
    return [(place, places[word].pop()) for place, word in reversed(ours) if places.get(word)]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(snowballstemmer.stemmer("porter").stemWord(word))


def _split_words(text: str) -> list[str]:
    return WORD.findall(space_out(text).casefold())


def _ngrams(tokens: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return (tuple(tokens[start : start + size]) for start in range(len(tokens) - size + 1))


def _f1(shared: int, ours: int, theirs: int) -> float:
    """Return the F1. Texts that are too short for any sequence share nothing."""
    return 2 * shared / (ours + theirs) if shared else 0.0


def cosine(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the cosine of two vectors, from -1 to 1.

    Raises:
        GradingFailed: if they have no direction or different lengths.
    """
    lengths = math.hypot(*first) * math.hypot(*second)
    if len(first) != len(second) or not math.isfinite(lengths) or not lengths:
        raise GradingFailed("model_grader_server_error", "The embedder returned vectors that cannot be compared.")
    # Rounding may leave the range by the last digit.
    return max(-1.0, min(1.0, sum(a * b for a, b in zip(first, second, strict=True)) / lengths))


METRICS: Mapping[str, Callable[[str, str], float]] = {
    "fuzzy_match": fuzzy_match,
    "bleu": bleu,
    "gleu": gleu,
    "meteor": meteor,
    "rouge_l": rouge_l,
    **{f"rouge_{size}": partial(rouge_n, size=size) for size in range(1, 6)},
}
