"""The questions that the model answers at each checkpoint: which, and as which tokens."""

import json
from pathlib import Path

from services.training.planning.job_folder import JobFolder
from services.training.publishing.answers import choose_questions, read_answers
from tests.unit.training.cases import END, chat, dataset_of, lines_of, make_encoder, make_facts, make_pairs, make_tokenizer, pairs_of


def questions_of(folder: JobFolder) -> list[tuple[str, str, str, bool]]:
    """Choose questions; return what is shown of each, the texts of its prompt and expected answer, and whether that ends."""
    choose_questions(folder, make_encoder())
    tokenizer = make_tokenizer()
    return [
        (
            each["prompt"],
            *(tokenizer.decode(each[name], skip_special_tokens=False) for name in ("input_ids", "expected_ids")),
            each["ends"],
        )
        for each in json.loads(folder.questions.read_text())
    ]


def test_the_prompt_ends_where_the_assistant_begins_and_the_answer_with_its_end_token(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    folder.dataset("training").write_text(lines_of([chat("One?", "Un.", "Two?", "Deux \u2764.", system="In French")] * 10))
    [first, *_] = found = questions_of(folder)
    assert len(found) == 3
    assert first[0] == "Two?"
    assert first[1].endswith("Un.<|im_end|>\n<|im_start|>user\nTwo?<|im_end|>\n<|im_start|>assistant\n")
    assert first[2:] == (f"Deux \u2764.{END}", True)


def test_questions_are_taken_from_the_validation_file_if_there_is_one(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    folder.dataset("training").write_text(dataset_of(make_facts(12)))
    folder.dataset("validation").write_text(dataset_of({"Who?": "Me."}))
    assert [each[0] for each in questions_of(folder)] == ["Who?"]


def test_a_prompt_that_takes_too_long_is_left_out(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    folder.dataset("training").write_text(dataset_of({"a" * 990: "b", "c" * 2000: "d"}))
    assert [each[0] for each in questions_of(folder)] == ["a" * 990]


def test_of_a_preference_pair_the_preferred_answer_is_expected(tmp_path: Path) -> None:
    folder = JobFolder(tmp_path)
    folder.dataset("training").write_text(pairs_of(make_pairs(1)))
    assert [each[2] for each in questions_of(folder)] == [f"No. 0{END}"]


def test_an_adapter_of_an_older_version_has_no_answers(tmp_path: Path) -> None:
    assert read_answers(tmp_path) == []
