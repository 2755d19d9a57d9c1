"""Gives training examples passages, with and without the one that has the answer.

Source: Zhang et al., RAFT: Adapting Language Model to Domain Specific RAG, 2024 (arXiv 2403.10131), section 3. The cases whose answer is
that the documents do not say are an addition.
"""

import asyncio
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from services.evaluation.datasets.grounded_form import ShownPassage
from services.evaluation.datasets.sources.documents import join_headings
from services.evaluation.datasets.synthesis.make_question import Item
from shared.contracts.datasets import Raft
from shared.errors import InvalidRequest
from shared.graders.text import contains_words
from shared.workers.retry import retry

Case = Literal["oracle", "distractors", "unanswerable", "plain"]
MAX_HITS = 50  # of a search: enough that some are of the same part
PARALLEL = 8


class Searches(Protocol):
    """What distractors need of Tandem's API."""

    async def call(self, method: str, path: str, *, body: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """Send a request with JSON, and return the JSON of the response."""
        ...


@dataclass(frozen=True)
class GroundedItem:
    """An item with the passages of its prompt, none if it is the question alone; `answer` is the text to learn."""

    item: Item
    passages: Sequence[ShownPassage]
    answer: str


async def add_passages(
    items: Sequence[Item], files: Collection[str], raft: Raft, api: Searches, store_ids: Sequence[str], seed: int, retry_seconds: float
) -> list[GroundedItem]:
    """Return the items with passages. Distractors come from `files` only, the documents of the same part, so that nothing leaks.

    An item for which the search finds no distractor gets the passage with the answer alone.
    """
    limit = asyncio.Semaphore(PARALLEL)

    async def ground(item: Item, case: Case, number: int) -> GroundedItem:
        if case == "plain":
            return GroundedItem(item, [], item.proposal.answer)
        async with limit:
            hits = await _search(api, store_ids, item.proposal.question, retry_seconds)
        distractors = choose_distractors(item, hits, files)[: raft.distractors]
        return _arrange(item, case if distractors else "oracle", distractors, raft, random.Random(f"{seed}:{number}"))  # noqa: S311

    cases = assign_cases(len(items), raft, seed)
    return list(await asyncio.gather(*(ground(item, case, number) for number, (item, case) in enumerate(zip(items, cases, strict=True)))))


def assign_cases(count: int, raft: Raft, seed: int) -> list[Case]:
    """Return the case of each of `count` items, in random order, with the shares of `raft`."""
    oracle = round(raft.oracle_share * count)
    unanswerable = min(count - oracle, round(raft.unanswerable_share * count))
    plain = min(count - oracle - unanswerable, round(raft.plain_share * count))
    counts: dict[Case, int] = {"oracle": oracle, "unanswerable": unanswerable, "plain": plain}
    counts["distractors"] = count - sum(counts.values())
    cases: list[Case] = [case for case, number in counts.items() for _ in range(number)]
    random.Random(seed).shuffle(cases)  # noqa: S311 (a sample, no secret)
    return cases


async def _search(api: Searches, store_ids: Sequence[str], question: str, retry_seconds: float) -> list[dict[str, Any]]:
    """Return the hits of all stores, best first; none if the question has no words that can be searched."""
    body = {"query": question, "max_num_results": MAX_HITS, "vector_store_ids": list(store_ids[1:])}
    try:
        page = await retry(lambda: api.call("POST", f"/v1/vector_stores/{store_ids[0]}/search", body=body), retry_seconds)
    except InvalidRequest:
        return []
    hits: list[dict[str, Any]] = page["data"]
    return hits


def choose_distractors(item: Item, hits: Sequence[Mapping[str, Any]], files: Collection[str]) -> list[ShownPassage]:
    """Return those of the hits, best first, that are of `files`, do not overlap the item's passage, and do not have its answer."""
    oracle, found = item.request.passage, []
    for hit in hits:
        text = "\n".join(part["text"] for part in hit["content"])
        chunk = hit["chunk"]
        is_oracle = hit["file_id"] == oracle.file_id and chunk["start"] < oracle.end and oracle.start < chunk["end"]
        has_answer = item.kind != "yes_no" and contains_words(text, item.proposal.answer) > 0
        if hit["file_id"] in files and not is_oracle and not has_answer:
            found.append(ShownPassage(join_headings(chunk), text))
    return found


def _arrange(item: Item, case: Case, distractors: list[ShownPassage], raft: Raft, dice: random.Random) -> GroundedItem:
    if case == "unanswerable":
        return GroundedItem(item, distractors, raft.abstention)
    passages = list(distractors)
    if case == "oracle":
        oracle = item.request.passage
        passages.insert(dice.randint(0, len(passages)), ShownPassage(oracle.heading, oracle.text))
    return GroundedItem(item, passages, item.proposal.answer)
