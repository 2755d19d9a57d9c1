import time

import pytest

from services.generation.grounding.timings import start_timings


def test_a_step_ends_where_the_next_begins_and_earlier_values_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 10.25, 11.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    started = start_timings()
    searched = started.end_step("search")
    prompted = searched.end_step("prompt")
    assert (started.ms, searched.ms, prompted.ms) == ({}, {"search": 250.0}, {"search": 250.0, "prompt": 750.0})
