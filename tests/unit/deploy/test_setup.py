import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local import capacity, machine, setup
from deploy.local.settings import ROOT

OLD = """#!/bin/sh
if [ "$1" = --version ]; then echo "Python 3.9.2"; fi
exit 1
"""
FITTING = """#!/bin/sh
if [ "$1" = -m ]; then echo "$0 runs $2"; fi
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the set-up's first script on a machine that has these Pythons only."""
    (tmp_path / "dirname").symlink_to(str(shutil.which("dirname")))
    shell = str(shutil.which("sh"))

    def run(pythons: dict[str, str], **environment: str) -> subprocess.CompletedProcess[str]:
        for name, script in pythons.items():
            (tmp_path / name).write_text(script)
            (tmp_path / name).chmod(0o755)
        command = [shell, str(ROOT / "deploy/local/setup.sh")]
        return subprocess.run(command, env={"PATH": str(tmp_path), **environment}, capture_output=True, text=True, check=False)

    return run


def test_a_machine_without_a_suitable_python_gets_instructions(run: Run) -> None:
    done = run({"python3": OLD})
    assert done.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13; python3 is Python 3.9.2." in done.stderr
    assert "make setup PYTHON=" in done.stderr


def test_a_suitable_python_is_found_by_its_version_if_python3_is_too_old(run: Run) -> None:
    done = run({"python3": OLD, "python3.13": OLD, "python3.12": FITTING})
    assert done.returncode == 0
    assert Path(done.stdout.split()[0]).name == "python3.12"
    assert done.stdout.split()[-1] == "deploy.local.setup"


def test_the_chosen_python_is_used_or_refused_but_never_replaced(run: Run, tmp_path: Path) -> None:
    assert run({"python3": FITTING, "mine": FITTING}, PYTHON=str(tmp_path / "mine")).stdout.startswith(str(tmp_path / "mine"))
    done = run({"python3": FITTING, "mine": OLD}, PYTHON=str(tmp_path / "mine"))
    assert done.returncode == 1
    assert f"{tmp_path / 'mine'} is Python 3.9.2" in done.stderr


@pytest.mark.parametrize(
    ("chosen", "lists", "device"), [("", "GPU 0: NVIDIA", "gpu"), ("", "", "cpu"), ("cpu", "GPU 0: NVIDIA", "cpu"), ("gpu", "", "gpu")]
)
def test_nvidia_smi_decides_which_lock_is_installed_unless_a_setting_does(
    chosen: str, lists: str, device: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nvidia-smi").write_text(f"#!/bin/sh\necho '{lists}'\n")
    (tmp_path / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TANDEM_DEVICE", chosen)
    assert machine.device() == device


def test_a_device_that_does_not_exist_is_refused_with_the_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_DEVICE", "tpu")
    with pytest.raises(SystemExit, match=r"TANDEM_DEVICE must be one of auto, cpu, gpu; got 'tpu'\."):
        machine.device()


@pytest.mark.parametrize(("flags", "multiplies"), [("fma avx2 f16c", False), ("avx512f avx512_bf16", True), ("asimd bf16 i8mm", True)])
def test_bfloat16_is_used_if_the_processor_can_multiply_it(flags: str, multiplies: bool, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(f"flags\t\t: fpu {flags} sse\n")
    assert machine.multiplies_bfloat16(tmp_path / "cpuinfo") is multiplies


@pytest.mark.parametrize(("cores", "is_small"), [((0, 1), True), ((0, 1, 2, 3), True), ((0, 1, 2, 3, 4), False)])
def test_up_to_four_cores_are_a_small_machine(cores: tuple[int, ...], is_small: bool) -> None:
    assert machine.look()._replace(cores=cores).is_small is is_small


def test_two_threads_of_a_core_are_one_physical_core(tmp_path: Path) -> None:
    for core, siblings in ((0, "0,2"), (1, "1,3"), (2, "0,2"), (3, "1,3")):
        folder = tmp_path / f"cpu{core}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(siblings)
    assert machine.count_physical(range(4), tmp_path) == 2
    assert machine.count_physical(range(4), tmp_path / "nowhere") == 4


def test_uv_gets_a_cache_under_the_venv_if_it_cannot_write_to_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert "UV_CACHE_DIR" not in setup.environment()
    monkeypatch.setattr(os, "access", lambda *_: False)  # as root, everything can be written
    assert setup.environment()["UV_CACHE_DIR"] == str(setup.VENV / ".uv-cache")


def test_a_user_without_a_home_has_no_cache_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "expanduser", lambda path: path)
    assert not setup.can_cache({})


def test_a_missing_processor_feature_or_library_stops_the_set_up_before_anything_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "has_flags", lambda *_: False)
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    with pytest.raises(SystemExit, match=r"This processor has no AVX2 instructions.*Use a machine whose"):
        setup.check_machine("cpu")
    monkeypatch.setattr(capacity, "has_flags", lambda *_: True)
    monkeypatch.setattr(capacity, "ENGINE_LIBRARY", "libnothere.so.1")
    with pytest.raises(SystemExit, match=r"libnothere.so.1.*apt install libnuma1"):
        setup.check_machine("cpu")
    setup.check_machine("gpu")


def test_the_flags_of_the_processor_are_read_from_linux(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("flags\t\t: fpu fma avx2\n")
    assert capacity.has_flags({"avx2", "fma"}, tmp_path / "cpuinfo")
    assert not capacity.has_flags({"avx512f"}, tmp_path / "cpuinfo")
    assert capacity.has_flags({"avx512f"}, tmp_path / "nowhere")


def test_a_containers_limit_counts_and_cached_files_do_not(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9000 kB\nMemAvailable:  8000 kB\n")
    assert capacity.available_memory(tmp_path / "meminfo", tmp_path) == 8000 * 1024
    for name, content in (("memory.max", "5000000\n"), ("memory.current", "3000000\n"), ("memory.stat", "anon 7\ninactive_file 1000000\n")):
        (tmp_path / name).write_text(content)
    assert capacity.available_memory(tmp_path / "meminfo", tmp_path) == 3_000_000
    (tmp_path / "memory.max").write_text("max\n")  # no limit
    assert capacity.available_memory(tmp_path / "meminfo", tmp_path) == 8000 * 1024
    (tmp_path / "memory").mkdir()  # version 1
    for name, content in (("limit_in_bytes", "4000000"), ("usage_in_bytes", "3000000"), ("stat", "cache 5\ntotal_inactive_file 500000")):
        (tmp_path / "memory" / f"memory.{name}").write_text(content)
    assert capacity.available_memory(tmp_path / "meminfo", tmp_path) == 1_500_000
