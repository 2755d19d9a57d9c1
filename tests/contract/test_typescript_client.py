"""The generated TypeScript client against the front door, with a fake engine and a fake index behind it."""

from pathlib import Path
from typing import Any

import pytest

from tests.contract.fuzzed import KEY, LINE, MODEL, QUESTION, serving_front_door
from tests.typescript_client import run_main_job

TEXT = "# Pump\n\nThe pump delivers 40 liters of water per minute.\n"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the main job found."""
    folder: Path = tmp_path_factory.mktemp("front-door")
    question = "How much water does the pump deliver?"
    inputs = {"document": TEXT, "question": question, "training": LINE.decode() * 10, "questions": QUESTION.decode()}
    with serving_front_door(folder) as url:
        return run_main_job(url, KEY, MODEL, inputs)


def test_an_upload_expires_when_it_should_and_its_bytes_come_back(found: dict[str, Any]) -> None:
    assert (found["filename"], found["seconds"]) == ("handbook €.md", 86_400)
    assert (found["status"], found["content"]) == ("completed", TEXT)


def test_a_search_with_nested_filters_returns_hits(found: dict[str, Any]) -> None:
    assert (found["hits"], found["others"]) == (["handbook €.md"], [])


def test_a_chat_with_documents_cites_them_plain_and_streamed(found: dict[str, Any]) -> None:
    chat = found["chat"]
    assert chat["streamed"].split() == chat["whole"].split() != []
    assert chat["cited"] == chat["citations"] == ["handbook €.md"]


def test_a_response_is_read_by_its_events(found: dict[str, Any]) -> None:
    assert (found["kinds"][0], found["kinds"][-1]) == ("response.created", "response.completed")


def test_a_fine_tuning_job_and_a_comparison_are_created_and_have_events(found: dict[str, Any]) -> None:
    assert (found["job"]["status"], found["job"]["epochs"]) == ("queued", 1)
    assert found["job"]["events"] >= 1
    assert found["comparison"]["status"] == "queued"
    assert {"base", "rag"} <= set(found["comparison"]["arms"])
    assert found["comparison"]["events"] >= 1


def test_errors_are_typed_values_with_the_field_and_the_code(found: dict[str, Any]) -> None:
    unknown, blank, streamed = found["errors"]
    assert unknown["status"] == 404
    assert (blank["status"], blank["param"]) == (400, "query")
    assert (streamed["status"], streamed["code"]) == (404, "model_not_found")
