"""A long file, and things that happen while it is being indexed."""

import threading
from collections.abc import Callable

from tests.retrieval_harness import RetrievalHarness, call_once

LONG_TEXT = "\n\n".join(f"Paragraph {number} is about topic{number % 7} and nothing else whatsoever." for number in range(2000))


def ingest_while(harness: RetrievalHarness, happening: Callable[[str], object]) -> str:
    """Ingest a long file and let something happen to its id when the second batch is embedded; return the id.

    It happens in the thread that embeds, so the worker may be done before it is over.
    """
    file_id, is_over = harness.attach(LONG_TEXT), threading.Event()

    def happen() -> None:
        try:
            happening(file_id)
        finally:
            is_over.set()

    harness.embedder.before_batch = call_once(happen, 2)
    harness.worker().work_once()
    assert is_over.wait(60)
    harness.embedder.before_batch = lambda: None
    return file_id


def explode(_: object = None) -> None:
    """Fail as a bug does."""
    raise ZeroDivisionError("bug")
