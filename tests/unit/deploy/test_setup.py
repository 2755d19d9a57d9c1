import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local import machine
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


def test_a_machine_without_a_fitting_python_is_told_what_to_install(run: Run) -> None:
    done = run({"python3": OLD})
    assert done.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13, and python3 is: Python 3.9.2." in done.stderr
    assert "make setup PYTHON=" in done.stderr


def test_a_fitting_python_is_found_by_its_name_where_python3_is_too_old(run: Run) -> None:
    done = run({"python3": OLD, "python3.13": OLD, "python3.12": FITTING})
    assert done.returncode == 0
    assert Path(done.stdout.split()[0]).name == "python3.12"
    assert done.stdout.split()[-1] == "deploy.local.setup"


def test_the_python_that_is_named_is_taken_or_refused_but_not_replaced(run: Run, tmp_path: Path) -> None:
    assert run({"python3": FITTING, "mine": FITTING}, PYTHON=str(tmp_path / "mine")).stdout.startswith(str(tmp_path / "mine"))
    done = run({"python3": FITTING, "mine": OLD}, PYTHON=str(tmp_path / "mine"))
    assert done.returncode == 1
    assert f"{tmp_path / 'mine'} is: Python 3.9.2" in done.stderr


@pytest.mark.parametrize(
    ("chosen", "lists", "device"), [("", "GPU 0: NVIDIA", "gpu"), ("", "", "cpu"), ("cpu", "GPU 0: NVIDIA", "cpu"), ("gpu", "", "gpu")]
)
def test_the_lock_is_chosen_by_what_nvidia_smi_lists_unless_a_setting_does(
    chosen: str, lists: str, device: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nvidia-smi").write_text(f"#!/bin/sh\necho '{lists}'\n")
    (tmp_path / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TANDEM_DEVICE", chosen)
    assert machine.device() == device


def test_a_device_that_does_not_exist_is_refused_with_the_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_DEVICE", "tpu")
    with pytest.raises(SystemExit, match="TANDEM_DEVICE must be one of auto, cpu, gpu, not 'tpu'"):
        machine.device()


@pytest.mark.parametrize(("flags", "multiplies"), [("fma avx2 f16c", False), ("avx512f avx512_bf16", True), ("asimd bf16 i8mm", True)])
def test_bfloat16_is_used_where_the_processor_says_that_it_multiplies_it(flags: str, multiplies: bool, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(f"flags\t\t: fpu {flags} sse\n")
    assert machine.multiplies_bfloat16(tmp_path / "cpuinfo") is multiplies


@pytest.mark.parametrize(("available", "used"), [({1, 0}, "0,1"), ({0, 1, 2, 3}, "0,1,2,3"), ({0, 1, 2, 3, 4}, "auto")])
def test_a_small_machine_gives_the_engine_all_its_cores(available: set[int], used: str) -> None:
    assert machine.cores(available) == used
