"""A process ends soon after it was asked to stop, whatever it does. Each test runs one, because it is ended."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from shared.shutdown import PUT_BACK_SECONDS

ROOT = Path(__file__).parents[3]
SPARE_SECONDS = 10.0  # for the start of Python on a busy machine
BUSY = {
    "waiting for a lock": "lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "in a thread that nothing ends": "thread = threading.Thread(target=time.sleep, args=(600,)); thread.start()",
    "computing": "while True: pass",
}


def run(code: str) -> tuple[str, float]:
    """Run Python that must end with code 0; return what it printed and the seconds it took after it printed `started`."""
    program = f"import threading, time\nfrom shared.shutdown import exit_after\n{code}"
    with subprocess.Popen([sys.executable, "-u", "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        started = time.monotonic()
        try:
            said = process.communicate(timeout=30)[0]
        finally:
            process.kill()
    assert process.returncode == 0
    return said, time.monotonic() - started


@pytest.mark.parametrize("busy", BUSY)
def test_a_process_that_never_reaches_a_safe_point_puts_its_work_back_and_ends(busy: str) -> None:
    said, seconds = run(f"exit_after(0.2, lambda: print('put back'))\nprint('started')\n{BUSY[busy]}")
    assert said == "put back\n"
    assert seconds < SPARE_SECONDS


def test_a_process_ends_even_if_its_work_cannot_be_put_back(tmp_path: Path) -> None:
    for put_back in ("time.sleep(600)", "1 / 0"):
        _, seconds = run(f"exit_after(0.2, lambda: {put_back})\nprint('started')\ntime.sleep(600)")
        assert seconds < PUT_BACK_SECONDS + SPARE_SECONDS


def test_a_process_that_ends_by_itself_does_not_wait_and_puts_nothing_back() -> None:
    said, seconds = run("exit_after(300, lambda: print('put back'))\nprint('started')")
    assert said == ""
    assert seconds < SPARE_SECONDS
