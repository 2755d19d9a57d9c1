"""Finds what is wrong with a proposed question without asking a model: rules about its words, and questions that were kept before."""

import re
from collections import defaultdict
from typing import Literal

from services.evaluation.datasets.sources.documents import Passage
from services.evaluation.datasets.synthesis.propose import EXAMPLE_NAMES, LIST_MARK, Proposal
from services.evaluation.datasets.synthesis.words import content_words, overlap
from shared.contracts.datasets import Difficulty, Kind
from shared.graders.text import contains_words, normalize

Fault = Literal[
    "not_json",
    "not_a_question",
    "answer_too_long",
    "answer_not_in_passage",
    "answer_in_question",
    "mentions_passage",
    "vague",
    "copies_example",
    "duplicate",
    "known_without_passage",
    "not_answered_with_passage",
    "refused",
    "surplus",
]
FAULTS: dict[Fault, str] = {
    "not_json": "the reply was not the requested JSON",
    "not_a_question": "the question has no question mark, or fewer than three words",
    "answer_too_long": "the answer has more than 20 words",
    "answer_not_in_passage": "the answer is not in the passage",
    "answer_in_question": "the question contains the answer",
    "mentions_passage": "the question mentions the passage",
    "vague": "the question does not say what it is about",
    "copies_example": "the question is about the example in the prompt",
    "duplicate": "the question was already there",
    "known_without_passage": "the model knew the answer without the passage",
    "not_answered_with_passage": "the model did not find the answer in the passage",
    "refused": "the generator refused the request",
    "surplus": "its part already had enough examples",
}
MAX_ANSWER_WORDS = 20
SAME_ANSWER_OVERLAP = 0.5
NOUNS = "passage|text|article|paragraph|excerpt|document|section|table|figure|context|author|statement|sentence"
MENTIONS = re.compile(
    rf"\b(?:(?:the|this|that|above|given|following|provided) (?:{NOUNS})s?\b(?! \d)|according to (?:it|this|that)\b|mentioned"
    r"|(?:described|stated) (?:above|here)"
    r"|(?:im|dem|diesem|den) (?:text|abschnitt|absatz|artikel|dokument)|(?:le|ce|du) (?:texte|passage|document|paragraphe)"
    r"|(?:el|este|del) (?:texto|pasaje|documento|p\u00e1rrafo))\b",
    re.IGNORECASE,
)
QUESTION_MARKS = "?\uff1f\u061f\u037e;\u055e"  # full-width, Arabic, Greek (also as a semicolon), Armenian


def find_fault(proposal: Proposal, passage: Passage, kind: Kind) -> Fault | None:
    """Return the first rule that the proposal breaks, or None."""
    question, answer = proposal.question, proposal.answer
    about = f"{passage.heading} {passage.filename} {passage.text}"
    faults: list[tuple[Fault, bool]] = [
        ("not_a_question", not _is_question(question)),
        ("answer_too_long", len(normalize(answer).split()) > MAX_ANSWER_WORDS),
        ("mentions_passage", MENTIONS.search(question) is not None),
        ("answer_not_in_passage", not _stands_in(answer, passage.text, kind)),
        ("answer_in_question", kind != "yes_no" and contains_words(question, answer) > 0),
        ("vague", not content_words(question) & content_words(about)),
        ("copies_example", any(contains_words(f"{question} {answer}", name) and not contains_words(about, name) for name in EXAMPLE_NAMES)),
    ]
    return next((fault for fault, broken in faults if broken), None)


def _is_question(text: str) -> bool:
    return text[-1] in QUESTION_MARKS and len(normalize(text).split()) >= 3


def _stands_in(answer: str, text: str, kind: Kind) -> bool:
    if kind == "yes_no":
        return True  # checked by asking only
    if kind == "list":
        items = [item for item in LIST_MARK.split(answer) if normalize(item)]
        return bool(items) and all(contains_words(text, item) for item in items)
    return contains_words(text, answer) > 0


def measure_difficulty(question: str, evidence: str) -> Difficulty:
    """Return how far a question is from the sentence with its answer: `easy` if it has two thirds of the words, `hard` below one third."""
    words = content_words(question)
    share = len(words & content_words(evidence)) / len(words) if words else 0.0
    return "easy" if share >= 2 / 3 else "medium" if share >= 1 / 3 else "hard"


class KeptQuestions:
    """The questions that were kept, to find those that ask the same again."""

    def __init__(self) -> None:
        self._questions: set[frozenset[str]] = set()
        self._by_answer: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)

    def has(self, proposal: Proposal, file_id: str) -> bool:
        """Return whether a question with the same words was kept, or one with this answer that is alike or about the same document."""
        words = frozenset(normalize(proposal.question).split())
        same_answer = self._by_answer.get(normalize(proposal.answer), ())
        return words in self._questions or any(_is_alike(words, file_id, *each) for each in same_answer)

    def add(self, proposal: Proposal, file_id: str) -> None:
        """Remember a question."""
        words = frozenset(normalize(proposal.question).split())
        self._questions.add(words)
        self._by_answer[normalize(proposal.answer)].append((file_id, words))


def _is_alike(words: frozenset[str], file_id: str, other_file: str, other_words: frozenset[str]) -> bool:
    """Return whether two questions with the same answer ask the same. Within a document, fewer common words are enough."""
    return overlap(words, other_words) >= (SAME_ANSWER_OVERLAP if file_id == other_file else (1 + SAME_ANSWER_OVERLAP) / 2)
