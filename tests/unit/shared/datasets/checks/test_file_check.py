"""What is found in a whole file, and how it is told."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from deploy.errors.wording import faults
from shared.datasets.checks.file_check import MAX_PROBLEMS, FileCheck, require_valid
from shared.datasets.checks.warn import DatasetWarning, list_notes, list_warnings
from shared.datasets.examples.read import read_entries
from shared.errors import InvalidDataset

SENTENCES = "The {0} in building {0} is open from {0} until noon, and visitor number {0} asked us why"


def chat(question: str, answer: str = "Because of the {0} rule.") -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def distinct(count: int) -> list[dict[str, Any]]:
    """Return chats that share few sequences of three words."""
    return [chat(" ".join(f"w{number}x{place}" for place in range(12)), f"a{number}") for number in range(count)]


def check(*rows: Any, minimum: int = 10, training: FileCheck | None = None) -> FileCheck:
    found = FileCheck(minimum, training)
    try:
        for entry in read_entries(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows):
            found.add(entry)
    except InvalidDataset as error:
        found.stop(error)
    found.finish()
    return found


def warnings(found: FileCheck) -> dict[str, DatasetWarning]:
    found_warnings = list(list_warnings(found))
    assert [warning.message for warning in found_warnings if faults(warning.message)] == []
    return {warning.code: warning for warning in found_warnings}


def test_a_good_file_has_no_problems_and_no_warnings() -> None:
    found = check(*distinct(12))
    assert (found.examples, found.num_problems, list(list_warnings(found))) == (12, 0, [])
    assert found.roles == {"user": 12, "assistant": 12}


def test_a_file_of_too_few_examples_has_openais_code() -> None:
    [problem] = check(*distinct(3)).problems
    assert (problem.line, problem.code) == (None, "invalid_n_examples")
    assert problem.message == "The file must have at least 10 examples; it has 3 examples."


def test_problems_are_counted_and_the_first_hundred_are_kept() -> None:
    found = check(*distinct(10), *[b"x"] * 500)
    assert (found.num_problems, found.wrong_lines, len(found.problems)) == (500, 500, MAX_PROBLEMS)
    assert (found.problems[0].line, found.problems[0].code) == (11, "invalid_json")
    assert found.problems[0].message.startswith("The line is not valid JSON")


def test_a_file_that_cannot_be_read_further_is_not_complete() -> None:
    found = check(b"prompt,completion", b'"never closed')
    assert not found.is_complete
    [problem] = found.problems
    assert problem.message.endswith("The rest of the file was not checked.")


def test_notes_name_the_file_and_the_lines() -> None:
    rows = distinct(12)
    found = check(*rows, rows[2], minimum=1)
    [note] = list_notes(found, "training file")
    assert note.level == "warn"
    assert note.message.startswith(
        "In the training file: 1 example is a copy of an earlier line; for example, line 13 is the same as line 3."
    )
    assert note.message.endswith(" Line: 13.")
    [note] = list_notes(check(*rows, *rows[:2]), "training file")
    assert note.message.endswith(" Lines: 13, 14.")
    [note] = list_notes(check(*rows, *rows), "training file")
    assert note.message.endswith(" First lines: 13, 14, 15, 16, 17, 18, 19, 20, 21, 22.")


def test_how_a_file_is_converted_is_a_note() -> None:
    rows = [{"prompt": chat["messages"][0]["content"], "completion": "A"} for chat in distinct(12)]
    assert [(note.level, note.message) for note in list_notes(check(*rows), "validation file")] == [
        (
            "info",
            "The validation file has lines with 'prompt' and 'completion', which are trained as chats: 'prompt' becomes the user's "
            "message, and 'completion' the assistant's.",
        )
    ]


def test_a_file_with_problems_is_not_valid() -> None:
    lines = [json.dumps(row).encode() for row in [*distinct(10), {"messages": []}]]
    with pytest.raises(InvalidDataset, match="Line 11: 'messages' must not be empty"):
        require_valid(lines, param="training_file", minimum=10)
    assert require_valid(lines[:10], param="training_file", minimum=10).examples == 10


def test_equal_examples_are_found_but_not_as_similar_ones() -> None:
    rows = distinct(10)
    found = check(*rows, rows[2], rows[2], rows[9])
    assert set(warnings(found)) == {"duplicates"}
    assert warnings(found)["duplicates"].lines == (11, 12, 13)
    assert "line 11 is the same as line 3" in warnings(found)["duplicates"].message


def test_nearly_equal_examples_are_found_with_their_lines() -> None:
    words = "how can I find out where my new card is and when it will arrive at home"
    found = check(*distinct(10), chat(words), chat(words.capitalize() + " please?"))
    warning = warnings(found)["near_duplicates"]
    assert (warning.lines, "lines 11 and 12 (similarity 0." in warning.message) == ((12,), True)


def test_a_prompt_around_every_question_does_not_make_them_similar() -> None:
    prompt = "You get a message of a customer of a bank. Say which of the following intents it has, and write nothing else but the intent. "
    rows = [chat(prompt + row["messages"][0]["content"], row["messages"][1]["content"]) for row in distinct(40)]
    assert warnings(check(*rows)) == {}


def test_what_both_files_have_is_an_overlap() -> None:
    rows = distinct(20)
    question = "how can I find out where my new card is and when it will arrive at home"
    training = check(*rows, chat(question))
    found = check(rows[4], *distinct(40)[30:], chat(question + " please"), minimum=1, training=training)
    assert warnings(found)["overlap"].lines == (1, 12)
    assert "line 1, which is the same as its line 5" in warnings(found)["overlap"].message
    assert "overlap" not in warnings(check(*distinct(40)[30:], training=training))


def test_secrets_are_named_by_line_and_kind_but_never_shown() -> None:
    secret = "AKIA" + "2E7QX4WJ5M6P8R9T"
    found = check(*distinct(9), chat(f"My key:\n{secret}"), ('{"x": "' + secret + '"').encode())
    warning = warnings(found)["secrets"]
    assert (warning.lines, "an AWS access key" in warning.message) == ((10, 11), True)
    assert all(
        secret not in text for text in (*(each.message for each in list_warnings(found)), *(each.message for each in found.problems))
    )


def test_a_converted_file_and_fields_that_are_not_used_are_told() -> None:
    found = check(*[{"id": number, "prompt": f"Q{number}", "completion": "A"} for number in range(10)])
    assert found.format == "prompt_completion"
    assert set(warnings(found)) == {"converted", "unused_fields"}
    assert warnings(found)["unused_fields"].message == "These fields are not trained: 'id'."


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda messages: [{**messages[0], "name": "anna"}, messages[1]], "with 'name', which is left out"),
        (lambda messages: [{"role": "developer", "content": "Be brief."}, *messages], "which is trained as 'system'"),
    ],
)
def test_what_is_trained_otherwise_than_written_is_told(change: Callable[[Any], Any], expected: str) -> None:
    rows = distinct(11)
    rows[3] = {"messages": change(rows[3]["messages"])}
    warning = warnings(check(*rows))["changed"]
    assert warning.message.startswith("There is 1 example with ")
    assert (warning.lines, expected in warning.message) == ((4,), True)


def test_chats_in_which_nobody_takes_turns_and_long_ones_are_told() -> None:
    rows = distinct(12)
    rows[1] = {"messages": [*rows[1]["messages"][:1] * 2, rows[1]["messages"][1]]}
    rows[5] = chat("long " * 4000)
    found = warnings(check(*rows))
    assert (found["turns"].lines, found["long_examples"].lines) == ((2,), (6,))
