"""Validation: what is wrong is named by line, what is too long is never cut in silence."""

import json
from pathlib import Path

import pytest

from services.training.data.validate import Dataset, choose_probes, describe_problems, validate
from shared.errors import InvalidDataset
from tests.unit.training.cases import CHATML, chat, dataset_of, lines_of, make_encoder, make_facts

FEW = 10


def run(tmp_path: Path, content: str, max_length: int = 500, **options: int) -> Dataset:
    (tmp_path / "file.jsonl").write_text(content)
    return validate(tmp_path / "file.jsonl", tmp_path / "tokens.jsonl", make_encoder(), max_length, param="training_file", **options)


def stored(tmp_path: Path) -> list[dict[str, list[int]]]:
    return [json.loads(line) for line in (tmp_path / "tokens.jsonl").read_text().splitlines()]


def test_examples_are_encoded_and_counted(tmp_path: Path) -> None:
    dataset = run(tmp_path, dataset_of(make_facts(FEW)))
    tokens = stored(tmp_path)
    assert dataset.lengths == [len(example["input_ids"]) for example in tokens]
    assert dataset.learned_tokens == FEW * len("No. 1 ")
    assert (dataset.tokens, list(describe_problems(dataset, 500))) == (sum(dataset.lengths), [])


def test_a_long_example_is_cut_and_named_by_its_line_in_the_file(tmp_path: Path) -> None:
    content = "\n\n" + dataset_of(make_facts(FEW)) + "\n" + lines_of([chat("Why?", "word " * 200)])
    dataset = run(tmp_path, content, 200)
    assert dataset.cut == [FEW + 4]
    assert len(stored(tmp_path)[-1]["input_ids"]) == 200
    assert list(describe_problems(dataset, 200)) == ["1 example is longer than 200 tokens and cut off there (line 14)."]


def test_an_example_whose_answer_would_be_cut_away_is_left_out_with_a_warning(tmp_path: Path) -> None:
    dataset = run(tmp_path, dataset_of(make_facts(FEW)) + lines_of([chat("word " * 200, "Yes.")] * 12), 200)
    assert len(stored(tmp_path)) == FEW
    [problem] = describe_problems(dataset, 200)
    assert problem.startswith("12 examples are left out: the assistant's answer begins after 200 tokens (lines 11, 12,")
    assert problem.endswith("and 2 more).")


def test_a_file_of_which_too_little_is_left_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataset, match="only 0 examples fit into 20 tokens; at least 10 are needed"):
        run(tmp_path, dataset_of(make_facts(FEW)), 20)


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataset, match="line 12: is not JSON"):
        run(tmp_path, dataset_of(make_facts(FEW)) + "\nnonsense\n")


def test_a_chat_that_the_template_refuses_is_named_by_its_line(tmp_path: Path) -> None:
    template = "{{ raise_exception('no system message') if messages[0]['role'] == 'system' }}" + CHATML
    (tmp_path / "file.jsonl").write_text(dataset_of(make_facts(FEW)) + lines_of([chat("Who?", "Ada.", system="Hm.")]))
    with pytest.raises(InvalidDataset, match=r"line 11: .*no system message"):
        validate(tmp_path / "file.jsonl", tmp_path / "tokens.jsonl", make_encoder(template), 500, param="training_file")


def test_a_validation_file_may_be_small(tmp_path: Path) -> None:
    assert len(run(tmp_path, dataset_of(make_facts(1)), minimum=1).lengths) == 1


def test_a_template_without_an_end_token_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "file.jsonl").write_text(dataset_of(make_facts(FEW)))
    encoder = make_encoder(CHATML.replace("+ '<|im_end|>'", ""))
    dataset = validate(tmp_path / "file.jsonl", tmp_path / "tokens.jsonl", encoder, 500, param="training_file")
    assert "may not learn to stop" in next(describe_problems(dataset, 500))


def test_probes_are_spread_over_the_file_and_keep_their_answers(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text(dataset_of(make_facts(20)))
    probes = choose_probes(path, 4)
    assert [probe["expected"] for probe in probes] == ["No. 2", "No. 7", "No. 12", "No. 17"]
    assert probes[0]["messages"] == [{"role": "user", "content": "What is the number of thing 2?"}]
    assert len(choose_probes(path, 100)) == 20
