"""Splits documents into parts, and lists the questions to request for each part. The same documents and seed give the same list."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from services.evaluation.datasets.sources.documents import Document, Passage
from shared.contracts.datasets import DIFFICULTIES, PARTS, DatasetSpec, Difficulty, Kind, Part, Split
from shared.errors import InvalidRequest


@dataclass(frozen=True)
class QuestionRequest:
    """A question to request: about which passage, of which kind, for which part. `key` names it within the dataset."""

    key: str
    part: Part
    passage: Passage
    kind: Kind
    difficulty: Difficulty


def split_documents(groups: Sequence[Sequence[Document]], split: Split, seed: int) -> dict[Part, list[Document]]:
    """Return the documents of each part whose share is above 0. A group is in one part, and the passages are shared out as `split` says.

    Raises:
        InvalidRequest: if there are fewer groups than parts.
    """
    shares: dict[Part, float] = {part: share for part in PARTS if (share := getattr(split, part)) > 0}
    if len(groups) < len(shares):
        raise InvalidRequest(_describe_shortage(groups, len(shares)), param="vector_store_ids", code="too_few_documents")
    parts: dict[Part, list[Document]] = {part: [] for part in shares}
    total = sum(_size(group) for group in groups)
    for left, group in zip(range(len(groups), 0, -1), _shuffle(groups, seed), strict=True):
        empty = [part for part in parts if not parts[part]]
        candidates = empty if len(empty) >= left else list(parts)
        target = max(candidates, key=lambda part: shares[part] * total - _size(parts[part]))
        parts[target].extend(group)
    return parts


def _describe_shortage(groups: Sequence[Sequence[Document]], parts: int) -> str:
    documents = sum(len(group) for group in groups)
    alike = f"{documents} documents, of which {len(groups)} differ from each other" if documents > len(groups) else f"{documents} documents"
    return (
        f"A document can be in one part only, so {parts} parts need at least {parts} documents with text. The vector stores have {alike}. "
        "Add documents, split them into several files, or set the share of a part to 0 in 'split'."
    )


def _size(documents: Sequence[Document]) -> int:
    return sum(len(document.passages) for document in documents)


def _shuffle(groups: Sequence[Sequence[Document]], seed: int) -> list[Sequence[Document]]:
    """Return the groups in a random order, but large ones first, so that the last ones can even the parts out."""
    shuffled = list(groups)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 (a sample, no secret)
    return sorted(shuffled, key=_size, reverse=True)


def list_requests(parts: Mapping[Part, Sequence[Document]], spec: DatasetSpec) -> dict[Part, list[QuestionRequest]]:
    """Return the questions to request for each part, in order.

    First one for each passage, then a second one, and so on. Documents take turns, and so do kinds and difficulties. A passage that
    stands in several documents is used once.
    """
    seen: set[str] = set()
    return {part: list(_list_part(part, documents, spec, seen)) for part, documents in parts.items()}


def _list_part(part: Part, documents: Sequence[Document], spec: DatasetSpec, seen: set[str]) -> Iterator[QuestionRequest]:
    passages = list(_take_turns(documents, seen, spec.seed))
    kinds = spec.kinds
    for round_number in range(spec.questions_per_passage):
        for position, passage in enumerate(passages):
            turn = position + round_number
            yield QuestionRequest(
                key=f"{passage.file_id}:{passage.start}:{round_number}",
                part=part,
                passage=passage,
                kind=kinds[turn % len(kinds)],
                difficulty=DIFFICULTIES[(turn // len(kinds) + round_number) % len(DIFFICULTIES)],
            )


def _take_turns(documents: Sequence[Document], seen: set[str], seed: int) -> Iterator[Passage]:
    shuffled = [_sample(document, seed) for document in documents]
    for row in zip_longest(*shuffled):
        for passage in row:
            if passage is not None and (text := " ".join(passage.text.casefold().split())) not in seen:
                seen.add(text)
                yield passage


def _sample(document: Document, seed: int) -> list[Passage]:
    """Return the passages of a document in a random order, which depends on its name and not on its id."""
    passages = list(document.passages)
    random.Random(f"{seed}:{document.filename}").shuffle(passages)  # noqa: S311 (a sample, no secret)
    return passages
