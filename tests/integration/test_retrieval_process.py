"""The retrieval service as a process: killed, restarted, and stopped by settings that cannot work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from openai import OpenAI

from services.retrieval.embedding.embedder import Embedder
from services.retrieval.index.edge import EdgeIndex
from services.retrieval.index.points import TENANT
from tests.integration.retrieval_service import READY_SECONDS, ROOT, Process, model_folder
from tests.serving import wait_until

PARAGRAPH = "Paragraph {number} of the log tells that sensor {number} was read and that nothing else worth a word happened on that day.\n\n"


@pytest.mark.timeout(400)
def test_accepted_work_continues_after_a_kill_and_a_restart(tmp_path: Path) -> None:
    first = Process(tmp_path)
    text = "".join(PARAGRAPH.format(number=number) for number in range(1200))
    with OpenAI(base_url=f"{first.url}/v1", api_key="none") as client:
        first.wait_until_ready()
        store = client.vector_stores.create().id
        file = client.files.create(file=("log.txt", text.encode()), purpose="assistants").id
        client.vector_stores.files.create(store, file_id=file)
        wait_until(lambda: client.vector_stores.files.retrieve(file, vector_store_id=store).to_dict()["percent"] > 20, READY_SECONDS)  # type: ignore[operator]
    first.popen.kill()
    first.popen.wait()

    second = Process(tmp_path)
    with OpenAI(base_url=f"{second.url}/v1", api_key="none") as client:
        second.wait_until_ready()
        done = client.vector_stores.files.poll(file, vector_store_id=store)
        assert done.status == "completed"
        found = client.vector_stores.search(store, query="sensor 1111", extra_body={"search_mode": "keyword"}).data
        assert "sensor 1111" in found[0].content[0].text
    second.popen.terminate()
    second.popen.wait(15)

    index = EdgeIndex(tmp_path / "index")
    assert index.count(Embedder(model_folder(), "auto", 1).space, {TENANT: store}) == done.to_dict()["chunk_count"]
    index.close()


def refused(**variables: str) -> str:
    """Start the service with settings that do not work, and return its error."""
    command = [sys.executable, "-m", "services.retrieval.app"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_what_cannot_be_used_is_reported_in_one_line(tmp_path: Path) -> None:
    taken = EdgeIndex(tmp_path / "index")
    folder = {"TANDEM_DATA": str(tmp_path), "RETRIEVAL_PORT": "0"}
    assert "RETRIEVAL_INDEX" in refused(**folder)
    taken.close()
    assert "RETRIEVAL_PORT" in refused(**{**folder, "RETRIEVAL_PORT": "many"})
    assert "TANDEM_KEYS" in refused(**folder, TANDEM_KEYS="nonsense")
    assert "DATABASE_URL" in refused(**folder, RETRIEVAL_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/none")
