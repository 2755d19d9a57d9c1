"""Runs the example of the generated TypeScript client with Node.js, which a machine may not have."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parents[1] / "deploy" / "clients" / "typescript" / "dist" / "examples" / "main_job.js"
OLDEST = 20  # the oldest major version of Node.js with all that the client uses


def run_main_job(url: str, key: str, model: str, inputs: dict[str, str], *, wait: bool = False, seconds: float = 60) -> dict[str, Any]:
    """Return what the main job prints; with `wait`, its jobs are waited for. Skips the test if there is no Node.js that can run it."""
    command = [_node(), str(EXAMPLE), url, key, model, *(["wait"] if wait else [])]
    done = subprocess.run(command, input=json.dumps(inputs), capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed, so the TypeScript client is not run.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(re.sub(r"\D.*", "", version.removeprefix("v"), flags=re.DOTALL)) < OLDEST:
        pytest.skip(f"Node.js {version.strip()} is too old for the TypeScript client; it needs {OLDEST}.")
    return node
