"""Fine-tuning jobs with the method `dpo`: their files, their options, and what they show."""

import json
from typing import Any

import pytest
from openai import BadRequestError, OpenAI

from shared.contracts.fine_tuning import TrainingSpec
from shared.records.database import Database
from shared.records.jobs import Job
from shared.records.models.adapters import Adapter
from tests.fake_retrieval import FakeRetrieval
from tests.unit.training.cases import dataset_of, make_facts, make_pairs, pairs_of

DPO: Any = {"type": "dpo"}
ADAPTER = "ft:tiny:default::abcdefgh1234"


@pytest.fixture
def pairs(retrieval: FakeRetrieval, database: Database) -> str:
    return retrieval.add_file(pairs_of(make_pairs(12)).encode())


def read_spec(database: Database, job_id: str) -> TrainingSpec:
    with database.session() as session:
        return TrainingSpec.model_validate(session.get_one(Job, job_id).spec)


def create_invalid(sdk: OpenAI, **fields: Any) -> BadRequestError:
    with pytest.raises(BadRequestError) as raised:
        sdk.fine_tuning.jobs.create(model="tiny", **fields)
    return raised.value


def test_a_job_is_stored_with_its_options_and_shows_them(sdk: OpenAI, pairs: str, retrieval: FakeRetrieval, database: Database) -> None:
    few = retrieval.add_file(pairs_of(make_pairs(1)).encode())
    method: Any = {"type": "dpo", "dpo": {"hyperparameters": {"beta": 2, "n_epochs": 3, "batch_size": "auto"}, "lora": {"rank": 8}}}
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=pairs, validation_file=few, method=method)
    assert job.method is not None
    assert job.method.supervised is None
    assert job.method.dpo is not None
    assert job.method.dpo.hyperparameters is not None
    assert (job.method.dpo.hyperparameters.beta, job.method.dpo.hyperparameters.batch_size) == (2, "auto")
    assert (job.hyperparameters.n_epochs, job.hyperparameters.batch_size) == (3, "auto")
    spec = read_spec(database, job.id)
    assert (spec.method.type, spec.method.options.lora.rank) == ("dpo", 8)
    assert spec.requested_method is not None
    assert spec.requested_method.model_dump(exclude_unset=True) == method


def test_everything_is_auto_by_default_and_again_in_a_retry(sdk: OpenAI, pairs: str, database: Database) -> None:
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=pairs, method=DPO)
    assert job.method is not None
    assert job.method.dpo is not None
    assert job.method.dpo.hyperparameters is not None
    assert job.method.dpo.hyperparameters.beta == "auto"
    sdk.fine_tuning.jobs.cancel(job.id)
    again = sdk.post(f"/fine_tuning/jobs/{job.id}/retry", cast_to=dict)
    assert (again["method"]["type"], again["method"]["dpo"]["hyperparameters"]["beta"]) == ("dpo", "auto")
    assert read_spec(database, again["id"]).method == read_spec(database, job.id).method


def test_pairs_cannot_be_trained_as_chats_nor_chats_as_pairs(sdk: OpenAI, pairs: str, retrieval: FakeRetrieval) -> None:
    error = create_invalid(sdk, training_file=pairs)
    assert (error.param, error.code) == ("training_file", "invalid_training_file")
    assert "the method 'dpo'" in error.message
    chats = retrieval.add_file(dataset_of(make_facts(12)).encode())
    error = create_invalid(sdk, training_file=chats, method=DPO)
    assert (error.param, error.code) == ("training_file", "invalid_training_file")
    assert "Line 1: the file has chats, but the method 'dpo' needs lines with 'input'" in error.message
    error = create_invalid(sdk, training_file=pairs, validation_file=chats, method=DPO)
    assert (error.param, error.code) == ("validation_file", "invalid_validation_file")


def test_wrong_lines_and_too_few_pairs_are_refused(sdk: OpenAI, retrieval: FakeRetrieval) -> None:
    few = retrieval.add_file(pairs_of(make_pairs(9)).encode())
    error = create_invalid(sdk, training_file=few, method=DPO)
    assert (error.param, error.code) == ("training_file", "invalid_n_examples")
    assert "at least 10 examples; it has 9 examples" in error.message
    same = [("Why?", "So.", "So."), *make_pairs(10), ("Wie geht's? 🙂", "Gut.", "")]
    lines = pairs_of(same) + json.dumps({"input": {"messages": []}, "preferred_output": [], "non_preferred_output": []}) + "\n"
    error = create_invalid(sdk, training_file=retrieval.add_file(lines.encode()), method=DPO)
    assert (error.param, error.code) == ("training_file", "invalid_training_file")
    for problem in (
        "Line 1: 'non_preferred_output' must differ",
        "Line 12: 'non_preferred_output[0].content'",
        "Line 13: 'input.messages'",
    ):
        assert problem in error.message


def test_a_fine_tuned_model_is_continued_with_its_own_shape(sdk: OpenAI, pairs: str, database: Database) -> None:
    manifest = {"lora": {"rank": 4, "alpha": 6.0, "dropout": 0.5}}
    with database.session() as session:
        session.add(Adapter(name=ADAPTER, project_id="default", base="tiny", job_id="ftjob-1", manifest=manifest, created_at=7))
    job = sdk.fine_tuning.jobs.create(model=ADAPTER, training_file=pairs, method=DPO)
    options = read_spec(database, job.id).method.options
    assert (options.lora.rank, options.lora.alpha, options.lora.dropout) == (4, 6.0, 0.0)
    with pytest.raises(BadRequestError) as raised:
        sdk.fine_tuning.jobs.create(model=ADAPTER, training_file=pairs, extra_body={"method": {**DPO, "dpo": {"lora": {"rank": 8}}}})
    assert raised.value.param == "method.dpo.lora.rank"
