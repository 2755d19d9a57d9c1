"""Schemathesis sends both services what their OpenAPI documents allow, and what they do not, and checks every response.

`fuzz_reasons` has what it reports although it is right.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import structlog

from deploy.openapi.__main__ import describe_retrieval, describe_tandem, render
from services.generation.routes.passthrough import RESOURCES
from tests.contract.fuzzed import KEY, create_documents, create_jobs, serving_front_door, serving_retrieval

pytestmark = pytest.mark.timeout(900)
ROOT = Path(__file__).parents[2]
SECONDS = 800  # one to two minutes on a quiet machine
OPTIONS = ("--checks=all", "--phases=examples,coverage,fuzzing", "--max-examples=5", "--seed=1", "--continue-on-failure", "--no-color")
LOCAL = ("--generation-database=none", "--warnings=off")

Serving = Callable[[Path], AbstractContextManager[str]]
Creation = Callable[[str, dict[str, Any]], dict[str, str]]


def documentation(service: str) -> dict[str, Any]:
    return dict(json.loads((ROOT / "services" / service / "contracts" / "documentation.json").read_text())["examples"])


def fuzz(document: Path, url: str) -> dict[str, Any]:
    """Run Schemathesis and return its report."""
    command: list[str | Path] = [
        Path(sys.executable).with_name("schemathesis"),
        "run",
        document,
        f"--url={url}",
        f"--header=Authorization: Bearer {KEY}",
    ]
    report = document.with_name("report.json")
    inherited = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.integration.fuzz_reasons", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    written = ("--report=json", f"--report-json-path={report}")
    done = subprocess.run(
        [*command, *OPTIONS, *LOCAL, *written],
        cwd=document.parent,
        env=inherited,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert report.exists(), (done.stdout + done.stderr)[-3000:]
    return {**json.loads(report.read_text()), "output": done.stdout}


def describe_own() -> dict[str, Any]:
    """Return the front door's document without what it passes on, which retrieval's has."""
    document = describe_tandem()
    return {**document, "paths": {path: item for path, item in document["paths"].items() if not path.startswith(RESOURCES)}}


DOCUMENTS = {"retrieval": describe_retrieval, "generation": describe_own}


@pytest.mark.parametrize(
    ("service", "serve", "create"),
    [("retrieval", serving_retrieval, create_documents), ("generation", serving_front_door, create_jobs)],
)
def test_every_response_is_as_the_document_says(service: str, serve: Serving, create: Creation, tmp_path: Path) -> None:
    text = render(DOCUMENTS[service]())
    with serve(tmp_path) as url:
        for example, real in create(url, documentation(service)).items():
            text = text.replace(f'"{example}"', f'"{real}"')
        document = tmp_path / f"{service}.json"
        document.write_text(text)
        report = fuzz(document, url)
    assert report["operations"]["tested"] == report["operations"]["total"] > 25
    assert report["test_cases"]["generated"] > 1000
    assert (report["failures"], report["errors"]) == ([], []), readable(report["output"])


def readable(output: str) -> str:
    """Return the findings, with the beginning of each line."""
    return "\n".join(line[:500] for line in output.partition(" FAILURES ")[2].splitlines() if line.strip())[:20_000]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Keep the access log of the servers, which has thousands of lines, out of the output."""

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()
