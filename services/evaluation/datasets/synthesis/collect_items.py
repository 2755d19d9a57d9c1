"""Collects questions until every part has enough: several at a time, each stored as soon as its end is known."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.evaluation.datasets.sources.split import QuestionRequest
from services.evaluation.datasets.synthesis.filters import FAULTS, KeptQuestions
from services.evaluation.datasets.synthesis.item_store import StoredItem
from services.evaluation.datasets.synthesis.make_question import KEPT, Item, Items, QuestionMaker, is_final, read_item
from shared.contracts.datasets import Part
from shared.workers.job_context import JobContext

FIRST_PERCENT, LAST_PERCENT = 5.0, 90.0
NUM_EVENTS = 10
FRUITLESS_REQUESTS = 200  # after so many requests without one question kept, more would not help


@dataclass(frozen=True)
class Collection:
    """The kept items of each part, in the order of their requests, and what became of all requests."""

    items: dict[Part, list[Item]]
    requested: int
    filtered: dict[str, int]
    prompt_tokens: int
    completion_tokens: int


@dataclass
class Tally:
    """What became of the requests so far. `waiting` has those of each part that have not ended, the next one last."""

    targets: Mapping[Part, int]
    waiting: dict[Part, list[QuestionRequest]]
    ended: dict[str, StoredItem] = field(default_factory=dict)
    kept: Counter[Part] = field(default_factory=Counter)

    def end(self, request: QuestionRequest, item: StoredItem) -> None:
        """Count a request that has ended."""
        self.ended[request.key] = item
        self.kept[request.part] += item.state == KEPT

    def take(self) -> Iterator[QuestionRequest]:
        """Yield requests, each for the part that lacks most, until every part has enough or no request is left."""
        while (open_parts := self._open_parts()) and not self.is_fruitless:
            yield self.waiting[min(open_parts, key=lambda part: self.kept[part] / self.targets[part])].pop()

    def _open_parts(self) -> list[Part]:
        return [part for part, requests in self.waiting.items() if requests and self.kept[part] < self.targets[part]]

    @property
    def is_fruitless(self) -> bool:
        """Whether so many requests gave nothing that more of them would not help."""
        return len(self.ended) >= FRUITLESS_REQUESTS and not self.kept.total()

    @property
    def share_done(self) -> float:
        """How much of the work is done, from 0 to 1: by the examples that are there, or by the requests that ended."""
        wanted = sum(self.targets.values())
        found = sum(min(self.kept[part], target) for part, target in self.targets.items())
        total = len(self.ended) + sum(map(len, self.waiting.values()))
        return min(1.0, max(found / wanted if wanted else 1.0, len(self.ended) / total if total else 1.0))


def start_tally(
    requests: Mapping[Part, Sequence[QuestionRequest]], targets: Mapping[Part, int], stored: Mapping[str, StoredItem], kept: KeptQuestions
) -> Tally:
    """Return the tally of a dataset that may have begun before; `kept` gets the questions that were kept then."""
    tally = Tally(targets, {part: [] for part in requests})
    for part, listed in requests.items():
        for request in reversed(listed):
            item = stored.get(request.key)
            if item and is_final(item):
                tally.end(request, item)
                if item.state == KEPT:
                    kept.add(read_item(request, item).proposal, request.passage.file_id)
            else:
                tally.waiting[part].append(request)
    return tally


async def collect_items(
    requests: Mapping[Part, Sequence[QuestionRequest]],
    tally: Tally,
    maker: QuestionMaker,
    items: Items,
    context: JobContext,
    concurrency: int,
) -> Collection:
    """Make questions until every part has its target; return those that were kept, with the surplus left out.

    Raises:
        TandemError: if the generator cannot be used.
    """
    stored = await asyncio.to_thread(items.read)
    remaining = tally.take()

    async def work() -> None:
        for request in remaining:
            tally.end(request, await maker.make(request, stored.get(request.key)))
            await asyncio.to_thread(_report, tally, context)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(work())
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return _summarize(requests, tally)


def _report(tally: Tally, context: JobContext) -> None:
    done, kept = len(tally.ended), tally.kept.total()
    stage = f"writing questions: {kept} of {done} kept"
    context.report_progress(stage, FIRST_PERCENT + tally.share_done * (LAST_PERCENT - FIRST_PERCENT))
    step = max(1, sum(tally.targets.values()) // NUM_EVENTS)
    if done % step == 0:
        context.add_event(f"Kept {kept} of {done} questions.", data={"kept": kept, "requested": done})


def _summarize(requests: Mapping[Part, Sequence[QuestionRequest]], tally: Tally) -> Collection:
    chosen: dict[Part, list[Item]] = {}
    filtered = Counter(item.state for item in tally.ended.values() if item.state in FAULTS)
    for part, listed in requests.items():
        kept = [read_item(request, item) for request in listed if (item := tally.ended.get(request.key)) and item.state == KEPT]
        chosen[part] = kept[: tally.targets[part]]
        filtered["surplus"] += len(kept) - len(chosen[part])
    return Collection(
        items=chosen,
        requested=len(tally.ended),
        filtered={fault: count for fault, count in filtered.most_common() if count},
        prompt_tokens=_count_tokens(tally, "prompt_tokens"),
        completion_tokens=_count_tokens(tally, "completion_tokens"),
    )


def _count_tokens(tally: Tally, name: str) -> int:
    return sum(item.content.get(name, 0) for item in tally.ended.values())
