"""Both services, served as their processes serve them: retrieval with an index in memory, and the front door before it."""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from services.generation.app import create_app as create_front_door
from services.generation.settings import GenerationSettings
from services.retrieval.app import create_app as create_retrieval
from services.retrieval.settings import RetrievalSettings
from shared.settings import CommonSettings, JobSettings
from shared.web.auth import open_authenticator
from shared.web.server.limits import ConnectionLimits
from tests.fake_engine import FakeEngine
from tests.retrieval_harness import RetrievalHarness
from tests.serving import serving

MAX_FILE_BYTES = 1_000_000


@dataclass(frozen=True)
class ServicePair:
    """The URLs of both services, and the folder of uploaded files."""

    retrieval: str
    front_door: str
    files: Path

    def url(self, service: str) -> str:
        """Return the URL of a service by its name."""
        url: str = getattr(self, service)
        return url


def start_services(
    folder: Path, exits: ExitStack, limits: ConnectionLimits, *, engine_url: str | None = None, **common: Any
) -> ServicePair:
    """Start both services with these limits and common settings; they end with `exits`. Without `engine_url`, there is a fake engine."""
    harness = RetrievalHarness(folder)
    exits.callback(harness.close)
    settings = RetrievalSettings(common=CommonSettings(data=folder, **common))
    authenticator = open_authenticator(harness.database, settings.common.key_projects(), settings.common.worker_key)
    parts = replace(harness.parts(max_file_bytes=MAX_FILE_BYTES), authenticator=authenticator)
    retrieval = exits.enter_context(serving(create_retrieval(settings, parts), limits=limits))
    engine = engine_url or exits.enter_context(serving(FakeEngine().app()))
    jobs = JobSettings(data=folder, base_name="tiny", broker_url="memory://", **common)
    front_door = create_front_door(GenerationSettings(common=jobs, engine_url=engine, retrieval_url=retrieval))
    return ServicePair(retrieval, exits.enter_context(serving(front_door, limits=limits)), folder / "files")
