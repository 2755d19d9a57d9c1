"""Requests, items and specs of datasets for tests."""

from typing import Any

from services.evaluation.datasets.sources.documents import Document, Passage
from services.evaluation.datasets.sources.split import QuestionRequest
from services.evaluation.datasets.synthesis.item_store import StoredItem
from services.evaluation.datasets.synthesis.make_question import Item
from services.evaluation.datasets.synthesis.propose import Proposal
from shared.contracts.datasets import DatasetSpec, Kind

TEXT = "The crane of the Kestrel weighs 12.5 kilograms. It was built by Ada Poole in Leeds, because the old one had rusted through."


def make_spec(**changes: Any) -> DatasetSpec:
    """Return the spec of a dataset."""
    return DatasetSpec.model_validate({"vector_store_ids": ["vs_1"], "generator": {"model": "writer"}, **changes})


def make_passage(text: str = TEXT, file_id: str = "file-a", start: int = 0) -> Passage:
    """Return a passage."""
    return Passage(file_id, f"{file_id}.md", start, start + len(text), "Manual \u203a Weights", text)


def make_document(name: str, passages: int = 3, text: str = "") -> Document:
    """Return a document whose passages differ from each other and from those of other documents."""
    texts = [
        f"{text or name} has a passage with the number {number}, and says {name * 3} {number * 7} times." for number in range(passages)
    ]
    return Document(f"file-{name}", f"{name}.md", [make_passage(each, f"file-{name}", 100 * n) for n, each in enumerate(texts)])


def make_request(kind: Kind = "number", passage: Passage | None = None, part: Any = "train", number: int = 0) -> QuestionRequest:
    """Return a request for a question."""
    passage = passage or make_passage()
    return QuestionRequest(f"{passage.file_id}:{passage.start}:{number}", part, passage, kind, "easy")


def make_item(question: str = "How heavy is the crane?", answer: str = "12.5 kilograms", kind: Kind = "number", **where: Any) -> Item:
    """Return a kept question."""
    return Item(make_request(kind, **where), Proposal(question, answer), kind)


class MemoryItems:
    """Stores items in memory, and counts how often."""

    def __init__(self) -> None:
        self.stored: dict[str, StoredItem] = {}
        self.history: list[tuple[str, str]] = []

    def read(self) -> dict[str, StoredItem]:
        return dict(self.stored)

    def save(self, key: str, item: StoredItem) -> None:
        self.stored[key] = item
        self.history.append((key, item.state))
