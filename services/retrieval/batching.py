"""One model for many callers: a thread that runs it, batch by batch, urgent texts before the others.

An urgent text waits for the batch under way at most, and batches are bounded by their tokens; so a query stays quick while documents
are being embedded. Texts of like length go together, whoever sent them, so that little is spent on padding. Knows no model.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from shared.errors import TooManyRequests, Unavailable

MAX_URGENT = 8192
Rows = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Run = Callable[[list[str], str | None], Rows]


@dataclass
class Call:
    """What one caller waits for."""

    results: list[Rows | None]
    left: int
    done: threading.Event
    error: Exception | None = None


@dataclass(frozen=True)
class Piece:
    """One text of a call: its place there, its length in tokens, and what is put before it."""

    call: Call
    place: int
    text: str
    size: int
    prompt: str | None


class Batcher:
    """Runs `run` (texts and their prompt in, one row for each out) for any number of threads.

    A batch has at most `texts` texts, and at most `tokens` tokens with its padding unless one text alone has more.
    """

    def __init__(self, run: Run, texts: int, tokens: int) -> None:
        self._run = run
        self._texts = texts
        self.tokens = tokens
        self._urgent: list[Piece] = []
        self._others: list[Piece] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def rows(self, texts: Sequence[str], sizes: Sequence[int], prompt: str | None, *, urgent: bool) -> Rows:
        """Return the rows of `texts`, whose lengths in tokens are `sizes`; waits until they are there.

        Raises:
            TooManyRequests: too many urgent texts are waiting.
            Unavailable: it was closed.
            Exception: whatever `run` raised.
        """
        if not texts:
            raise ValueError("there is nothing to run")
        call = Call([None] * len(texts), len(texts), threading.Event())
        pieces = [Piece(call, place, text, size, prompt) for place, (text, size) in enumerate(zip(texts, sizes, strict=True))]
        self._enqueue(pieces, urgent)
        call.done.wait()
        if call.error is not None:
            raise call.error
        return np.stack([row for row in call.results if row is not None])

    def close(self) -> None:
        """End the thread after the batch under way; callers that still wait are told."""
        with self._changed:
            self._closed = True
            waiting = [*self._urgent, *self._others]
            self._urgent, self._others = [], []
            self._changed.notify_all()
        _fail(waiting, Unavailable("The service is stopping."))

    def _enqueue(self, pieces: list[Piece], urgent: bool) -> None:
        with self._changed:
            if self._closed:
                raise Unavailable("The service is stopping.")
            if urgent and len(self._urgent) + len(pieces) > MAX_URGENT:
                raise TooManyRequests(f"More than {MAX_URGENT} texts are waiting for the embedder. Try again later.")
            (self._urgent if urgent else self._others).extend(pieces)
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="batcher", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _loop(self) -> None:
        while batch := self._next():
            try:
                rows = self._run([piece.text for piece in batch], batch[0].prompt)
            except Exception as error:
                self._drop({id(piece.call) for piece in batch})
                _fail(batch, error)
            else:
                _deliver(batch, rows)

    def _next(self) -> list[Piece]:
        """Wait for work and take a batch of it; empty when it is closed."""
        with self._changed:
            while not (self._urgent or self._others or self._closed):
                self._changed.wait()
            if self._closed:
                return []
            queue = self._urgent or self._others
            batch = self._choose(queue)
            taken = {id(piece) for piece in batch}
            queue[:] = [piece for piece in queue if id(piece) not in taken]
            return batch

    def _choose(self, queue: list[Piece]) -> list[Piece]:
        """Return the oldest piece with those like it in length, as many as fit."""
        oldest = queue[0]
        alike = sorted((piece for piece in queue if piece.prompt == oldest.prompt), key=lambda piece: abs(piece.size - oldest.size))
        batch: list[Piece] = []
        for piece in alike[: self._texts]:
            longest = max(piece.size, *(each.size for each in batch), 1) if batch else piece.size
            if batch and longest * (len(batch) + 1) > self.tokens:
                break
            batch.append(piece)
        return batch

    def _drop(self, calls: set[int]) -> None:
        with self._changed:
            for queue in (self._urgent, self._others):
                queue[:] = [piece for piece in queue if id(piece.call) not in calls]


def _deliver(batch: list[Piece], rows: Rows) -> None:
    for piece, row in zip(batch, rows, strict=True):
        piece.call.results[piece.place] = row
        piece.call.left -= 1
        if not piece.call.left:
            piece.call.done.set()


def _fail(pieces: Sequence[Piece], error: Exception) -> None:
    for piece in pieces:
        piece.call.error = error
        piece.call.done.set()
