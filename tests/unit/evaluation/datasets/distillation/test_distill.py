import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, BinaryIO

import pytest
from sqlalchemy import delete

from services.evaluation.datasets.distillation.distill import run_distillation
from services.evaluation.datasets.distillation.read_completions import CompletionReader
from services.evaluation.datasets.distillation.read_responses import ResponseReader
from shared.contracts.datasets import DatasetResult
from shared.datasets import read_examples
from shared.errors import InvalidRequest, TooLarge, Unavailable
from shared.records import jobs
from shared.records.chat_completions import ChatCompletionMessage, StoredChatCompletion
from shared.records.database import Database
from shared.records.jobs import DATASET
from shared.records.responses import StoredResponse
from shared.workers.job_context import JobContext, JobInterrupted
from tests.unit.evaluation.datasets.distillation.turns import make_spec, say


class MemoryFiles:
    """Stores files in memory. With an `error`, the files whose name has `fails_for` are refused."""

    def __init__(self, fails_for: str = "", error: Exception | None = None) -> None:
        self.files: dict[str, tuple[str, bytes]] = {}
        self.fails_for = fails_for
        self.error = error

    async def upload_stream(self, filename: str, content: BinaryIO, purpose: str) -> str:
        if self.error and self.fails_for in filename:
            raise self.error
        assert purpose == "fine-tune"
        content.seek(0)
        data = content.read()
        same = (id for id, file in self.files.items() if file == (filename, data))
        file_id = next(same, f"file-{len(data)}-{filename}")
        self.files[file_id] = (filename, data)
        return file_id

    async def delete_namesakes(self, file_id: str | None, filename: str, purpose: str) -> None:
        assert purpose == "fine-tune"
        for id in [id for id, file in self.files.items() if file[0] == filename and id != file_id]:
            del self.files[id]

    @property
    def stored(self) -> dict[str, bytes]:
        """The contents of the files by their names, of which there are no two."""
        assert len({name for name, _ in self.files.values()}) == len(self.files)
        return dict(self.files.values())

    def lines(self, part: str) -> list[dict[str, Any]]:
        (content,) = (content for name, content in self.stored.items() if name.endswith(f"-{part}.jsonl"))
        assert len(list(read_examples(content.splitlines(), minimum=1))) == content.count(b"\n")
        return [json.loads(line) for line in content.splitlines()]


def store(database: Database, number: int, text: str, answer: str, after: int | None = None, **fields: Any) -> None:
    body = {"output": [say(answer, "assistant")], "model": "big", "metadata": {}, **fields.pop("body", {})}
    row = {"id": f"resp_{number}", "project_id": "default", "created_at": number, "input": [say(text)], "body": body, **fields}
    with database.session() as session:
        session.add(StoredResponse(**row, previous_id=None if after is None else f"resp_{after}"))


def store_many(database: Database, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        store(database, number, f"Question {number}?", f"Answer {number}.")


def store_chat(database: Database, number: int, messages: list[Any], answer: str, metadata: dict[str, str] | None = None) -> None:
    id = f"chatcmpl-{number}"
    row: dict[str, Any] = {"id": id, "project_id": "default", "created_at": number, "model": "big", "request": {"model": "big"}}
    body = {"id": id, "choices": [{"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}]}
    with database.session() as session:
        session.add(StoredChatCompletion(**row, body=body, metadata_=metadata or {}))
        session.flush()
        for place, message in enumerate(messages):
            session.add(ChatCompletionMessage(completion_id=id, number=place, id=f"{id}-{place}", content=message))


def claim(database: Database, **changes: Any) -> JobContext:
    with database.session() as session:
        job = jobs.submit(session, DATASET, "default", make_spec(**changes).model_dump())
        claimed = jobs.claim(session, job.id, "worker", 60)
    assert claimed
    return JobContext(database, claimed, "worker", threading.Event())


def run(database: Database, context: JobContext, files: MemoryFiles) -> DatasetResult:
    @asynccontextmanager
    async def open_files() -> AsyncIterator[MemoryFiles]:
        yield files

    spec = make_spec(**context.job.spec)
    open_reader = ResponseReader if spec.source == "responses" else CompletionReader
    reader = open_reader(database, "default", spec.chosen)
    return DatasetResult.model_validate(run_distillation(context.job, context, open_files(), reader, 0))


def test_responses_become_two_files_and_what_is_left_out_is_counted(database: Database) -> None:
    store_many(database, 40)
    store(database, 50, "Question 3?", "Answer 3.")
    store(database, 51, "Lost?", "Cut o", status="incomplete")
    store(database, 52, "More?", "Yes.", after=99)
    context, files = claim(database), MemoryFiles()
    result = run(database, context, files)
    assert (result.examples, result.requested) == ({"train": 36, "validation": 4}, 43)
    assert result.filtered == {"duplicate": 1, "incomplete": 1, "history_deleted": 1}
    assert result.conversations == {"train": 36, "validation": 4}
    assert files.files[result.training_file or ""][0] == f"{context.job.id}-train.jsonl"
    assert (result.questions_file, result.warnings) == (None, [])
    asked = {line["messages"][0]["content"] for part in ("train", "validation") for line in files.lines(part)}
    assert asked == {f"Question {number}?" for number in range(40)}


def test_a_conversation_is_whole_in_one_part_and_each_answer_is_learned_once(database: Database) -> None:
    for number in range(0, 60, 3):
        store(database, number, f"Start {number}", "One.")
        store(database, number + 1, "And then?", "Two.", after=number)
        store(database, number + 2, "At the end?", "Three.", after=number + 1)
    files = MemoryFiles()
    result = run(database, claim(database, split={"train": 0.8, "validation": 0.2, "questions": 0}), files)
    assert (result.examples, result.conversations) == ({"train": 48, "validation": 12}, {"train": 16, "validation": 4})
    train, validation = ({line["messages"][0]["content"] for line in files.lines(part)} for part in ("train", "validation"))
    assert not train & validation
    learned = [[m["content"] for m in line["messages"] if m["role"] == "assistant" and "weight" not in m] for line in files.lines("train")]
    assert sorted(map(tuple, learned)) == sorted([("One.",), ("Two.",), ("Three.",)] * 16)


def test_the_newest_are_used_up_to_the_limit_and_without_validation_there_is_one_file(database: Database) -> None:
    store_many(database, 30)
    files = MemoryFiles()
    split = {"train": 1, "validation": 0, "questions": 0}
    result = run(database, claim(database, responses={"limit": 12}, split=split), files)
    assert (result.examples, result.validation_file) == ({"train": 12}, None)
    assert "'responses.limit' (12) was reached" in result.warnings[0]
    assert {line["messages"][0]["content"] for line in files.lines("train")} == {f"Question {number}?" for number in range(18, 30)}


def test_a_filter_by_metadata_selects_answers_but_not_the_turns_before_them(database: Database) -> None:
    for number in range(0, 24, 2):
        store(database, number, f"Start {number}", "One.")
        store(database, number + 1, "And then?", "Two.", after=number, body={"metadata": {"good": "yes"}})
    files = MemoryFiles()
    result = run(database, claim(database, responses={"metadata": {"good": "yes"}}), files)
    assert result.requested == 12
    assert all([m["content"] for m in line["messages"][1:]] == ["One.", "And then?", "Two."] for line in files.lines("train"))


def test_chat_completions_become_two_files_and_a_conversation_is_in_one_of_them(database: Database) -> None:
    for number in range(0, 60, 2):
        asked = {"role": "user", "content": f"Question {number}?"}
        store_chat(database, number, [asked], "One.", {"task": "count"})
        again = [asked, {"role": "assistant", "content": "One."}, {"role": "user", "content": "And then?"}]
        store_chat(database, number + 1, again, "Two.", {"task": "count"})
    store_chat(database, 90, [{"role": "user", "content": "Other?"}], "No.", {"task": "other"})
    store_many(database, 20)
    files = MemoryFiles()
    chosen = {"source": "chat_completions", "chat_completions": {"metadata": {"task": "count"}, "model": "big"}}
    result = run(database, claim(database, **chosen, split={"train": 0.8, "validation": 0.2, "questions": 0}), files)
    assert (result.examples, result.requested, result.filtered) == ({"train": 48, "validation": 12}, 60, {})
    assert result.conversations == {"train": 24, "validation": 6}
    train, validation = ({line["messages"][0]["content"] for line in files.lines(part)} for part in ("train", "validation"))
    assert not train & validation


def test_the_messages_about_chat_completions_name_them(database: Database) -> None:
    chosen: dict[str, Any] = {
        "source": "chat_completions",
        "chat_completions": {"limit": 10},
        "split": {"train": 1, "validation": 0, "questions": 0},
    }
    for number in range(9):
        store_chat(database, number, [{"role": "user", "content": f"Question {number}?"}], "Yes.")
    with pytest.raises(
        InvalidRequest, match=r"9 stored chat completions matched\. Store more chat completions, then create the dataset again\."
    ) as error:
        run(database, claim(database, **chosen), MemoryFiles())
    assert (error.value.code, error.value.param) == ("too_few_examples", "chat_completions")
    for number in range(9, 12):
        store_chat(database, number, [{"role": "user", "content": f"Question {number}?"}], "Yes.")
    result = run(database, claim(database, **chosen), MemoryFiles())
    assert result.examples == {"train": 10}
    assert result.warnings[0].startswith("'chat_completions.limit' (10) was reached")
    with pytest.raises(InvalidRequest, match=r"Send a lower 'chat_completions\.limit'"):
        run(database, claim(database, **chosen), MemoryFiles("train", TooLarge("A file may have at most 1 MiB.")))


def test_too_few_examples_are_an_error_that_counts_the_reasons(database: Database) -> None:
    store_many(database, 9)
    store(database, 20, "Lost?", "", status="failed")
    with pytest.raises(
        InvalidRequest, match=r"at least 10 examples; it has 8\. 10 stored .*\(filter: model\).*1 because they failed"
    ) as error:
        run(database, claim(database, responses={"model": "big"}), MemoryFiles())
    assert (error.value.code, error.value.param) == ("too_few_examples", "responses")
    assert error.value.message.endswith("Store more responses, or change the filter in 'responses'.")


def test_another_split_is_advised_only_if_it_helps(database: Database) -> None:
    store_many(database, 10)
    with pytest.raises(InvalidRequest, match=r"Store more responses, or send 'split' with a larger share for 'train'\."):
        run(database, claim(database, split={"train": 0.5, "validation": 0.5, "questions": 0}), MemoryFiles())


def test_examples_of_one_conversation_are_all_for_training(database: Database) -> None:
    for number in range(12):
        store(database, number, f"Turn {number}", f"Reply {number}", after=number - 1 if number else None, body={"truncation": "auto"})
    result = run(database, claim(database), MemoryFiles())
    assert (result.examples, result.validation_file) == ({"train": 12, "validation": 0}, None)
    assert "All examples are from one conversation" in result.warnings[0]
    assert result.warnings[1].startswith("11 examples have earlier turns that the model may not have seen")


def test_a_second_attempt_makes_the_same_files(database: Database) -> None:
    store_many(database, 60)
    context, files = claim(database), MemoryFiles("validation", Unavailable("The service is gone."))
    with pytest.raises(Unavailable):
        run(database, context, files)
    files.error = None
    result = run(database, context, files)
    assert files.files[result.validation_file or ""][0] == f"{context.job.id}-validation.jsonl"
    assert len(files.stored) == 2


def test_what_an_earlier_attempt_has_stored_is_deleted_if_the_answers_have_changed_since(database: Database) -> None:
    store_many(database, 60)
    context, files = claim(database), MemoryFiles()
    first = run(database, context, files)  # the worker dies before it stores the job's end
    with database.session() as session:
        session.execute(delete(StoredResponse).where(StoredResponse.created_at < 30))
    second = run(database, context, files)
    assert second.examples["train"] < first.examples["train"]
    assert {second.training_file, second.validation_file} == set(files.files)


def test_a_file_that_is_too_large_says_which_field_to_lower(database: Database) -> None:
    store_many(database, 20)
    with pytest.raises(InvalidRequest, match=r"Send a lower 'responses\.limit'") as error:
        run(database, claim(database), MemoryFiles("train", TooLarge("A file may have at most 1 MiB.")))
    assert (error.value.param, error.value.code) == ("responses.limit", "too_large")


def test_a_cancellation_ends_it_and_stores_nothing(database: Database) -> None:
    store_many(database, 20)
    context, files = claim(database), MemoryFiles()
    with database.session() as session:
        job = session.get(jobs.Job, context.job.id)
        assert job
        jobs.request_cancel(session, job)
    context.renew_lease()
    with pytest.raises(JobInterrupted):
        run(database, context, files)
    assert files.stored == {}
