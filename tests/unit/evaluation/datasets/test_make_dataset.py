import json
import threading
from contextlib import asynccontextmanager
from typing import Any

import pytest

from services.evaluation.datasets.make_dataset import DatasetLimits, run_dataset
from services.evaluation.datasets.synthesis.item_store import ItemStore
from shared.contracts.datasets import DatasetResult
from shared.datasets import read_examples, read_questions
from shared.errors import InvalidRequest, NotFound, Unavailable
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import DATASET
from shared.workers.job_context import JobContext
from tests.fake_corpus import FakeCorpus
from tests.unit.evaluation.datasets.cases import make_spec

LIMITS = DatasetLimits(concurrency=4, retry_seconds=0, call_seconds=10, external_generators={})
MACHINES = ("tractor", "loom", "winch", "press", "lathe", "mill", "pump", "kiln", "forge", "hoist")


@pytest.fixture
def corpus() -> FakeCorpus:
    corpus = FakeCorpus()
    for number, machine in enumerate(MACHINES):
        corpus.add(machine, 100 * number + 1)
    return corpus


def claim(database: Database, **changes: Any) -> JobContext:
    spec = make_spec(**{"examples": 60, "kinds": ["number"], "questions_per_passage": 1, **changes})
    with database.session() as session:
        job = jobs.submit(session, DATASET, "default", spec.model_dump())
        claimed = jobs.claim(session, job.id, "worker", 60)
    assert claimed
    return JobContext(database, claimed, "worker", threading.Event())


def make(corpus: FakeCorpus, database: Database, context: JobContext) -> DatasetResult:
    @asynccontextmanager
    async def opened() -> Any:
        yield corpus

    items = ItemStore(database, context.job.id)
    return DatasetResult.model_validate(run_dataset(context.job, context, opened(), items, LIMITS))


def test_a_dataset_has_three_files_that_share_no_document(corpus: FakeCorpus, database: Database) -> None:
    context = claim(database)
    result = make(corpus, database, context)
    assert result.examples == {"train": 36, "validation": 6, "questions": 18}
    assert sum(result.documents.values()) == len(MACHINES)
    named = {name: purpose for name, _, purpose in corpus.files.values()}
    prefix = context.job.id
    assert named == {f"{prefix}-train.jsonl": "fine-tune", f"{prefix}-validation.jsonl": "fine-tune", f"{prefix}-questions.jsonl": "evals"}
    machines = [
        {machine for machine in MACHINES if machine in json.dumps(corpus.lines(file or ""))}
        for file in (result.training_file, result.validation_file, result.questions_file)
    ]
    assert not (machines[0] & machines[1] | machines[0] & machines[2] | machines[1] & machines[2])


def test_its_files_are_read_by_fine_tuning_and_comparisons(corpus: FakeCorpus, database: Database) -> None:
    result = make(corpus, database, claim(database, instructions="Answer briefly."))
    assert len(list(read_examples(corpus.files[result.training_file or ""][1].splitlines()))) == 36
    questions = list(read_questions(corpus.files[result.questions_file or ""][1].splitlines()))
    assert {question.cluster for question in questions} <= set(corpus.documents)
    assert all(context.file_id == question.cluster for question in questions for context in question.contexts)


def test_training_examples_have_passages_if_they_are_requested(corpus: FakeCorpus, database: Database) -> None:
    result = make(corpus, database, claim(database, raft={"distractors": 2}))
    prompts = [line["messages"][0]["content"] for line in corpus.lines(result.training_file or "")]
    assert all(prompt.startswith("Answer the question from the numbered passages.") for prompt in prompts)
    answers = [line["messages"][1]["content"] for line in corpus.lines(result.training_file or "")]
    assert answers.count("The documents do not answer this question.") == round(0.2 * 36)
    assert len(corpus.searches) == 36 + 6


def test_what_was_left_out_is_counted_by_reason(corpus: FakeCorpus, database: Database) -> None:
    corpus.mistakes = {"tractor": "not_json", "loom": "mentions_passage"}
    corpus.known = {"winch"}
    result = make(corpus, database, claim(database, examples=400, split={"train": 0.7, "validation": 0, "questions": 0.3}))
    assert result.requested == 120
    assert result.validation_file is None
    assert result.filtered == {"not_json": 12, "mentions_passage": 12, "known_without_passage": 12}
    assert sum(result.examples.values()) == 84


def test_a_validation_part_without_good_questions_is_a_warning(corpus: FakeCorpus, database: Database) -> None:
    context = claim(database)
    documents = make(corpus, database, context)
    machine = next(name for name in MACHINES if name in json.dumps(corpus.lines(documents.validation_file or "")))
    corpus.mistakes[machine] = "not_json"
    result = make(corpus, database, claim(database))
    assert (result.validation_file, result.examples["validation"]) == (None, 0)
    assert "there is no validation file" in result.warnings[0]


def test_the_same_seed_makes_the_same_files(corpus: FakeCorpus, database: Database) -> None:
    first, second = (make(corpus, database, claim(database, seed=3)) for _ in range(2))
    assert corpus.lines(first.questions_file or "") == corpus.lines(second.questions_file or "")
    other = make(corpus, database, claim(database, seed=4))
    assert corpus.lines(first.questions_file or "") != corpus.lines(other.questions_file or "")


def test_a_dataset_that_was_interrupted_asks_nothing_twice(corpus: FakeCorpus, database: Database) -> None:
    context = claim(database, examples=400)
    corpus.dies_after = 100
    with pytest.raises(Unavailable):
        make(corpus, database, context)
    corpus.dies_after = None
    result = make(corpus, database, context)
    assert sum(result.examples.values()) == 120
    assert len(corpus.chats) == 120 * 3
    assert make(corpus, database, context) == result
    assert len(corpus.chats) == 120 * 3


def test_nearly_equal_documents_are_in_one_part_and_reported(corpus: FakeCorpus, database: Database) -> None:
    corpus.documents["file-tractor2"] = [text.replace("replaces", "supersedes") for text in corpus.documents["file-tractor"]]
    result = make(corpus, database, claim(database))
    assert result.warnings == ["2 documents are nearly the same as another one, so they are in the same part."]


def test_too_few_good_questions_are_an_error_with_the_reasons(corpus: FakeCorpus, database: Database) -> None:
    corpus.mistakes = dict.fromkeys(MACHINES, "answer_in_question")
    with pytest.raises(InvalidRequest, match="120 because the question contains the answer"):
        make(corpus, database, claim(database))


@pytest.mark.parametrize("documents", [{}, {"file-a": []}, {"file-a": ["short"]}])
def test_stores_without_text_are_an_error(documents: dict[str, list[str]], database: Database) -> None:
    with pytest.raises(InvalidRequest, match="no indexed document") as caught:
        make(FakeCorpus(documents), database, claim(database))
    assert caught.value.code == "no_documents"


def test_a_store_or_url_that_may_not_be_used_is_an_error(corpus: FakeCorpus, database: Database) -> None:
    with pytest.raises(NotFound):
        make(corpus, database, claim(database, vector_store_ids=["vs_gone"]))
    with pytest.raises(InvalidRequest, match="EVALUATION_EXTERNAL_GENERATORS"):
        make(corpus, database, claim(database, generator={"model": "m", "url": "http://10.0.0.1/v1"}))
    assert corpus.chats == []
