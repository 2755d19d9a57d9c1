"""A comparison that has documents and nothing else, on a real stack: its dataset, its adapters with two seeds, its verdict."""

from typing import Any

import httpx
import pytest
from openai import OpenAI

from tests.e2e.question_writer import describe_machine
from tests.e2e.stack import until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
DOCUMENTS = 20


def test_documents_alone_reach_a_verdict_with_two_seeds(client: OpenAI, http: httpx.Client, base: str, writer: str) -> None:
    files = [("m.txt", describe_machine(number)) for number in range(DOCUMENTS)]
    documents = [client.files.create(file=file, purpose="assistants").id for file in files]
    body = {
        "documents": documents,
        "generator": {"model": "writer", "url": writer},
        "arms": ["base", "rag", "both"],
        "instructions": "Answer with the number and its unit only.",
        "max_tokens": 24,
        "retrieval": {"max_num_results": 2},
        "seeds": 2,
    }
    created: dict[str, Any] = http.post("/comparisons", json=body).json()
    assert "id" in created, created

    def read() -> dict[str, Any]:
        comparison: dict[str, Any] = http.get(f"/comparisons/{created['id']}").json()
        return comparison

    until(lambda: read()["status"] not in ("queued", "running"), seconds=1400)
    done = read()
    assert done["status"] == "succeeded", done["error"]
    result = done["result"]
    assert result["verdict"]["outcome"] in ("recommendation", "base_is_enough", "not_settled"), result["verdict"]["text"]
    jobs = [client.fine_tuning.jobs.retrieve(id) for id in done["fine_tuning_jobs"]]
    assert [job.status for job in jobs] == ["succeeded", "succeeded"]
    assert len({job.seed for job in jobs}) == len({job.fine_tuned_model for job in jobs}) == 2
    assert [seed["model"] for seed in result["seeds"]] == [jobs[1].fine_tuned_model]
    scores = {arm["arm"]: arm["scores"]["f1"] for arm in result["arms"]}
    assert scores["rag"] > scores["base"]  # the weights are in the documents only
    questions = client.files.content(
        client.get(f"/datasets/{done['dataset_id']}", cast_to=httpx.Response).json()["result"]["questions_file"]
    )
    assert result["questions"] == len(questions.text.splitlines()) >= 20
