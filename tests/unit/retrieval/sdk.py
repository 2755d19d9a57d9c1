"""The stock `openai` SDK over the retrieval app in this process, with the light parts of `stand_ins`."""

from fastapi.testclient import TestClient
from openai import OpenAI

from services.retrieval.app import create_app
from services.retrieval.dependencies import Parts
from services.retrieval.ingestion.worker import IngestWorker
from services.retrieval.settings import RetrievalSettings
from shared.web.auth import open_authenticator
from tests.unit.retrieval.stand_ins import Office


def open_sdk(office: Office, worker: IngestWorker | None = None) -> OpenAI:
    """Return the SDK's client; nothing is indexed unless `worker` is started."""
    authenticator = open_authenticator(office.database, {}, None)
    places = (office.database, office.folder, office.embedders, office.index, office.searcher, worker or office.worker())
    app = create_app(RetrievalSettings(), Parts(authenticator, *places, max_file_bytes=1_000_000))
    app.state.authenticator = authenticator
    http = TestClient(app, base_url="http://testserver/v1/")
    return OpenAI(base_url="http://testserver/v1", api_key="none", max_retries=0, http_client=http)
