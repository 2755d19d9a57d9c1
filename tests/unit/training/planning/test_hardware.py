"""What this machine has: memory within the container's limit, and how often memory ran out."""

from pathlib import Path

import pytest

from services.training.planning import hardware
from services.training.planning.hardware import available_memory, count_memory_kills


def test_the_smaller_of_the_machines_memory_and_the_containers_limit_is_available(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "MEMORY", tmp_path / "meminfo")
    hardware.MEMORY.write_text("MemTotal:  9000 kB\nMemAvailable:  2000 kB\n")
    for limits, expected in (([], 2_048_000), ([5_000_000], 2_048_000), ([5_000_000, 1000], 1000)):
        monkeypatch.setattr(hardware, "list_cgroup_memory", lambda: limits)  # noqa: B023  called in the same round
        assert available_memory() == expected


def test_this_machine_has_memory() -> None:
    assert available_memory() > 0


def test_kills_are_read_from_linux_statistics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "EVENTS", tmp_path / "vmstat")
    assert count_memory_kills() == 0
    hardware.EVENTS.write_text("nr_free_pages 77\noom_kill 3\n")
    assert count_memory_kills() == 3
    hardware.EVENTS.write_text("nr_free_pages 77\n")
    assert count_memory_kills() == 0
