"""The README and every page of the documentation do what they say: their blocks of code run against the real stack."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.stack import Stack
from tests.unit.docs.pages import PAGES, ROOT, blocks, is_curl, runs

RUN = [page for page in PAGES if runs(page)]


def test_the_pages_have_code_to_run() -> None:
    assert len(RUN) >= 8


@pytest.mark.timeout(900)
@pytest.mark.parametrize("page", RUN, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_does_what_it_says(page: Path, stack: Stack) -> None:
    if not shutil.which("curl") and any(map(is_curl, blocks(page))):
        pytest.skip("curl is not installed, which this page calls")
    command = [sys.executable, "-W", "error", "-m", "tests.e2e.page_runner", str(page), urlsplit(stack.base_url).netloc]
    environment = {**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=800, cwd=ROOT, env=environment, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
