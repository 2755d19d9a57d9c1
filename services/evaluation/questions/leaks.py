"""Questions that the training file has, or nearly has. An arm that was trained on the answer would look better than it is."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from services.evaluation.questions.near_duplicates import SimilarTexts, Text, agree, ask_the_same, read
from services.evaluation.questions.training_prompts import find_prompts, get_asked_text
from shared.datasets import Example, Question

CHUNK = 500  # examples; about half a second of work
COMMON_ANSWER = 0.01  # the share of the examples that have an answer which says little, such as `yes`
MAX_RARE = 5


@dataclass(frozen=True)
class Leak:
    """A question, by its position, and the line of the training file that asks the same.

    `similarity` is that of their texts, between 0 and 1. It is 1 if they are equal once normalized.
    """

    question: int
    line: int
    similarity: float


def find_leaks(questions: Sequence[Question], examples: Sequence[Example], lines: Sequence[int] | None = None) -> list[Leak]:
    """Return the questions that an example asks, each with the most similar example, in the order of the questions.

    `lines` are the lines of the examples in the training file; by default, they count from 1. Texts that are equal once normalized ask
    the same; about similar ones, see `near_duplicates`. 5,000 questions and 50,000 examples take about a minute.
    """
    search = _Search(questions, examples, lines)
    return search.choose([leak for chunk in search.chunks() for leak in search.match(chunk)])


async def find_leaks_interruptibly(
    questions: Sequence[Question], examples: Sequence[Example], lines: Sequence[int] | None = None
) -> list[Leak]:
    """Return what `find_leaks` returns. The work is done in a thread, part by part, so it ends soon after the task is canceled."""
    search = await asyncio.to_thread(_Search, questions, examples, lines)
    found: list[Leak] = []
    for chunk in search.chunks():
        found += await asyncio.to_thread(search.match, chunk)
    return search.choose(found)


Numbered = Sequence[tuple[int, Example]]


class _Search:
    """The questions, ready to be searched for those that examples ask."""

    def __init__(self, questions: Sequence[Question], examples: Sequence[Example], lines: Sequence[int] | None) -> None:
        numbers = range(1, len(examples) + 1) if lines is None else lines
        self._examples = list(zip(numbers, examples, strict=True))
        self._texts = [read(get_asked_text(question)) for question in questions]
        self._accepted = [[read(answer) for answer in question.answers or ()] for question in questions]
        self._positions: dict[str, list[int]] = {}
        for position, text in enumerate(self._texts):
            self._positions.setdefault(text.normalized, []).append(position)
        self._similar = SimilarTexts(self._texts)
        self._answers = Counter(_read_answer(example) for example in examples)

    def chunks(self) -> Iterator[Numbered]:
        """Yield the examples with their lines, some at a time."""
        remaining = iter(self._examples)
        while chunk := list(islice(remaining, CHUNK)):
            yield chunk

    def match(self, examples: Numbered) -> list[Leak]:
        """Return every question that one of the examples asks."""
        prompts = [(line, read(prompt.text), prompt.answer) for line, example in examples for prompt in find_prompts(example)]
        equal = [Leak(position, line, 1.0) for line, text, _ in prompts for position in self._positions.get(text.normalized, ())]
        similar = [
            Leak(position, prompts[found][0], similarity)
            for found, position, similarity in self._similar.find([text for _, text, _ in prompts])
            if self._asks(prompts[found][1], read(prompts[found][2]), position)
        ]
        return equal + similar

    def choose(self, leaks: Sequence[Leak]) -> list[Leak]:
        """Return the most similar leak of each question."""
        best: dict[int, Leak] = {}
        for leak in sorted(leaks, key=lambda leak: (leak.question, -leak.similarity, leak.line)):
            best.setdefault(leak.question, leak)
        return list(best.values())

    def _asks(self, text: Text, answer: Text, position: int) -> bool:
        accepted = self._accepted[position]
        if accepted and not agree(answer, accepted):
            return False
        is_rare = bool(accepted) and self._answers[answer.normalized] <= max(MAX_RARE, COMMON_ANSWER * len(self._examples))
        return ask_the_same(text, self._texts[position], answer_is_rare=is_rare)


def _read_answer(example: Example) -> str:
    return read(example.messages[-1].content).normalized
