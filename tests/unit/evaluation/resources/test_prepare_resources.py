import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from services.evaluation.resources.api import Maker
from services.evaluation.resources.prepare_resources import PreparedSpec, prepare_resources
from shared.contracts.comparisons import ComparisonSpec
from shared.errors import InvalidRequest, TandemError, Unavailable
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import COMPARISON, Job, JobEvent
from shared.workers.interrupt import run_interruptibly
from shared.workers.job_context import JobContext, JobInterrupted
from tests.unit.evaluation.resources.fake_resources import DATASETS, STORES, TRAINING, FakeResources

ALL_ARMS = ["base", "prompted", "rag", "fine_tuned", "both"]


async def no_sleep(_: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
def api() -> FakeResources:
    return FakeResources()


def start(database: Database, **fields: Any) -> str:
    spec = ComparisonSpec.model_validate({"base_model": "base", "documents": ["file-1", "file-2"], "arms": ALL_ARMS, **fields})
    with database.session() as session:
        return jobs.submit(session, COMPARISON, "default", spec.model_dump(mode="json")).id


def claim(database: Database, job_id: str) -> JobContext:
    with database.session() as session:
        row = session.get(Job, job_id)
        assert row
        row.lease_expires_at = 0.0  # whoever had it is dead
    with database.session() as session:
        job = jobs.claim(session, job_id, "worker", 60)
    assert job
    return JobContext(database, job, "worker", threading.Event())


def prepare(
    api: FakeResources, database: Database, job_id: str, run_dataset: Callable[[str], None] | None = None, sleep: Any = no_sleep
) -> PreparedSpec:
    context = claim(database, job_id)
    maker = Maker(api, context, run_dataset or api.run_dataset, retry_seconds=0, sleep=sleep)
    return run_interruptibly(prepare_resources(ComparisonSpec.model_validate(context.job.spec), maker), context)


def stored_spec(database: Database, job_id: str) -> ComparisonSpec:
    with database.session() as session:
        job = session.get(Job, job_id)
    assert job
    return ComparisonSpec.model_validate(job.spec)


def test_documents_become_a_store_a_dataset_and_an_adapter_named_after_the_comparison(api: FakeResources, database: Database) -> None:
    job_id = start(database, name="Handbook", instructions="Be brief.", seed=7)
    spec = prepare(api, database, job_id).spec
    (store,), (dataset,), (job,) = api.of(STORES), api.of(DATASETS), api.of(TRAINING)
    assert store["body"]["name"] == dataset["body"]["name"] == f"Handbook ({job_id})"
    assert store["body"]["file_ids"] == ["file-1", "file-2"]
    assert (dataset["body"]["vector_store_ids"], dataset["body"]["instructions"]) == ([store["id"]], "Be brief.")
    assert (job["model"], job["training_file"], job["seed"]) == ("base", f"file-train-of-{dataset['id']}", 7)
    assert job["validation_file"] == f"file-validation-of-{dataset['id']}"
    assert (spec.vector_store_ids, spec.model, spec.dataset_id) == ([store["id"]], f"ft:base:{job['id']}", dataset["id"])
    assert (spec.questions_file, spec.training_file) == (f"file-questions-of-{dataset['id']}", f"file-train-of-{dataset['id']}")
    assert spec.warnings == ["Read them."]
    assert stored_spec(database, job_id) == spec
    assert {each["metadata"]["comparison"] for each in api.made.values()} == {job_id}


@pytest.mark.parametrize("calls", range(1, 24))
def test_after_a_death_at_any_call_nothing_is_made_twice(calls: int, api: FakeResources, database: Database) -> None:
    job_id = start(database, seeds=3)
    api.now += 10
    api.dies_after = calls
    with pytest.raises(Unavailable):
        prepare(api, database, job_id)
    api.dies_after = None
    prepared = prepare(api, database, job_id)
    assert (len(api.of(STORES)), len(api.of(DATASETS)), len(api.of(TRAINING))) == (1, 1, 3)
    assert len(prepared.seed_models) == 2
    assert prepare(api, database, job_id) == prepared
    assert len(api.made) == 5


def test_a_creation_whose_response_was_lost_is_found_when_it_is_tried_again(api: FakeResources, database: Database) -> None:
    class Flaky(FakeResources):
        async def call(self, method: str, path: str, **options: Any) -> Any:
            response = await super().call(method, path, **options)
            if method == "POST" and len(self.of(path)) == 1 and not self.cancelled:
                self.cancelled.append("once")
                raise Unavailable("The response was lost.")
            return response

    flaky = Flaky()
    context = claim(database, start(database, arms=["base", "rag"]))
    maker = Maker(flaky, context, flaky.run_dataset, retry_seconds=10, sleep=no_sleep)
    spec = ComparisonSpec.model_validate(context.job.spec)
    run_interruptibly(prepare_resources(spec, maker), context)
    assert (len(flaky.of(STORES)), len(flaky.of(DATASETS))) == (1, 1)


def test_another_comparison_of_the_same_documents_gets_resources_of_its_own(api: FakeResources, database: Database) -> None:
    for _ in range(2):
        prepare(api, database, start(database))
    assert len(api.of(STORES)) == len(api.of(TRAINING)) == 2


@pytest.mark.parametrize(
    ("fields", "made", "split"),
    [
        ({"model": "ft:base:x", "training_file": "file-t"}, [STORES, DATASETS], {"train": 0.0, "validation": 0.0, "questions": 1.0}),
        ({"questions_file": "file-q"}, [STORES, DATASETS, TRAINING], {"train": 0.9, "validation": 0.1, "questions": 0.0}),
        ({"arms": ["base", "rag"]}, [STORES, DATASETS], {"train": 0.0, "validation": 0.0, "questions": 1.0}),
        ({"arms": ["base", "prompted"]}, [STORES, DATASETS], {"train": 0.3, "validation": 0.1, "questions": 0.6}),
        ({"arms": ["base", "rag"], "questions_file": "file-q"}, [STORES], None),
        ({"vector_store_ids": ["vs_own"]}, [DATASETS, TRAINING], {"train": 0.3, "validation": 0.1, "questions": 0.6}),
        ({"questions_file": "file-q", "training_file": "file-t"}, [STORES, TRAINING], None),
    ],
)
def test_only_what_is_missing_is_made(
    fields: dict[str, Any], made: list[str], split: dict[str, float] | None, api: FakeResources, database: Database
) -> None:
    spec = prepare(api, database, start(database, **fields)).spec
    assert [each["path"] for each in api.made.values()] == made
    for dataset in api.of(DATASETS):
        assert dataset["body"].get("split") == split
    assert all(getattr(spec, name) == value for name, value in fields.items())
    assert spec.questions_file is not None
    assert spec.model == fields.get("model", f"ft:base:{api.of(TRAINING)[0]['id']}" if TRAINING in made else "base")


@pytest.mark.parametrize(("documents", "share"), [(1, 0.6), (20, 0.6), (29, 0.41), (40, 0.3), (1000, 0.3)])
def test_with_fewer_documents_more_of_them_are_for_questions(documents: int, share: float, api: FakeResources, database: Database) -> None:
    prepare(api, database, start(database, documents=[f"file-{number}" for number in range(documents)]))
    split = api.of(DATASETS)[0]["body"]["split"]
    assert split["questions"] == share
    assert sum(split.values()) == pytest.approx(1)


def test_questions_about_too_few_documents_for_a_verdict_are_a_warning(api: FakeResources, database: Database) -> None:
    job_ids = [start(database, documents=[f"file-{number}" for number in range(count)]) for count in (2, 100)]
    for job_id in job_ids:
        prepare(api, database, job_id)
    with database.session() as session:
        warnings = [(event.job_id, event.message) for event in session.query(JobEvent).filter_by(level="warn")]
    assert warnings == [(job_ids[1], "The questions are about 9 documents. A verdict needs at least 10: add documents.")]


def test_a_comparison_that_lacks_nothing_makes_nothing(api: FakeResources, database: Database) -> None:
    job_id = start(database, documents=[], questions_file="file-q", model="ft:base:x", vector_store_ids=["vs_1"])
    assert prepare(api, database, job_id).seed_models == []
    assert api.calls == 0


def test_the_generator_of_the_comparison_writes_the_dataset(api: FakeResources, database: Database) -> None:
    generator = {"model": "large", "url": "https://models.example.com/v1"}
    prepare(api, database, start(database, generator=generator, retrieval={"max_num_results": 2}))
    (dataset,) = api.of(DATASETS)
    assert dataset["body"]["generator"] == generator
    assert dataset["body"]["raft"]["distractors"] == 1


def test_a_dataset_that_another_worker_has_is_waited_for(api: FakeResources, database: Database) -> None:
    looks = 0

    async def sleep(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 9:
            api.run_dataset(api.of(DATASETS)[0]["id"])
        await asyncio.sleep(0.001)

    prepared = prepare(api, database, start(database, arms=["base", "rag"]), run_dataset=lambda _: None, sleep=sleep)
    assert prepared.spec.questions_file
    assert looks >= 9


def test_a_dataset_whose_worker_died_is_run_here(api: FakeResources, database: Database) -> None:
    def run_dataset(dataset_id: str) -> None:
        if api.calls > 20:  # now its lease has expired
            api.made[dataset_id]["status"] = "queued"
            api.run_dataset(dataset_id)
        else:
            api.made[dataset_id]["status"] = "running"

    assert prepare(api, database, start(database, arms=["base", "rag"]), run_dataset).spec.questions_file
    assert api.calls > 20


def test_a_dataset_that_fails_fails_the_comparison_with_its_reason_and_another_way(api: FakeResources, database: Database) -> None:
    api.datasets_fail = {"code": "too_few_examples", "message": "The dataset has too few examples.", "param": "generator"}
    with pytest.raises(
        TandemError, match=r"'dset_2' was made for this comparison and failed: The dataset .* Or write the questions"
    ) as caught:
        prepare(api, database, start(database))
    assert caught.value.code == "too_few_examples"
    assert api.of(TRAINING) == []


def test_documents_that_cannot_be_indexed_are_an_error_if_they_are_all_and_a_warning_otherwise(
    api: FakeResources, database: Database
) -> None:
    api.broken_files = 2
    with pytest.raises(InvalidRequest, match="None of the 2 'documents' could be indexed"):
        prepare(api, database, start(database))
    api.broken_files = 1
    job_id = start(database)
    prepare(api, database, job_id)
    with database.session() as session:
        messages = [event.message for event in session.query(JobEvent).filter_by(job_id=job_id)]
    assert "1 of 2 documents could not be indexed." in messages


def test_more_seeds_are_trained_by_the_settings_of_the_first(api: FakeResources, database: Database) -> None:
    settings = {"model": "base", "training_file": "file-t", "validation_file": None, "method": {"type": "supervised"}}
    first = {**settings, "id": "ftjob-first", "path": "x", "seed": 2**31 - 1, "created_at": 1, "status": "succeeded"}
    api.made["ftjob-first"] = first
    api.models["ft:base:first"] = "ftjob-first"
    job_id = start(database, documents=[], model="ft:base:first", questions_file="file-q", seeds=3)
    prepared = prepare(api, database, job_id)
    bodies = [job["body"] for job in api.of(TRAINING)]
    assert [{name: body[name] for name in settings} for body in bodies] == [settings, settings]
    assert [body["seed"] for body in bodies] == [0, 1]
    assert prepared.seed_models == [f"ft:base:{job['id']}" for job in api.of(TRAINING)]
    assert prepared.spec.model == "ft:base:first"
    assert prepared.spec.fine_tuning_jobs == [job["id"] for job in api.of(TRAINING)]


def test_an_extension_uses_the_adapters_of_other_seeds_again_unless_they_are_gone(api: FakeResources, database: Database) -> None:
    settings = {"model": "base", "training_file": "file-t", "validation_file": None, "method": {"type": "supervised"}}
    api.made["ftjob-first"] = {**settings, "id": "ftjob-first", "path": "x", "seed": 1, "created_at": 1, "status": "succeeded"}
    api.models["ft:base:first"] = "ftjob-first"
    fields: dict[str, Any] = {"documents": [], "model": "ft:base:first", "questions_file": "file-q", "seeds": 3}
    first = prepare(api, database, start(database, **fields))
    fields |= {"extends": "cmp_first", "fine_tuning_jobs": first.spec.fine_tuning_jobs}
    assert prepare(api, database, start(database, **fields)).seed_models == first.seed_models
    assert len(api.of(TRAINING)) == 2
    del api.models[first.seed_models[1]]
    again = prepare(api, database, start(database, **fields)).seed_models
    assert again[0] == first.seed_models[0]
    assert again[1] not in first.seed_models


def test_a_model_whose_training_is_unknown_cannot_have_more_seeds(api: FakeResources, database: Database) -> None:
    with pytest.raises(InvalidRequest, match="Set 'seeds' to 1"):
        prepare(api, database, start(database, documents=[], model="ft:base:gone", questions_file="file-q", seeds=2))


@pytest.mark.parametrize("is_canceled", [True, False])
def test_a_dataset_that_is_canceled_ends_the_comparison_in_the_same_way_only_if_both_were(
    is_canceled: bool, api: FakeResources, database: Database
) -> None:
    job_id = start(database)

    def cancel(dataset_id: str) -> None:
        with database.session() as session:
            session.get_one(Job, job_id).cancel_requested = is_canceled
        api.made[dataset_id]["status"] = "cancelled"

    with pytest.raises(JobInterrupted if is_canceled else TandemError, match=r"cancelled|was made for this comparison and was canceled"):
        prepare(api, database, job_id, cancel)


def test_canceling_the_comparison_cancels_what_it_started(api: FakeResources, database: Database) -> None:
    job_id = start(database)
    api.hangs = True
    context = claim(database, job_id)

    async def sleep(_: float) -> None:
        if api.of(TRAINING):
            with database.session() as session:
                job = session.get(Job, job_id)
                assert job
                job.cancel_requested = True
            await asyncio.to_thread(context.renew_lease)
        await asyncio.sleep(0.001)

    maker = Maker(api, context, api.run_dataset, retry_seconds=0, sleep=sleep)
    with pytest.raises(JobInterrupted):
        run_interruptibly(prepare_resources(ComparisonSpec.model_validate(context.job.spec), maker), context)
    assert set(api.cancelled) == {api.of(DATASETS)[0]["id"], api.of(TRAINING)[0]["id"]}
