"""One model for many callers: threads that run it batch by batch, one of them for urgent texts only.

So an urgent text waits only for other urgent ones, and a query stays quick while documents are being embedded. Calls are served in the
order in which they would end if all calls of the kind shared the model equally (fair queueing, Demers, Keshav and Shenker 1989), so a
short call does not wait for long ones. Texts of similar length share a batch, even from different callers, so that little is spent on
padding. Knows no model.
"""

import threading
from bisect import bisect_right
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from services.retrieval.embedding.vectors import Vectors
from shared.errors import TooManyRequests

MAX_URGENT = 8192
RunBatch = Callable[[list[str], str | None], Vectors]


class BatcherClosed(Exception):
    """The batcher was closed, because its model was unloaded."""


@dataclass(frozen=True)
class BatchLimits:
    """The size of a batch: at most so many texts, and so many tokens with padding unless one text alone has more."""

    texts: int
    tokens: int
    urgent_texts: int


@dataclass
class PendingCall:
    """A caller's texts that are waiting or running. `due` orders the calls, see `Queue`."""

    vectors: list[np.ndarray[tuple[int], np.dtype[np.float32]] | None]
    remaining: int
    due: float = 0.0
    result: Future[Vectors] = field(default_factory=Future)


@dataclass(frozen=True)
class QueuedText:
    """One text of a call: its position there, its length in tokens, and the prompt to put before it."""

    call: PendingCall
    position: int
    text: str
    token_count: int
    prompt: str | None


@dataclass
class Queue:
    """Waiting texts, in the order in which their calls are due; a batch has at most `max_texts`.

    Time is counted in rounds. In a round, each of the n waiting calls would get one token, so n tokens are run. A call is due as many
    rounds after its arrival as it has tokens.
    """

    max_texts: int
    items: list[QueuedText] = field(default_factory=list)
    rounds: float = 0.0

    def insert(self, items: list[QueuedText]) -> None:
        """Put the texts of a call before those of calls that are due later."""
        call = items[0].call
        call.due = self.rounds + _count_tokens(items)
        place = bisect_right(self.items, call.due, key=lambda item: item.call.due)
        self.items[place:place] = items

    def take(self, batch: list[QueuedText]) -> None:
        """Remove the texts of a batch, which is run now."""
        self.rounds += _count_tokens(batch) / len({id(item.call) for item in self.items})
        taken = {id(item) for item in batch}
        self.items = [item for item in self.items if id(item) not in taken]

    def remove(self, calls: set[int]) -> None:
        """Remove the texts of these calls."""
        self.items = [item for item in self.items if id(item.call) not in calls]


class Batcher:
    """Runs a model for any number of callers, in `max_threads` threads and one for urgent texts.

    `run` gets texts and their prompt, and returns one vector for each. The threads that run calls that are not urgent begin with
    `prepare_thread`.
    """

    def __init__(self, run: RunBatch, limits: BatchLimits, max_threads: int = 1, prepare_thread: Callable[[], None] | None = None) -> None:
        self._run = run
        self._prepare_thread = prepare_thread
        self._limits = limits
        self._max_threads = max_threads
        self._urgent = Queue(limits.urgent_texts)
        self._others = Queue(limits.texts)
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._is_closed = False

    def submit(self, texts: Sequence[str], token_counts: Sequence[int], prompt: str | None, *, is_urgent: bool) -> Future[Vectors]:
        """Queue texts; the future returns one vector for each, or raises what `run` raised.

        Raises:
            TooManyRequests: if too many urgent texts are waiting.
            BatcherClosed: if the batcher was closed.
        """
        if not texts:
            raise ValueError("'texts' must not be empty")
        call = PendingCall([None] * len(texts), len(texts))
        items = zip(texts, token_counts, strict=True)
        self._enqueue([QueuedText(call, position, text, count, prompt) for position, (text, count) in enumerate(items)], is_urgent)
        return call.result

    def close(self) -> None:
        """End the threads after their current batches. Calls that still wait raise BatcherClosed."""
        with self._changed:
            self._is_closed = True
            waiting = [*self._urgent.items, *self._others.items]
            self._urgent.items, self._others.items = [], []
            self._changed.notify_all()
        _fail(waiting, BatcherClosed())

    def _enqueue(self, items: list[QueuedText], is_urgent: bool) -> None:
        with self._changed:
            if self._is_closed:
                raise BatcherClosed
            if is_urgent and len(self._urgent.items) + len(items) > MAX_URGENT:
                raise TooManyRequests(f"More than {MAX_URGENT} texts are waiting to be embedded. Try again later.")
            (self._urgent if is_urgent else self._others).insert(items)
            while len(self._threads) <= self._max_threads:
                self._start_thread(self._run_others if self._threads else self._run_urgent)
            self._changed.notify_all()

    def _start_thread(self, target: Callable[[], None]) -> None:
        self._threads.append(threading.Thread(target=target, name="batcher", daemon=True))
        self._threads[-1].start()

    def _run_urgent(self) -> None:
        # In one thread: urgent texts that arrive while some are run share the next batch.
        while batch := self._wait_for_batch(self._urgent):
            self._run_batch(batch)

    def _run_others(self) -> None:
        if self._prepare_thread:
            self._prepare_thread()
        while batch := self._wait_for_batch(self._others):
            self._run_batch(batch)

    def _run_batch(self, batch: list[QueuedText]) -> None:
        try:
            vectors = self._run([item.text for item in batch], batch[0].prompt)
        except BaseException as error:  # also the panic of a library written in Rust: without this thread, every call would wait forever
            self._dequeue_calls({id(item.call) for item in batch})
            _fail(batch, error)
        else:
            self._deliver(batch, vectors)

    def _wait_for_batch(self, queue: Queue) -> list[QueuedText]:
        """Wait for texts in a queue; return a batch of them. It is empty if the batcher is closed."""
        with self._changed:
            while not queue.items:
                if self._is_closed:
                    return []
                self._changed.wait()
            batch = self._choose_batch(queue)
            queue.take(batch)
            return batch

    def _choose_batch(self, queue: Queue) -> list[QueuedText]:
        """Return the first text and those closest to it in length, as many as fit."""
        first = queue.items[0]
        same_prompt = (item for item in queue.items if item.prompt == first.prompt)
        by_length = sorted(same_prompt, key=lambda item: abs(item.token_count - first.token_count))
        batch: list[QueuedText] = []
        for item in by_length[: queue.max_texts]:
            longest = max(item.token_count, *(each.token_count for each in batch), 1) if batch else item.token_count
            if batch and longest * (len(batch) + 1) > self._limits.tokens:
                break
            batch.append(item)
        return batch

    def _deliver(self, batch: list[QueuedText], vectors: Vectors) -> None:
        finished: list[PendingCall] = []
        with self._changed:  # texts of one call may run in several threads
            for item, vector in zip(batch, vectors, strict=True):
                item.call.vectors[item.position] = vector
                item.call.remaining -= 1
                if not item.call.remaining:
                    finished.append(item.call)
        for call in finished:
            with suppress(InvalidStateError):  # another batch of the call may have failed
                call.result.set_result(np.stack([vector for vector in call.vectors if vector is not None]))

    def _dequeue_calls(self, calls: set[int]) -> None:
        with self._changed:
            self._urgent.remove(calls)
            self._others.remove(calls)


def _count_tokens(items: Sequence[QueuedText]) -> int:
    return sum(max(item.token_count, 1) for item in items)


def _fail(items: Sequence[QueuedText], error: BaseException) -> None:
    for call in {id(item.call): item.call for item in items}.values():
        with suppress(InvalidStateError):  # another thread may have failed it already
            call.result.set_exception(error)
