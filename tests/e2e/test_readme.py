import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.stack import Stack

README = Path(__file__).parents[2] / "README.md"
BASE_URL = "http://localhost:8000/v1"


@pytest.mark.timeout(900)
def test_the_readmes_script_does_all_it_says_with_the_stock_sdk(stack: Stack) -> None:
    # One after the other, as a reader would type them.
    script = "\n".join(re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL))
    assert BASE_URL in script
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script.replace(BASE_URL, stack.base_url)],
        capture_output=True, text=True, timeout=800, cwd=README.parent, env={**os.environ, "PYTHONPATH": ""}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "succeeded ft:" in done.stdout
    assert done.stdout.count(" completed\n") == 7
    assert "overview.md" in done.stdout
