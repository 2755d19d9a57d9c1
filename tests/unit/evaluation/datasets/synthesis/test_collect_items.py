import asyncio
import threading
from collections import Counter

import pytest

from services.evaluation.datasets.sources.split import QuestionRequest
from services.evaluation.datasets.synthesis.collect_items import FRUITLESS_REQUESTS, Collection, Tally, collect_items, start_tally
from services.evaluation.datasets.synthesis.filters import KeptQuestions
from services.evaluation.datasets.synthesis.make_question import Items, QuestionMaker
from shared.contracts.datasets import Part
from shared.errors import Unavailable
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import DATASET, JobEvent
from shared.workers.job_context import JobContext
from tests.fake_corpus import FakeCorpus
from tests.unit.evaluation.datasets.cases import MemoryItems, make_passage, make_request, make_spec

Requests = dict[Part, list[QuestionRequest]]


@pytest.fixture
def dataset(database: Database) -> JobContext:
    with database.session() as session:
        job = jobs.submit(session, DATASET, "default", make_spec().model_dump())
        claimed = jobs.claim(session, job.id, "worker", 60)
    assert claimed
    return JobContext(database, claimed, "worker", threading.Event())


@pytest.fixture
def corpus() -> FakeCorpus:
    corpus = FakeCorpus()
    for number, machine in enumerate(("tractor", "loom", "winch")):
        corpus.add(machine, 100 * number + 1)
    return corpus


def list_requests(corpus: FakeCorpus, **machines: str) -> Requests:
    """Return a request for each passage of the named machine, by part."""
    requests: Requests = {}
    for part, machine in machines.items():
        passages = [make_passage(text, f"file-{machine}", 1000 * n) for n, text in enumerate(corpus.documents[f"file-{machine}"])]
        requests[part] = [make_request("number", passage, part) for passage in passages]  # type: ignore[index]
    return requests


def collect(
    corpus: FakeCorpus, requests: Requests, targets: dict[Part, int], context: JobContext, items: Items, concurrency: int = 4
) -> Collection:
    kept = KeptQuestions()
    tally = start_tally(requests, targets, items.read(), kept)
    maker = QuestionMaker(corpus, make_spec(), items, kept, 0)
    return asyncio.run(collect_items(requests, tally, maker, items, context, concurrency))


def test_every_part_gets_its_target_in_the_order_of_its_requests(corpus: FakeCorpus, dataset: JobContext) -> None:
    requests = list_requests(corpus, train="tractor", questions="loom")
    collection = collect(corpus, requests, {"train": 8, "questions": 3}, dataset, MemoryItems())
    assert [item.request for item in collection.items["train"]] == requests["train"][:8]
    assert [item.request for item in collection.items["questions"]] == requests["questions"][:3]
    assert collection.requested <= 8 + 3 + 2 * 3  # what was in work when the last one was kept
    assert sum(collection.filtered.values()) == collection.requested - 11
    assert collection.prompt_tokens == 300 * collection.requested


def test_questions_are_left_out_with_their_reasons_and_replaced_by_others(corpus: FakeCorpus, dataset: JobContext) -> None:
    requests = list_requests(corpus, train="tractor", questions="loom")
    requests["train"] += list_requests(corpus, train="winch")["train"]
    corpus.mistakes["tractor"] = "answer_in_question"
    collection = collect(corpus, requests, {"train": 5, "questions": 12}, dataset, MemoryItems(), concurrency=1)
    assert {item.request.passage.file_id for item in collection.items["train"]} == {"file-winch"}
    assert collection.filtered == {"answer_in_question": 12}
    assert {part: len(items) for part, items in collection.items.items()} == {"train": 5, "questions": 12}


def test_after_a_kill_nothing_that_was_stored_is_asked_twice(corpus: FakeCorpus, dataset: JobContext) -> None:
    requests = list_requests(corpus, train="tractor", questions="loom")
    targets: dict[Part, int] = {"train": 12, "questions": 12}
    whole = collect(corpus, requests, targets, dataset, MemoryItems())
    corpus.chats.clear()
    items = MemoryItems()
    corpus.dies_after = 40
    with pytest.raises(Unavailable):
        collect(corpus, requests, targets, dataset, items)
    corpus.dies_after = None
    again = collect(corpus, requests, targets, dataset, items)
    assert again == whole
    asked = Counter(str(chat) for chat in corpus.chats)
    assert (len(corpus.chats), max(asked.values())) == (24 * 3, 1)


def test_a_generator_that_never_writes_a_good_question_is_given_up(corpus: FakeCorpus, dataset: JobContext) -> None:
    corpus.mistakes["tractor"] = "not_json"
    passages = [
        make_passage(corpus.documents["file-tractor"][0], "file-tractor", 1000 * number) for number in range(FRUITLESS_REQUESTS + 50)
    ]
    requests: Requests = {"train": [make_request("number", passage) for passage in passages]}
    collection = collect(corpus, requests, {"train": 10}, dataset, MemoryItems(), concurrency=1)
    assert (collection.requested, collection.items["train"]) == (FRUITLESS_REQUESTS, [])


def test_progress_has_the_stage_the_percent_and_events(corpus: FakeCorpus, dataset: JobContext, database: Database) -> None:
    collect(corpus, list_requests(corpus, train="tractor"), {"train": 10}, dataset, MemoryItems(), concurrency=1)
    with database.session() as session:
        job = session.get(jobs.Job, dataset.job.id)
        messages = [event.message for event in session.query(JobEvent).filter_by(job_id=dataset.job.id).order_by(JobEvent.number)]
    assert job
    assert (job.stage, job.percent) == ("writing questions: 10 of 10 kept", 90.0)
    assert messages[0] == "Kept 1 of 1 questions."
    assert len(messages) == 10


def test_the_part_that_lacks_most_is_next() -> None:
    waiting: Requests = {part: [make_request(part=part, number=n) for n in range(9)] for part in ("train", "questions")}
    tally = Tally({"train": 6, "questions": 3}, waiting)
    order = [request.part for request, _ in zip(tally.take(), range(3), strict=False)]
    assert order == ["train", "train", "train"]  # nothing has ended yet
    tally.kept["train"] = 2
    assert next(tally.take()).part == "questions"
    tally.kept["questions"] = 3
    assert next(tally.take()).part == "train"
    tally.kept["train"] = 6
    assert list(tally.take()) == []
