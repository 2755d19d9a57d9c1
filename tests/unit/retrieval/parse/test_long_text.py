import random
from tempfile import TemporaryFile

import pytest

from services.retrieval.parse import long_text
from services.retrieval.parse.long_text import LongText, store, write_slices


@pytest.fixture(autouse=True)
def short_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_text, "SLICE_LENGTH", 64)


@pytest.mark.parametrize("seed", range(10))
def test_any_part_of_a_stored_text_is_that_part_of_the_whole(seed: int) -> None:
    dice = random.Random(seed)
    parts = ["".join(dice.choices("aé文😀\n", k=dice.randint(0, 150))) for _ in range(dice.randint(2, 9))]
    whole, stored = "".join(parts), store(parts)
    assert len(stored) == len(whole)
    assert isinstance(stored, str) == (len(whole) <= 64)
    for _ in range(50):
        start, stop = dice.randint(-3, len(whole) + 3), dice.randint(-3, len(whole) + 3)
        assert stored[start:stop] == whole[start:stop]
    assert stored[:] == whole


@pytest.mark.parametrize("sizes", [[64, 30], [100, 64, 6], [170], [64, 64, 64]])
def test_a_file_that_does_not_contain_such_a_text_is_rejected(sizes: list[int]) -> None:
    with TemporaryFile() as file:
        assert list(write_slices(["é" * 32 + "a" * 32, "b" * 64, "c" * 10], file)) == [96, 64, 10]
        with pytest.raises(ValueError, match=r"expected length|decode"):
            LongText(file, sizes)
