"""One model for many callers: lanes (threads) that run it, batch by batch, urgent texts before the others.

An urgent text waits for the first of the batches under way at most, and batches are bounded by their tokens; so a query stays quick
while documents are being embedded. Texts of like length go together, whoever sent them, so that little is spent on padding. Knows no
model.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from shared.errors import TooManyRequests

MAX_URGENT = 8192
Rows = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Run = Callable[[list[str], str | None], Rows]


class Closed(Exception):
    """The lanes have ended: the model was let go of."""


@dataclass
class Call:
    """What one caller waits for."""

    results: list[Rows | None]
    left: int
    done: Future[Rows] = field(default_factory=Future)


@dataclass(frozen=True)
class Piece:
    """One text of a call: its place there, its length in tokens, and what is put before it."""

    call: Call
    place: int
    text: str
    size: int
    prompt: str | None


class Batcher:
    """Runs `run` (texts and their prompt in, one row for each out) for any number of threads, in up to `lanes` threads of its own.

    A batch has at most `texts` texts, `urgent_texts` of urgent ones, and at most `tokens` tokens with its padding unless one text alone
    has more.
    """

    def __init__(self, run: Run, texts: int, tokens: int) -> None:
        self._run = run
        self._texts = texts
        self.tokens = tokens
        self.urgent_texts = texts
        self.lanes = 1
        self._urgent: list[Piece] = []
        self._urgent_runs = False  # in one lane at a time: those that come meanwhile share the next batch
        self._others: list[Piece] = []
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def ask(self, texts: Sequence[str], sizes: Sequence[int], prompt: str | None, *, urgent: bool) -> Future[Rows]:
        """Return the rows of `texts`, whose lengths in tokens are `sizes`, to come: or whatever `run` raised.

        Raises:
            TooManyRequests: too many urgent texts are waiting.
            Closed: they have ended.
        """
        if not texts:
            raise ValueError("there is nothing to run")
        call = Call([None] * len(texts), len(texts))
        pieces = [Piece(call, place, text, size, prompt) for place, (text, size) in enumerate(zip(texts, sizes, strict=True))]
        self._enqueue(pieces, urgent)
        return call.done

    def close(self) -> None:
        """End the lanes after the batches under way; callers that still wait are told."""
        with self._changed:
            self._closed = True
            waiting = [*self._urgent, *self._others]
            self._urgent, self._others = [], []
            self._changed.notify_all()
        _fail(waiting, Closed())

    def _enqueue(self, pieces: list[Piece], urgent: bool) -> None:
        with self._changed:
            if self._closed:
                raise Closed
            if urgent and len(self._urgent) + len(pieces) > MAX_URGENT:
                raise TooManyRequests(f"More than {MAX_URGENT} texts are waiting for the embedder. Try again later.")
            (self._urgent if urgent else self._others).extend(pieces)
            while len(self._threads) < self.lanes:
                self._threads.append(threading.Thread(target=self._loop, name="batcher", daemon=True))
                self._threads[-1].start()
            self._changed.notify(self.lanes)

    def _loop(self) -> None:
        while taken := self._next():
            batch, is_urgent = taken
            try:
                rows = self._run([piece.text for piece in batch], batch[0].prompt)
            except Exception as error:
                self._drop({id(piece.call) for piece in batch})
                _fail(batch, error)
            else:
                self._deliver(batch, rows)
            if is_urgent:
                with self._changed:
                    self._urgent_runs = False
                    self._changed.notify()

    def _next(self) -> tuple[list[Piece], bool] | None:
        """Wait for work and take a batch of it, and whether it is urgent; None when it is closed."""
        with self._changed:
            while not (queue := self._first()):
                if self._closed:
                    return None
                self._changed.wait()
            batch, is_urgent = self._choose(queue), queue is self._urgent
            taken = {id(piece) for piece in batch}
            queue[:] = [piece for piece in queue if id(piece) not in taken]
            self._urgent_runs = self._urgent_runs or is_urgent
            return batch, is_urgent

    def _first(self) -> list[Piece]:
        """Return the queue that is next; empty where none is."""
        return self._urgent if self._urgent and not self._urgent_runs else self._others

    def _choose(self, queue: list[Piece]) -> list[Piece]:
        """Return the oldest piece with those like it in length, as many as fit."""
        oldest = queue[0]
        alike = sorted((piece for piece in queue if piece.prompt == oldest.prompt), key=lambda piece: abs(piece.size - oldest.size))
        batch: list[Piece] = []
        for piece in alike[: self.urgent_texts if queue is self._urgent else self._texts]:
            longest = max(piece.size, *(each.size for each in batch), 1) if batch else piece.size
            if batch and longest * (len(batch) + 1) > self.tokens:
                break
            batch.append(piece)
        return batch

    def _deliver(self, batch: list[Piece], rows: Rows) -> None:
        whole: list[Call] = []
        with self._changed:  # pieces of one call may be in several lanes
            for piece, row in zip(batch, rows, strict=True):
                piece.call.results[piece.place] = row
                piece.call.left -= 1
                if not piece.call.left:
                    whole.append(piece.call)
        for call in whole:
            with suppress(InvalidStateError):  # another part of it may have failed
                call.done.set_result(np.stack([row for row in call.results if row is not None]))

    def _drop(self, calls: set[int]) -> None:
        with self._changed:
            for queue in (self._urgent, self._others):
                queue[:] = [piece for piece in queue if id(piece.call) not in calls]


def _fail(pieces: Sequence[Piece], error: Exception) -> None:
    for call in {id(piece.call): piece.call for piece in pieces}.values():
        with suppress(InvalidStateError):  # it may have been told by another lane
            call.done.set_exception(error)
