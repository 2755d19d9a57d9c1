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


def test_the_smaller_of_the_machines_memory_and_the_containers_limit_is_all_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(hardware, "has_gpu", lambda: False)
    hardware.MEMORY.write_text("MemTotal:  9000 kB\nMemAvailable:  2000 kB\n")
    for limits, expected in (([], 9_216_000), ([9_300_000], 9_216_000), ([9_300_000, 5000], 5000)):
        monkeypatch.setattr(hardware, "list_cgroup_limits", lambda: limits)  # noqa: B023  called in the same round
        assert hardware.find_total_memory() == expected


def test_this_machine_has_memory() -> None:
    assert available_memory() > 0


def test_kills_are_read_from_linux_statistics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "EVENTS", tmp_path / "vmstat")
    assert count_memory_kills() == 0
    hardware.EVENTS.write_text("nr_free_pages 77\noom_kill 3\n")
    assert count_memory_kills() == 3
    hardware.EVENTS.write_text("nr_free_pages 77\n")
    assert count_memory_kills() == 0


def test_a_training_without_a_gpu_uses_this_processor() -> None:
    found = hardware.find_trainable()
    assert not found.is_gpu
    assert found.name.endswith(f", {hardware.count_cores()} cores")
    assert found.free_bytes > 0


@pytest.fixture
def gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with GPUs: the path of its `nvidia-smi`, which a test writes."""
    monkeypatch.setattr(hardware, "has_gpu", lambda: True)
    monkeypatch.setattr(hardware, "GPU_QUERY", (str(tmp_path / "nvidia-smi"), *hardware.GPU_QUERY[1:]))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,1")
    return tmp_path / "nvidia-smi"


ANSWER = """#!/bin/sh
case "$*" in
*memory.total*--id=3,1) printf '143771\\n81559\\n' ;;
*memory.total*--id=3) echo 143771 ;;
*--id=3,1) printf 'NVIDIA H200, 140000\\nNVIDIA H200, 90000\\n' ;;
*--id=3) echo 'NVIDIA H200, 140000' ;;
esac
"""


def test_a_training_in_one_process_uses_the_first_visible_gpu(gpus: Path) -> None:
    gpus.write_text(ANSWER)
    gpus.chmod(0o755)
    assert hardware.find_trainable() == hardware.Trainable("NVIDIA H200", is_gpu=True, bf16=True, free_bytes=140_000 * 2**20)


def test_of_several_gpus_the_fullest_counts_unless_they_share_the_model(gpus: Path) -> None:
    gpus.write_text(ANSWER)
    gpus.chmod(0o755)
    both = hardware.Trainable("2 x NVIDIA H200", is_gpu=True, bf16=True, free_bytes=90_000 * 2**20)
    assert hardware.find_trainable(2) == both
    assert hardware.find_trainable(2, sharded=True).free_bytes == 230_000 * 2**20
    assert hardware.identify_device() == "gpu-3,1"


def test_the_smallest_gpu_of_a_training_says_how_much_memory_there_is_in_total(gpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "TOTAL_QUERY", (str(gpus), *hardware.TOTAL_QUERY[1:]))
    gpus.write_text(ANSWER)
    gpus.chmod(0o755)
    assert hardware.find_total_gpu_memory() == 143_771 * 2**20
    assert hardware.find_total_gpu_memory(2) == 81_559 * 2**20
    assert (hardware.find_total_memory(), hardware.find_total_memory(2)) == (143_771 * 2**20, 81_559 * 2**20)
    assert hardware.find_total_memory(2, sharded=True) == (143_771 + 81_559) * 2**20


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 9\n", "#!/bin/sh\necho '[N/A], [N/A]'\n", None])
def test_a_gpu_that_does_not_say_what_it_has_is_an_error(gpus: Path, script: str | None) -> None:
    if script:
        gpus.write_text(script)
        gpus.chmod(0o755)
    with pytest.raises((OSError, ValueError)):
        hardware.find_trainable()


@pytest.mark.parametrize(
    ("visible", "expected"),
    [
        (None, ["0"]),
        ("3,1", ["3", "1"]),
        (" 3 ,, 1,", ["3", "1"]),
        ("GPU-8f2b, GPU-1c4d", ["GPU-8f2b", "GPU-1c4d"]),
        ("2,-1,3", ["2"]),
        *((nothing, []) for nothing in ("", ",", "  ", " , ", "-1")),
    ],
)
def test_a_training_gets_gpus_that_are_visible(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, visible: str | None, expected: list[str]
) -> None:
    if visible is None:
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    else:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    monkeypatch.setattr(hardware, "DRIVER", tmp_path)
    assert (hardware.list_gpus(), hardware.has_gpu()) == (expected, bool(expected))
    assert hardware.identify_device() == (f"gpu-{','.join(expected)}" if expected else "cpu")


def test_the_gpus_of_a_worker_replace_those_that_are_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1,2")
    monkeypatch.setattr(hardware, "has_gpu", lambda: True)
    hardware.use_gpus("2")
    assert (hardware.list_gpus(), hardware.identify_device()) == (["2"], "gpu-2")
