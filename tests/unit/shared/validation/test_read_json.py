import json
import re
from typing import Any

import pytest

from shared.errors import InvalidRequest
from shared.validation import read_json as module
from shared.validation.read_json import MAX_KEYS, MAX_LENIENT_BYTES, MAX_VALUES, read_json, read_storable_json

SURROGATE = "must not contain half of a surrogate pair, such as \\ud83d alone"
NUL = "must not contain the NUL character (\\u0000)"


def refuse(body: bytes) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        read_storable_json(body)
    return caught.value


def nest(depth: int, inside: bytes = b"") -> bytes:
    return b"[" * depth + inside + b"]" * depth


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        None,
        "a",
        1.5,
        {"a": [1, "b", None, True, {"c": -3}]},
        "\U0001f600 中文 e\u0301",
        '"quoted", [not] {counted}: \\',
        "a" * 200_000,
    ],
)
def test_a_value_is_read_as_it_was_written(value: Any) -> None:
    assert read_storable_json(json.dumps(value).encode()) == value
    assert read_storable_json(json.dumps(value, ensure_ascii=False).encode()) == value


def test_a_mark_of_the_byte_order_is_skipped() -> None:
    assert read_storable_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "a value is missing or is not valid; strings need double quotes (line 1, column 1)"),
        (b'{"a": }', "a value is missing or is not valid; strings need double quotes (line 1, column 7)"),
        (
            b"{'a': 1}",
            "a key or string is in single quotes; JSON needs double quotes, as Python's json.dumps writes them (line 1, column 2)",
        ),
        (b'{"a": 1} {}', "there is more text after the end of the value (line 1, column 10)"),
        (b'{"a": 1,}', "a key in double quotes is missing (line 1, column 9)"),
        (b'{"a": "\xff"}', "it is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "it is not UTF-8"),
        (nest(500), "it is nested more than 200 levels deep"),
        (b'{"zz":' + nest(100_000) + b"}", "it is nested more than 200 levels deep"),
        (b'{"a":' * 50_000, "it is nested more than 200 levels deep"),
        (b"9" * 5000, "a number has too many digits"),
        (b'{"a": [1, ' + b"9" * 5000 + b"]}", "a number has too many digits"),
        (b'{"a": [1, ' + b"9" * 9_000_000 + b"]}", "a number has too many digits"),
        (b'"' * 200_000, "there is more text after the end of the value (line 1, column 3)"),
        (b'"' + b"a," * 500_000, "a string is not closed with a double quote (line 1, column 1)"),
    ],
)
def test_a_text_that_is_not_json_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    error = refuse(body)
    assert (error.message, error.code, error.param) == (f"The body is not valid JSON: {reason}.", "invalid_json", None)


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (b"", "a comma or a closing bracket is missing"),
        (b', "b": [1', "a comma or a closing bracket is missing"),
        (b' "b": 1}', "a comma or a closing bracket is missing"),
        (b', "b": [1 2]}', "a comma or a closing bracket is missing"),
        (b', "b" 1}', "a colon is missing after a key"),
        (b', "b": }', "a value is missing or is not valid; strings need double quotes"),
        (b', "b": True}', "a value is missing or is not valid; strings need double quotes"),
        (b', "b": nil}', "a value is missing or is not valid; strings need double quotes"),
        (b', "b":', "a value is missing or is not valid; strings need double quotes"),
        (b', "b": 01}', "a number is not valid"),
        (b', "b": -Infinity}', "a number is not valid"),
        (b", b: 1}", "a key in double quotes is missing"),
        (b",}", "there is a comma before a closing bracket"),
        (b', "b": [1,]}', "there is a comma before a closing bracket"),
        (b', "b": "c', "a string is not closed with a double quote"),
        (b"} {}", "there is more text after the end of the value"),
        (b', "b": "\n"}', "a string contains a line break or another control character; escape it, for example as \\n"),
        (rb', "b": "\x"}', "a backslash does not begin a valid escape; write it as \\\\"),
        (rb', "b": "\ud83d"}', "a string contains half of a surrogate pair, such as \\ud83d alone"),
    ],
)
def test_a_long_text_that_is_not_json_is_refused_in_the_same_words(rest: bytes, reason: str) -> None:
    error = refuse(b'{"a": "' + b"a" * MAX_LENIENT_BYTES + b'"' + rest)
    assert re.fullmatch(rf"The body is not valid JSON: {re.escape(reason)} \(line \d, column \d+\)\.", error.message)
    assert (error.code, error.param) == ("invalid_json", None)


def test_two_hundred_levels_are_read() -> None:
    assert read_json(nest(199, b"1")) is not None


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"1," * MAX_VALUES + b"1]",
        b"[" + b",".join([b"[1]"] * (MAX_VALUES // 2)) + b",1]",
        b"[" + b'"",' * MAX_VALUES + b"1]",
        b"{" + b",".join(b'"%d":1' % number for number in range(MAX_KEYS + 1)) + b"}",
        b'{"zz":[' + b'"a,\\"]",' * MAX_VALUES + b"1]}",
    ],
)
def test_a_body_with_too_many_parts_is_refused_before_it_is_parsed(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "from_json", None)
    error = refuse(body)
    assert error.message == "The body must have at most 400,000 values and 60,000 keys. Split it into several requests."
    assert (error.code, error.status, error.param) == ("invalid_json", 400, None)


@pytest.mark.parametrize(
    "value",
    [
        [1] * (MAX_VALUES - 1),
        [[1] * 200] * 1990,
        {str(number): 1 for number in range(MAX_KEYS)},
        {"text": "a, b: [c] {d} \\ " * 50_000},
        ["a, b: [c]"] * (MAX_VALUES - 1),
        ['\\",:[{' * 3] * 100_000,
    ],
)
def test_marks_in_strings_do_not_count(value: Any) -> None:
    assert read_json(json.dumps(value, separators=(",", ":")).encode()) == value


@pytest.mark.parametrize(
    ("body", "param", "predicate"),
    [
        (rb'{"query": "a \ud83d"}', "query", SURROGATE),
        (rb'{"query": ["fine", "\ud83d\ud83d"]}', "query[1]", SURROGATE),
        (rb'{"a": {"b": [{"c": "\ude00"}]}}', "a.b[0].c", SURROGATE),
        (rb'{"\ud83d": 1}', "?", SURROGATE),
        (rb'{"a": {"\ud83d": 1}}', "a", SURROGATE),
        (rb'{"a": "b\u0000"}', "a", NUL),
        (rb'{"metadata": {"a\u0000": "b"}}', "metadata", NUL),
        (rb'{"input": [{"a": ["fine", "\u0000"]}]}', "input[0].a[1]", NUL),
        (b'{"a": [1, NaN]}', "a[1]", "must be a finite number; JSON has no NaN or Infinity"),
        (b'{"a": -Infinity}', "a", "must be a finite number; JSON has no NaN or Infinity"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_its_path(body: bytes, param: str, predicate: str) -> None:
    error = refuse(body)
    assert (error.message, error.code, error.param) == (f"'{param}' {predicate}.", "invalid_value", param)


def test_a_body_that_is_one_string_has_no_path() -> None:
    assert refuse(rb'"\u0000"').message == f"The request body {NUL}."


def test_a_wrong_string_beside_deep_nesting_is_refused_without_its_path() -> None:
    error = refuse(rb'{"a": "\ud83d", "zz": ' + nest(5000) + b"}")
    assert (error.code, error.param) == ("invalid_json", None)


def test_an_escaped_backslash_before_a_code_is_no_nul() -> None:
    assert read_storable_json(rb'{"a": "\\u0000"}') == {"a": "\\u0000"}


def test_only_a_body_that_is_stored_may_have_no_nul() -> None:
    assert read_json(rb'{"a": "b\u0000"}') == {"a": "b\0"}
