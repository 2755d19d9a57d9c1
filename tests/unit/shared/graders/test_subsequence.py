import random
import threading
import time
from collections.abc import Sequence

import pytest
from rapidfuzz.distance import LCSseq

from shared.graders.scoring import subsequence
from shared.graders.scoring.subsequence import common_subsequence

HAN = "".join(map(chr, range(0x4E00, 0x5E00)))


def draw(chance: random.Random, elements: Sequence[str], most: int) -> list[str]:
    return [chance.choice(elements) for _ in range(chance.randint(0, most))]


@pytest.mark.parametrize("block", [1, 3, 64, 16_384])
def test_long_sequences_are_compared_as_rapidfuzz_does(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subsequence, "QUICK_CELLS", -1)
    monkeypatch.setattr(subsequence, "BLOCK", block)
    chance = random.Random(1)
    for elements in ("ab", "abcdefgh", ["one", "two", "three"], HAN):
        for _ in range(40):
            ours, theirs = draw(chance, elements, 60), draw(chance, elements, 60)
            assert common_subsequence(ours, theirs) == LCSseq.similarity(ours, theirs)


def test_other_threads_get_their_turn_while_long_texts_are_compared() -> None:
    chance = random.Random(2)
    ours, theirs = ("".join(chance.choices(HAN, k=40_000)) for _ in range(2))
    lengths = list[int]()
    thread = threading.Thread(target=lambda: lengths.append(common_subsequence(ours, theirs)))
    thread.start()
    turns = 0
    while thread.is_alive():
        time.sleep(0.001)
        turns += 1
    assert 0 < lengths[0] < 40_000
    assert turns > 5
