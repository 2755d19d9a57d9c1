"""Grades on real data are the same as by direct computation. The answers come from a script, so that both sides have the same."""

import csv
import gzip
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from shared.records.database import Database
from tests.unit.evaluation.evals.cases import ScriptedApi, complete, evaluate, judge, make_spec

DATA = Path(__file__).parents[5] / "shared" / "data"  # beside the project, if it is there
ROWS = 80
Body = dict[str, Any]

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder with the data is not there")


def is_right(text: str) -> bool:
    """Whether the scripted model knows the answer: for about two of three questions."""
    return sha256(text.encode()).digest()[0] % 3 > 0


def read_banking() -> Iterator[Body]:
    with (DATA / "banking77" / "train.csv").open(newline="") as file:
        yield from ({"text": row["text"], "intent": row["category"]} for row in csv.DictReader(file))


def read_gsm8k() -> Iterator[Body]:
    with gzip.open(DATA / "gsm8k" / "train.jsonl.gz", "rt") as file:
        for line in file:
            row = json.loads(line)
            yield {"question": row["question"], "answer": row["answer"].split("####")[1].strip()}


def make_source(rows: list[Body]) -> tuple[Body, bytes]:
    """Return a data source that asks about the first field of the rows of a file, and the file."""
    message = {"role": "user", "content": f"{{{{item.{next(iter(rows[0]))}}}}}"}
    source = {"type": "file_id", "id": "file-1"}
    asks = {"type": "completions", "model": "small", "source": source, "input_messages": {"type": "template", "template": [message]}}
    return asks, "".join(json.dumps({"item": row}) + "\n" for row in rows).encode()


def test_banking77_is_graded_as_by_comparing_the_intents(database: Database) -> None:
    rows = list(islice(read_banking(), 0, None, 80))[:ROWS]
    intents = sorted({row["intent"] for row in rows})
    replies = {row["text"]: row["intent"] if is_right(row["text"]) else intents[len(row["text"]) % len(intents)] for row in rows}
    expected = [replies[row["text"]] == row["intent"] for row in rows]

    def answer(_path: str, body: Body) -> Body:
        sent = body["messages"][-1]["content"]
        if body["model"] == "small":
            return complete(replies[sent])
        given, wanted = json.loads(sent)
        return judge("correct" if given == wanted else "wrong")

    exact = {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "operation": "eq", "reference": "{{item.intent}}"}
    pair = '["{{sample.output_text}}", "{{item.intent}}"]'
    judged = {
        "type": "label_model", "name": "judged", "model": "judge", "labels": ["correct", "wrong"], "passing_labels": ["correct"],
        "input": [{"role": "user", "content": pair}],
    }  # fmt: skip
    source, file = make_source(rows)
    schema = {"type": "object", "properties": {"text": {"type": "string"}, "intent": {"enum": intents}}, "required": ["text", "intent"]}
    api = ScriptedApi(answer, files={"file-1": file})
    result, items = evaluate(database, api, make_spec(source, exact, judged, item_schema=schema), concurrency=8)
    assert 0 < sum(expected) < ROWS
    assert [[graded["passed"] for graded in item.results or []] for item in items] == [[passed, passed] for passed in expected]
    assert [row.passed for row in result.per_testing_criteria_results] == [sum(expected)] * 2
    assert result.result_counts.model_dump() == {"total": ROWS, "passed": sum(expected), "failed": ROWS - sum(expected), "errored": 0}
    assert [item.item for item in items] == rows


def test_gsm8k_is_graded_as_by_comparing_the_last_numbers(database: Database) -> None:
    rows = list(islice(read_gsm8k(), ROWS))

    def write_answer(row: Body) -> str:
        number = row["answer"] if is_right(row["question"]) else f"{float(row['answer'].replace(',', '')) + 1:g}"
        return f"There are 3 steps, so 12 of them is wrong.\nThe answer is {number}."

    replies = {row["question"]: write_answer(row) for row in rows}

    def last_number(text: str) -> float:
        return float(re.findall(r"-?\d[\d,]*(?:\.\d+)?", text)[-1].replace(",", ""))

    expected = [last_number(replies[row["question"]]) == float(row["answer"].replace(",", "")) for row in rows]
    numeric = {"type": "numeric", "name": "number", "reference": "{{item.answer}}"}
    source, file = make_source(rows)
    api = ScriptedApi(lambda _, body: complete(replies[body["messages"][-1]["content"]]), files={"file-1": file})
    result, items = evaluate(database, api, make_spec(source, numeric), concurrency=8)
    assert 0 < sum(expected) < ROWS
    assert [item.status == "pass" for item in items] == expected
    assert result.pass_rate is not None
    assert result.pass_rate.rate == pytest.approx(sum(expected) / ROWS)
