"""Some examples of a file, evenly spread over it, and the longest ones: for what takes too long to do with every example.

What it keeps is bounded by a number of examples and by their characters, whatever the size of the file. The same file always has the
same sample.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.datasets.examples.example import Example, Preference

MAX_SPREAD = 2000
MAX_LONGEST = 10
MAX_CHARACTERS = 8 * 2**20  # of the spread examples, and again of the longest
# 2**64 divided by the golden ratio (Knuth, The Art of Computer Programming 3, 6.4). Its multiples modulo 2**64 are spread evenly, and so
# are the numbers of those below a limit. Every second example, instead, would be half of the data of a file that alternates two kinds.
GOLDEN = 11_400_714_819_323_198_485
WORD = 2**64


@dataclass(frozen=True)
class SampledExample:
    """An example: which one of the file it is, its line, its characters without those of roles, its messages and tools.

    Messages and tools are as a request to the engine has them. `first_answer` and `answer` are the positions of the first and the
    last message that the model learns.
    """

    number: int
    line: int
    characters: int
    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]] = field(default_factory=list)
    answer: int = 0
    first_answer: int = 0


@dataclass(order=True)
class _Ranked:
    rank: tuple[int, int]
    example: SampledExample = field(compare=False)


class ExampleSample:
    """Add every example of a file. Until there are too many, all are kept."""

    def __init__(self, max_spread: int = MAX_SPREAD, max_longest: int = MAX_LONGEST, max_characters: int = MAX_CHARACTERS) -> None:
        self.examples = self.characters = 0
        self._spread = _Best(max_spread, max_characters)
        self._longest = _Best(max_longest, max_characters)

    def add(self, example: Example | Preference, line: int) -> None:
        """Add the example in a line; of a preference pair, the chat with the longer answer."""
        chat = example if isinstance(example, Example) else example.complete(max(example.preferred, example.rejected, key=len))
        characters = sum(len(text) for _, text in chat.list_texts())
        messages = [message.model_dump() for message in chat.messages]
        answers = [position for position, message in enumerate(chat.messages) if message.is_learned] or [0]
        sampled = SampledExample(self.examples, line, characters, messages, chat.tools, answers[-1], answers[0])
        self._spread.add(_Ranked((-(sampled.number * GOLDEN % WORD), 0), sampled))
        self._longest.add(_Ranked((sampled.characters, -sampled.number), sampled))
        self.examples += 1
        self.characters += sampled.characters

    def spread(self) -> list[SampledExample]:
        """Return the spread examples. The first of them, however many, are spread evenly too."""
        return self._spread.list_best()

    def longest(self) -> list[SampledExample]:
        """Return the examples with the most characters, the longest first."""
        return self._longest.list_best()

    def __iter__(self) -> Iterator[SampledExample]:
        """Yield each example of the sample once: the longest, then the spread ones."""
        longest = self.longest()
        numbers = {each.number for each in longest}
        yield from longest
        yield from (each for each in self.spread() if each.number not in numbers)


class _Best:
    """The examples with the highest ranks: at most `limit`, and if more than one, with at most `max_characters` together."""

    def __init__(self, limit: int, max_characters: int) -> None:
        self._limit = limit
        self._max_characters = max_characters
        self._characters = 0
        self._heap: list[_Ranked] = []
        self._dropped: _Ranked | None = None

    def add(self, ranked: _Ranked) -> None:
        if self._dropped is not None and ranked < self._dropped:
            return  # even if it is so short that there is room for it
        heapq.heappush(self._heap, ranked)
        self._characters += ranked.example.characters
        while len(self._heap) > self._limit or (self._characters > self._max_characters and len(self._heap) > 1):
            self._dropped = heapq.heappop(self._heap)
            self._characters -= self._dropped.example.characters

    def list_best(self) -> list[SampledExample]:
        return [ranked.example for ranked in sorted(self._heap, reverse=True)]
