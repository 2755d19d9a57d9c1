"""Runs the blocks of a page of the documentation, one after the other in one process, as a reader would type them.

python -m tests.e2e.page_runner PAGE HOST:PORT
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.unit.docs.pages import RUNNABLE, Block, blocks, is_curl

ADDRESS = "localhost:8000"  # as the pages have it
CURL = 'curl() { command curl --silent --show-error --fail-with-body --max-time 120 "$@"; }\n'


def run(page: Path, address: str) -> None:
    """Run a page against the stack whose front door is at `address`."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(page):
        print(f"\n--- {block}", flush=True)
        text = block.text.replace(ADDRESS, address)
        if block.kind in RUNNABLE:
            exec(compile("\n" * (block.line - 1) + text, str(page), "exec"), names)  # so that an error names the page's line
        elif is_curl(block):
            _call(block, text)


def _call(block: Block, text: str) -> None:
    done = subprocess.run(["bash", "-euc", CURL + text], check=False)
    assert done.returncode == 0, f"{block}: curl ended with {done.returncode}"


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2])
