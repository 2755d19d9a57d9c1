"""The elements of a JSON list are found without parsing the list, and what ends the reading is named."""

import json
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deploy.errors.wording import faults
from shared.datasets.json_list import AFTER, BROKEN_STRING, ENCODING, ENDLESS, SEPARATE, TOO_LONG, split_list
from shared.errors import InvalidDataset

HARD = '\\"{[,]}\\\\" ü 日本 \u2028'


def split(text: str) -> list[tuple[int, str]]:
    return list(split_list(enumerate(text.split("\n"), start=1), "training_file"))


def make(depth: int, choose: random.Random) -> Any:
    kinds: list[Callable[[], Any]] = [lambda: choose.choice([HARD, "", 1.5, None, True])]
    if depth:
        kinds += [
            lambda: [make(depth - 1, choose) for _ in range(3)],
            lambda: {HARD: make(depth - 1, choose), "b": make(depth - 1, choose)},
        ]
    return choose.choice(kinds)()


@pytest.mark.parametrize("indent", [None, 0, 3])
@pytest.mark.parametrize("seed", range(20))
def test_the_elements_are_those_of_the_parsed_list(seed: int, indent: int | None) -> None:
    choose = random.Random(seed)
    rows = [{"a": make(4, choose)} for _ in range(choose.randrange(6))]
    assert [json.loads(text) for _, text in split(json.dumps(rows, indent=indent))] == rows


def test_an_element_has_the_line_it_begins_in() -> None:
    assert split('[\n{"a":\n1}\n,{"b": 2}, {"c": 3}\n\n, [\n4]]\n\n') == [
        (2, '{"a":\n1}'),
        (4, '{"b": 2}'),
        (4, '{"c": 3}'),
        (6, "[\n4]"),
    ]
    assert split("[]") == split(" [\n\n ] ") == []


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('[{"a": 1},\n{"b": 2}\n', 3, ENDLESS),
        ('[\n{"a": 1},\n{"b": {\n', 3, ENDLESS),
        ('[{"a": 1}\n{"b": 2}]', 2, SEPARATE),
        ('[{"a": 1},,{"b": 2}]', 1, SEPARATE),
        ('[{"a": 1},\n]', 2, SEPARATE),
        ("[1,\n2]", 2, SEPARATE),
        ('["a", "b"]', 1, SEPARATE),
        ('[x\n{"a": 1}]', 2, SEPARATE),
        ('[{"a": "x\ny"}]', 1, BROKEN_STRING),
        ('[{"a": 1}]\n{"a": 1}', 2, AFTER),
        ('[{"a": 1}]\nend', 2, AFTER),
        ("[]]", 1, AFTER),
    ],
)
def test_what_ends_the_reading_is_named_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(InvalidDataset) as caught:
        split(text)
    assert (caught.value.line, caught.value.message) == (line, f"Line {line}: {problem}")
    assert faults(caught.value.message) == []


def test_text_that_is_not_utf_8_ends_the_reading() -> None:
    with pytest.raises(InvalidDataset, match=ENCODING):
        list(split_list([(1, "["), (2, None)], "training_file"))


def test_an_element_that_never_ends_is_refused_at_its_beginning() -> None:
    def lines() -> Iterator[tuple[int, str]]:
        yield 1, '[{"a": ['
        for number in range(2, 10_000):
            yield number, "1," * 1000

    with pytest.raises(InvalidDataset, match="begins here is longer than 8 MiB") as caught:
        list(split_list(lines(), "training_file"))
    assert (caught.value.line, caught.value.message) == (1, f"Line 1: {TOO_LONG}")


@pytest.mark.parametrize("text", ['[{"a": "' + "x" * 4_000_000, '[{"' + "\\" * 4_000_001, '["' * 300_000, "[" * 4_000_000])
def test_a_hostile_line_is_read_in_seconds(text: str) -> None:
    started = time.process_time()
    with pytest.raises(InvalidDataset):
        split(text)
    assert time.process_time() - started < 10


def test_memory_does_not_grow_with_the_list() -> None:
    def lines() -> Iterator[tuple[int, str]]:
        yield 1, "["
        for number in range(2, 5000):
            yield number, json.dumps({"a": "x" * 1000}) + ","
        yield 5000, "{}]"

    tracemalloc.start()
    try:
        assert sum(1 for _ in split_list(lines(), "training_file")) == 4999
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 500_000


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("seed", range(10))
def test_a_line_in_parts_is_read_like_a_whole_line(seed: int, size: int) -> None:
    choose = random.Random(seed)
    text = json.dumps([{"a": make(4, choose), HARD: "\\" * seed} for _ in range(4)], indent=choose.choice([None, 2]), ensure_ascii=False)
    lines = list(enumerate(text.split("\n"), start=1))
    parts = [(number, line[start : start + size]) for number, line in lines for start in range(0, len(line), size)]
    assert list(split_list(parts, "training_file")) == split(text)


@pytest.mark.parametrize(
    ("parts", "line", "problem"),
    [
        ([(1, '[{"a": "x'), (1, "y"), (2, '"}]')], 1, BROKEN_STRING),
        ([(1, '[{"a": "x\\'), (2, '"}]')], 1, BROKEN_STRING),
        ([(1, '[{"a": "x'), (1, '\\"}]')], 1, BROKEN_STRING),
        ([(1, '[{"a": 1}, {"b"'), (1, ': "x"')], 1, ENDLESS),
        ([(1, '[{"a": 1}\\'), (1, ', {"b": 1}]')], 1, SEPARATE),
        ([(1, "[{}]"), (1, " end")], 1, AFTER),
        ([(1, '[{"a": "' + "x" * 5_000_000), (1, "x" * 5_000_000 + '"}]')], 1, TOO_LONG),
        ([(1, '[{"a": "'), *[(1, "\\" * 1_000_000)] * 9], 1, TOO_LONG),
        ([(1, "[{}"), *[(1, " " * 1_000_000)] * 9], 1, SEPARATE),
    ],
)
def test_what_ends_the_reading_of_a_line_in_parts_is_named(parts: list[tuple[int, str]], line: int, problem: str) -> None:
    with pytest.raises(InvalidDataset) as caught:
        list(split_list(parts, "training_file"))
    assert (caught.value.line, caught.value.message) == (line, f"Line {line}: {problem}")
