"""Reads the questions of a file, JSONL or CSV, and lists everything that is wrong with it."""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath
from typing import Any

from shared.datasets.csv_rows import names_fields, read_rows
from shared.datasets.json_lines import load_json
from shared.datasets.problems import Problems, WrongLine
from shared.datasets.questions import Question
from shared.datasets.text_lines import read_text
from shared.errors import InvalidDataset, InvalidRequest
from shared.validation.translate import parse

PARAM = "questions_file"
CSV_SUFFIXES = (".csv", ".tsv")
JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
REMEDIES = {
    "'answers' is required": "write [] if the documents do not have the answer",
    "'answers' must be a list": "write a single answer as a list, too",
    "'contexts' must be a list": "write a single context as a list, too",
    "'tags' must be a list": "write a single tag as a list, too",
}


@dataclass(frozen=True)
class _Line:
    """A line of either format: its number and value, or else its problem."""

    number: int
    value: Any
    problem: str | None = None


def read_questions(lines: Iterable[bytes | str], filename: str = "", *, param: str = PARAM) -> Iterator[Question]:
    """Yield the questions of a file as its lines arrive. Each of `lines` is a line, or several; `param` is the field that names the file.

    A file is CSV if its name ends with `.csv` or `.tsv`, or if its name says nothing and its first line names the fields.

    Raises:
        InvalidDataset: after the last line, with the first ten problems and the number of all, or if there is no question.
    """
    problems, seen, count = Problems(param), _Seen(), 0
    for line in _read_lines(lines, filename, param):
        count += 1
        question = _read_question(line, seen, problems)
        if question is not None:
            yield question
    problems.raise_if_any()
    if not count:
        raise InvalidDataset(0, "The file must have at least 1 question; it has none.", param=param)


def _read_question(line: _Line, seen: "_Seen", problems: Problems) -> Question | None:
    """Return the question of a line; None if it has a problem."""
    try:
        if line.problem is not None:
            raise WrongLine(line.problem)
        question = parse(Question, line.value, whole="the line")
        seen.add(line.number, question)
    except (WrongLine, InvalidRequest) as error:
        problems.add(line.number, _add_remedy(str(error)))
        return None
    except RecursionError:
        problems.add(line.number, "the JSON is nested too deeply.")
        return None
    return question


def _add_remedy(message: str) -> str:
    """Return the message with what to do, if it does not say so itself."""
    remedy = next((remedy for start, remedy in REMEDIES.items() if message.startswith(start)), None)
    return f"{message.removesuffix('.')}; {remedy}." if remedy else message


def _read_lines(lines: Iterable[bytes | str], filename: str, param: str) -> Iterator[_Line]:
    """Return the lines of either format, except empty ones."""
    numbered = read_text(lines, param)
    filled = ((number, text) for number, text in numbered if text is None or text.strip())
    number, first = next(filled, (0, ""))
    if first is not None and _is_csv(filename, first):
        return _read_csv(number, first, numbered, param)
    if first is not None and first.lstrip().startswith("["):
        raise InvalidDataset(number, "the file is a JSON list; write one object per line, without brackets around them.", param=param)
    return _read_jsonl(chain([(number, first)] if number else [], filled))


def _is_csv(filename: str, first: str) -> bool:
    suffix = PurePath(filename).suffix.lower()
    return suffix in CSV_SUFFIXES or (suffix not in JSON_SUFFIXES and not first.lstrip().startswith("{") and names_fields(first))


def _read_jsonl(lines: Iterable[tuple[int, str | None]]) -> Iterator[_Line]:
    for number, text in lines:
        if text is None:
            yield _Line(number, None, "the line is not valid UTF-8.")
            continue
        try:
            yield _Line(number, load_json(text))
        except WrongLine as error:
            yield _Line(number, None, str(error))


def _read_csv(number: int, first: str, rest: Iterable[tuple[int, str | None]], param: str) -> Iterator[_Line]:
    """Yield the rows of a file whose first row is line `number`."""
    if not number:
        return
    for row in read_rows(chain([first], _require_text(rest, param)), param, start=number):
        yield _Line(row.line, row.value, row.problem)


def _require_text(lines: Iterable[tuple[int, str | None]], param: str) -> Iterator[str]:
    for number, text in lines:
        if text is None:
            raise InvalidDataset(number, "the line is not valid UTF-8; save the file as UTF-8 (in Excel, as 'CSV UTF-8').", param=param)
        yield text


class _Seen:
    """What the lines above have, to find what is written twice. Texts are kept as hashes, so that memory does not grow with them."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._questions: dict[bytes, tuple[int, str | None]] = {}

    def add(self, number: int, question: Question) -> None:
        """Add the question of a line.

        Raises:
            WrongLine: if a line above has the same id, or asks the same and is not of the same cluster.
        """
        line = self._ids.setdefault(question.id, number) if question.id is not None else number
        if line != number:
            raise WrongLine(f"line {line} already has the 'id' '{question.id}'; give each question its own id.")
        line, cluster = self._questions.setdefault(_hash_chat(question), (number, question.cluster))
        if line != number and (cluster is None or cluster != question.cluster):
            raise WrongLine(f"line {line} already has this question; delete one of them, or write the same 'cluster' in both.")


def _hash_chat(question: Question) -> bytes:
    text = "\n".join(f"{message.role}: {message.content}" for message in question.chat)
    normalized = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.blake2b(normalized.encode(), digest_size=16).digest()
