"""What is told about the check of files while it runs, and the sample that is kept of them."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from services.generation.contracts.validation import ValidationProgress
from services.generation.jobs.feasibility.count_tokens import CountingModel
from services.generation.jobs.files.check_files import Source
from services.generation.jobs.validation.read_files import Checked, Reading, Stopped, Validation, read_files
from services.generation.serving.tokens import TokenCount
from shared.contracts.files import FileObject
from shared.datasets.checks.file_check import FileCheck

LINE = b'{"messages": [{"role": "user", "content": "Wie sp\xc3\xa4t?"}, {"role": "assistant", "content": "Zehn."}]}'
ABOUT = FileObject(id="file-1", bytes=1000, created_at=1, filename="a.jsonl", purpose="fine-tune", status="processed", sha256="0" * 64)


class Lines:
    """Files that have these lines."""

    def __init__(self, *lines: bytes) -> None:
        self._lines = lines

    def find_file(self, file_id: str, param: str) -> FileObject:
        return ABOUT

    @contextmanager
    def lines(self, file_id: str, param: str) -> Iterator[Iterator[bytes]]:
        yield iter(self._lines)


class Never:
    async def count(self, fields: dict[str, Any]) -> TokenCount:
        raise AssertionError("nothing is counted while files are read")

    async def read(self, tokens: Sequence[int]) -> str:
        raise AssertionError("nothing is counted while files are read")


def read(*lines: bytes, model: CountingModel | None, stopped: bool = False) -> Checked:
    stop = threading.Event()
    if stopped:
        stop.set()
    source = Source("training_file", ABOUT, 1)
    # It never reports: the clock of the last report is ahead.
    reading = Reading(ABOUT.bytes, lambda _: None, stop, reported=float("inf"))
    [checked] = read_files(Validation("supervised", [source], Lines(*lines), model), reading)
    return checked


def test_a_sample_is_kept_only_for_a_model_and_only_of_valid_lines() -> None:
    assert read(LINE, model=None).check.sample is None
    checked = read(LINE, b"{", b"", LINE, model=CountingModel("tiny", Never(), 40))
    sample = checked.check.sample
    assert sample is not None
    assert ([each.line for each in sample.longest()], sample.examples, checked.line) == ([1, 4], 2, 4)
    assert sample.longest()[0].messages == [{"role": "user", "content": "Wie spät?"}, {"role": "assistant", "content": "Zehn."}]


def test_reading_stops_if_nobody_waits_for_it() -> None:
    with pytest.raises(Stopped):
        read(LINE, model=None, stopped=True)


def test_counting_is_told_twice_a_second_at_most_with_the_file_that_is_read_to_its_end() -> None:
    told: list[ValidationProgress] = []
    reading = Reading(1000, told.append, threading.Event())
    checked = Checked(Source("training_file", ABOUT, 1), FileCheck(1), line=77)
    for examples in range(1, 50):
        reading.tell_counted(checked, examples)
    assert len(told) < 49
    assert told[0].model_dump() == {
        "file": "training_file",
        "percent": 100.0,
        "bytes_read": 1000,
        "bytes": 1000,
        "lines": 77,
        "num_problems": 0,
        "examples_counted": 1,
    }
