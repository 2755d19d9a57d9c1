"""Reads the questions of a file, and recognizes questions that are asked again."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from itertools import islice

from services.generation.evaluations.comparisons.from_eval import convert_rows
from services.generation.evaluations.project import Project
from shared.contracts.comparisons import EvalQuestions
from shared.datasets import Question, read_questions
from shared.errors import InvalidRequest

PARAM = "questions_file"
ROWS = "rows.jsonl"
MAX_QUESTIONS = 20_000
MAX_BYTES = 64 * 1024 * 1024  # the questions are kept in memory and stored in one transaction


def read_questions_file(file_id: str, project: Project, mapping: EvalQuestions | None = None) -> list[Question]:
    """Return the questions of a file; with `mapping`, its lines are rows of an eval.

    Raises:
        InvalidRequest: if the file does not exist or is too large.
        InvalidDataset: if a line of the file is invalid.
    """
    file = project.inputs.find_file(file_id, PARAM)
    if file.bytes > MAX_BYTES:
        problem = f"The questions file must not be larger than {MAX_BYTES // 2**20} MiB; '{file_id}' has {file.bytes:,} bytes."
        raise InvalidRequest(problem, param=PARAM, code="file_too_large")
    with project.inputs.lines(file_id, PARAM) as lines:
        found = read_questions(convert_rows(lines, mapping, PARAM), ROWS) if mapping else read_questions(lines, file.filename)
        questions = list(islice(found, MAX_QUESTIONS + 1))
    check_number(len(questions))
    return questions


def check_number(questions: int) -> None:
    """Raise InvalidRequest if a comparison would have too many questions."""
    if questions > MAX_QUESTIONS:
        raise InvalidRequest(f"A comparison can have at most {MAX_QUESTIONS:,} questions.", param=PARAM, code="too_many_questions")


def identify(question: Question) -> str:
    """Return the same string for two questions exactly if they ask the same, but for case and white space."""
    chat = [(message.role, _normalize(message.content)) for message in question.chat]
    return hashlib.sha256(json.dumps(chat).encode()).hexdigest()


def hash_questions(questions: Iterable[Question]) -> str:
    """Return the same string for two lists of questions exactly if they ask the same, in any order."""
    return hashlib.sha256("\n".join(sorted(map(identify, questions))).encode()).hexdigest()


def _normalize(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
