"""The length of the longest common subsequence, without keeping other threads waiting.

rapidfuzz holds the interpreter's lock until it has the result, which takes half a minute for two texts of 200,000 Chinese characters. So
long sequences are compared here, in many short operations on large integers. Both ways are exact.
"""

from collections.abc import Hashable, Sequence

from rapidfuzz.distance import LCSseq

QUICK_CELLS = 100_000_000  # rapidfuzz compares so many pairs of elements in less than 0.1 s
BLOCK = 16_384  # elements of one integer; the integers of a block, one for each different element, take 32 MB at most


def common_subsequence(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> int:
    """Return the length of the longest common subsequence. Source: Hyyrö, Bit-parallel LCS-length computation revisited, 2004."""
    if len(ours) * len(theirs) <= QUICK_CELLS:
        return int(LCSseq.similarity(ours, theirs))
    length, carries = 0, bytearray(len(theirs))
    for start in range(0, len(ours), BLOCK):
        length += _add_block(ours[start : start + BLOCK], theirs, carries)
    return length


def _add_block(block: Sequence[Hashable], theirs: Sequence[Hashable], carries: bytearray) -> int:
    """Return how many elements of the block are in the subsequence. `carries` has a bit for each element of `theirs`.

    The bits come from the block before, and are replaced by those for the next one.
    """
    places, width = _locate(block), len(block)
    everything = row = (1 << width) - 1
    for position, element in enumerate(theirs):
        matches = row & places.get(element, 0)
        if matches or carries[position]:
            moved = row + matches + carries[position]
            carries[position] = moved >> width
            row = (moved & everything) | (row ^ matches)
    return width - row.bit_count()


def _locate(block: Sequence[Hashable]) -> dict[Hashable, int]:
    """Return the places of each element, as the bits of an integer."""
    places: dict[Hashable, int] = {}
    for position, element in enumerate(block):
        places[element] = places.get(element, 0) | 1 << position
    return places
