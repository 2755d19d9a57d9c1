import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from lxml import html

SAMPLE = Path(__file__).parents[3] / "deploy" / "local" / "sample"
DOCUMENTS = SAMPLE / "documents"
NAMES = (
    "Tarnwick",
    "Fennimark",
    "Weirhouse",
    "Skerry",
    "Plover",
    "Pocket Weir",
    "Aldersund",
    "Port Melrick",
    "Castrovelo",
    "Himorie",
    "buoy",
)
PASSAGE = r"\[{number}\] [^\n\u203a]+ \u203a [^\n\u203a]+\n(?:[^\n]+\n)+"
HEAD = "Answer the question from the numbered passages."


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines()]


def _words(text: str) -> str:
    return " ".join(text.split())


@cache
def _text(name: str) -> str:
    path = DOCUMENTS / name
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as pdf:
            return _words(" ".join(page.get_textpage().get_text_range() for page in pdf))
    if path.suffix == ".docx":
        return _words(" ".join(_docx_texts(path)))
    source = path.read_text(encoding="utf-8")
    return _words(" ".join(html.fromstring(source).itertext()) if path.suffix == ".html" else source)


def _docx_texts(path: Path) -> Iterator[str]:
    document = docx.Document(str(path))
    yield from (paragraph.text for paragraph in document.paragraphs)
    yield from (cell.text for table in document.tables for row in table.rows for cell in row.cells)


def _found(phrase: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


def _with_passages() -> list[str]:
    users = [example["messages"][0]["content"] for example in _lines("train.jsonl")]
    return [user for user in users if user.startswith(HEAD)]


def test_the_handbook_has_at_least_25_documents_in_four_formats() -> None:
    formats = Counter(path.suffix for path in DOCUMENTS.iterdir())
    assert sum(formats.values()) >= 25
    assert set(formats) == {".md", ".html", ".pdf", ".docx"}
    assert min(formats.values()) >= 4


def test_every_document_is_small_and_has_200_words_or_more() -> None:
    for path in DOCUMENTS.iterdir():
        assert path.stat().st_size < 60_000, path.name
        assert len(_text(path.name).split()) >= 200, path.name


def test_pdf_documents_have_several_pages() -> None:
    lengths = []
    for path in DOCUMENTS.glob("*.pdf"):
        with pypdfium2.PdfDocument(path) as pdf:
            lengths.append(len(pdf))
    assert sum(length >= 2 for length in lengths) >= 2


def test_every_built_document_has_its_source_text() -> None:
    built = {path.name for path in DOCUMENTS.iterdir() if path.suffix in {".pdf", ".docx"}}
    assert {path.stem for path in (SAMPLE / "sources").glob("*.md")} == built


def test_there_are_at_least_60_questions_with_unique_ids_and_wordings() -> None:
    questions = _lines("questions.jsonl")
    assert len(questions) >= 60
    assert len({question["id"] for question in questions}) == len(questions)
    assert len({question["question"] for question in questions}) == len(questions)


def test_questions_ask_about_every_document() -> None:
    assert {question["source"] for question in _lines("questions.jsonl")} == {path.name for path in DOCUMENTS.iterdir()}


@pytest.mark.parametrize("question", _lines("questions.jsonl"), ids=lambda question: question["id"])
def test_the_answer_stands_in_its_document_and_not_in_the_question(question: dict[str, Any]) -> None:
    assert set(question) == {"id", "question", "answers", "source"}
    first = question["answers"][0]
    assert 1 <= len(first.split()) <= 5
    assert _found(first, _text(question["source"]))
    assert not _found(first.lower(), question["question"].lower())


def test_every_training_line_is_a_question_and_a_short_answer() -> None:
    examples = _lines("train.jsonl")
    assert len(examples) >= 120
    for example in examples:
        assert set(example) == {"messages"}
        assert [message["role"] for message in example["messages"]] == ["user", "assistant"]
        assert all(set(message) == {"role", "content"} for message in example["messages"])
        answer = example["messages"][1]["content"]
        assert 1 <= len(answer.split()) <= 5
        assert not answer.endswith(".")


def test_no_training_example_is_repeated() -> None:
    users = [example["messages"][0]["content"] for example in _lines("train.jsonl")]
    assert len(set(users)) == len(users)


def test_training_data_has_no_held_out_answer_and_no_name_of_the_handbook() -> None:
    training = "\n".join(message["content"] for example in _lines("train.jsonl") for message in example["messages"])
    answers = {answer for question in _lines("questions.jsonl") for answer in question["answers"]}
    distinctive = {answer for answer in answers if len(answer) >= 4 and not answer.isdecimal()}
    assert len(distinctive) >= 60
    assert [phrase for phrase in (*NAMES, *sorted(distinctive)) if _found(phrase.lower(), training.lower())] == []


def test_training_passages_follow_the_template_of_the_prompt() -> None:
    users = _with_passages()
    assert len(users) >= 100
    for user in users:
        count = len(re.findall(r"^\[\d\] ", user, flags=re.MULTILINE))
        passages = "\n".join(PASSAGE.replace("{number}", str(number)) for number in range(1, count + 1))
        assert 1 <= count <= 3
        assert re.fullmatch(rf"{re.escape(HEAD)}\n\n<passages>\n{passages}</passages>\n\nQuestion: [^\n]+\?", user), user


def test_training_answers_are_copied_from_a_passage() -> None:
    for example in _lines("train.jsonl"):
        user, answer = (message["content"] for message in example["messages"])
        assert not user.startswith(HEAD) or _found(answer, user.rpartition("\n\nQuestion: ")[0]), user
