"""Chunks become lines; the long line of a JSON list comes in parts, and any other long line is refused."""

import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest

from shared.datasets import number_examples, read_questions
from shared.datasets.text_lines import (
    CHUNK_BYTES,
    MAX_LINE_BYTES,
    PART_BYTES,
    LinePart,
    read_chunks,
    read_text,
    split_lines,
)
from shared.errors import InvalidDataset

PARAM = "training_file"
ANSWER = "Größe „K-17“ 日本 😀 \\ [{"


def list_chats(count: int, answer: str = ANSWER) -> list[dict[str, object]]:
    return [
        {"messages": [{"role": "user", "content": f"Part {number}?"}, {"role": "assistant", "content": answer}]} for number in range(count)
    ]


def cut(content: bytes, size: int = CHUNK_BYTES) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


@pytest.mark.parametrize("start", ["", "\ufeff", " \r\n\n\t"])
@pytest.mark.parametrize("escaped", [True, False])
def test_a_list_on_one_line_of_more_than_8_mib_is_read(start: str, escaped: bool) -> None:
    chats = list_chats(12, ANSWER * 40_000)
    content = (start + json.dumps(chats, ensure_ascii=escaped) + "\n").encode()
    assert len(content) > 2 * MAX_LINE_BYTES
    for lines in (split_lines(cut(content), PARAM), io.BytesIO(content)):
        examples = list(number_examples(lines))
        assert [number for number, _ in examples] == [1 + start.count("\n")] * 12
        assert [example.messages[0].content for _, example in examples] == [f"Part {number}?" for number in range(12)]
        assert {example.messages[1].content for _, example in examples} == {ANSWER * 40_000}


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_chunks_may_end_anywhere(size: int) -> None:
    text = "[" + ",\n".join(json.dumps(chat, ensure_ascii=False) for chat in list_chats(10)) + "]"
    content = f"\ufeff{text}".encode()
    assert list(split_lines(cut(content, size), PARAM)) == content.split(b"\n")
    assert list(split_lines(cut(text.encode("utf-16"), size), PARAM)) == text.encode().split(b"\n")


def test_white_space_between_parts_stays_in_its_string() -> None:
    answer = "a" + " " * (3 * PART_BYTES) + "b"
    content = json.dumps(list_chats(1, answer)).encode()
    [(_, example)] = number_examples(split_lines(cut(content), PARAM), minimum=1)
    assert example.messages[1].content == answer


def test_a_part_may_begin_with_a_byte_order_mark() -> None:
    content = b'["' + b"x" * (PART_BYTES - 2) + "\ufeff".encode() + b'"]'
    assert "".join(text or "" for _, text in read_text(split_lines([content], PARAM), PARAM)) == content.decode()


def test_a_list_with_a_wrong_byte_is_refused() -> None:
    content = b"[" + b"\xbf" * (2 * PART_BYTES)
    assert all(len(part) <= PART_BYTES for part in split_lines(cut(content), PARAM) if isinstance(part, LinePart))
    with pytest.raises(InvalidDataset, match="Line 1: the line is not valid UTF-8"):
        list(number_examples(split_lines(cut(content), PARAM)))


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"{}\n["])
def test_any_other_line_of_more_than_8_mib_is_refused(start: bytes) -> None:
    with pytest.raises(InvalidDataset, match=f"Line {1 + start.count(10)}: the line is longer than 8 MiB"):
        list(split_lines(cut(start + b"x" * (MAX_LINE_BYTES + 1)), PARAM))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("size", [1001, CHUNK_BYTES])
def test_a_long_list_in_utf_16_is_read_like_one_in_utf_8(encoding: str, size: int) -> None:
    content = ("\ufeff\r\n" + json.dumps(list_chats(12, ANSWER * 40_000), ensure_ascii=False)).encode(encoding)
    assert len(content) > 2 * MAX_LINE_BYTES
    for lines in (split_lines(cut(content, size), PARAM), io.BytesIO(content)):
        examples = list(number_examples(lines))
        assert [number for number, _ in examples] == [2] * 12
        assert {example.messages[1].content for _, example in examples} == {ANSWER * 40_000}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_any_other_line_of_more_than_8_mib_in_utf_16_is_refused(encoding: str) -> None:
    content = ("\ufeff{}\n" + "x" * (MAX_LINE_BYTES + 1)).encode(encoding)
    for lines in (split_lines(cut(content), PARAM), [content]):
        with pytest.raises(InvalidDataset, match="Line 2: the line is longer than 8 MiB"):
            list(read_text(lines, PARAM))


def test_an_object_of_more_than_8_mib_is_refused() -> None:
    content = json.dumps(list_chats(2, "x" * MAX_LINE_BYTES)).encode()
    with pytest.raises(InvalidDataset, match="Line 1: the element of the list that begins here is longer than 8 MiB"):
        list(number_examples(split_lines(cut(content), PARAM)))


def test_a_long_list_is_refused_as_questions_like_a_short_one() -> None:
    content = json.dumps(list_chats(1, "x" * 2 * MAX_LINE_BYTES)).encode()
    with pytest.raises(InvalidDataset, match="Line 1: the file is a JSON list; write one object per line"):
        list(read_questions(split_lines(cut(content), PARAM)))


def test_memory_does_not_grow_with_a_list_on_one_line() -> None:
    chat = json.dumps(list_chats(1, "x" * 100_000)[0]).encode()

    def chunks() -> Iterator[bytes]:
        yield b"[" + chat
        for _ in range(400):
            yield b", " + chat
        yield b"]"

    tracemalloc.start()
    try:
        assert sum(1 for _ in number_examples(split_lines(chunks(), PARAM))) == 401
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


def test_a_file_is_read_in_chunks() -> None:
    content = b"x" * (2 * CHUNK_BYTES + 1)
    assert [len(chunk) for chunk in read_chunks(io.BytesIO(content))] == [CHUNK_BYTES, CHUNK_BYTES, 1]
