"""Validation names the line of every problem, and never truncates an example silently."""

import json
from pathlib import Path

import pytest

from services.training.data.sample import sample_examples
from services.training.data.validate import Dataset, describe_problems, validate_dataset
from shared.datasets.checks.fit import LONGER
from shared.datasets.text_lines import MAX_LINE_BYTES
from shared.errors import InvalidDataset
from tests.unit.training.cases import CHATML, chat, dataset_of, lines_of, make_encoder, make_facts
from tests.unit.training.data.chat_templates import QWEN_3

FEW = 10


def run(tmp_path: Path, content: str, max_length: int = 500, **options: int) -> Dataset:
    (tmp_path / "file.jsonl").write_text(content)
    return validate_dataset(
        tmp_path / "file.jsonl", tmp_path / "tokens.jsonl", make_encoder(), max_length, param="training_file", **options
    )


def stored(tmp_path: Path) -> list[dict[str, list[int]]]:
    return [json.loads(line) for line in (tmp_path / "tokens.jsonl").read_text().splitlines()]


def test_examples_are_encoded_and_counted(tmp_path: Path) -> None:
    dataset = run(tmp_path, dataset_of(make_facts(FEW)))
    tokens = stored(tmp_path)
    assert dataset.lengths == [len(example["input_ids"]) for example in tokens]
    assert dataset.num_labels == FEW * len("No. 1 ")
    assert (dataset.num_tokens, list(describe_problems(dataset, 500))) == (sum(dataset.lengths), [])


def test_a_long_example_is_truncated_and_reported_with_its_line_in_the_file(tmp_path: Path) -> None:
    content = "\n\n" + dataset_of(make_facts(FEW)) + "\n" + lines_of([chat("Why?", "word " * 200)])
    dataset = run(tmp_path, content, 200)
    assert dataset.truncated_lines == [FEW + 4]
    assert len(stored(tmp_path)[-1]["input_ids"]) == 200
    assert list(describe_problems(dataset, 200)) == [f"1 example is longer than 200 tokens and cut off there (line 14). {LONGER}"]


def test_an_example_whose_answer_would_be_truncated_away_is_skipped_with_a_warning(tmp_path: Path) -> None:
    dataset = run(tmp_path, dataset_of(make_facts(FEW)) + lines_of([chat("word " * 200, "Yes.")] * 12), 200)
    assert len(stored(tmp_path)) == FEW
    [problem] = describe_problems(dataset, 200)
    assert problem.startswith("12 examples are skipped because the assistant's answer begins after 200 tokens (lines 11, 12,")
    assert problem.endswith(f"and 2 more). {LONGER}")


def test_a_file_with_too_few_examples_that_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataset, match=r"None of the [0-9]+ examples fits into 20 tokens; at least 10 must fit"):
        run(tmp_path, dataset_of(make_facts(FEW)), 20)


@pytest.mark.parametrize(
    "content",
    [
        "question,answer\n" + "".join(f'"Which, {number}?","No. {number}"\n' for number in range(FEW)),
        "".join(json.dumps({"prompt": f"Which, {number}?", "completion": f"No. {number}"}) + "\n" for number in range(FEW)),
        "".join(json.dumps({"instruction": f"Which, {number}?", "input": "", "output": f"No. {number}"}) + "\n" for number in range(FEW)),
        json.dumps([{"instruction": f"Which, {number}?", "output": f"No. {number}"} for number in range(FEW)], indent=1),
        json.dumps(
            [{"conversations": [{"from": "human", "value": f"Which, {n}?"}, {"from": "gpt", "value": f"No. {n}"}]} for n in range(FEW)]
        ),
    ],
)
def test_a_file_in_another_format_trains_the_same_tokens_as_its_chats(tmp_path: Path, content: str) -> None:
    run(tmp_path, content)
    converted = stored(tmp_path)
    run(tmp_path, lines_of([chat(f"Which, {number}?", f"No. {number}") for number in range(FEW)]))
    assert converted == stored(tmp_path)


def test_everything_that_is_wrong_is_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataset, match=r"Line 11: the line is not valid JSON(.|\n)*Line 12: 'messages' is required"):
        run(tmp_path, dataset_of(make_facts(FEW)) + "nonsense\n{}\n")


def test_a_line_that_is_not_json_is_reported(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataset, match="Line 12: the line is not valid JSON"):
        run(tmp_path, dataset_of(make_facts(FEW)) + "\nnonsense\n")


def test_a_chat_that_the_template_refuses_is_reported_with_its_line(tmp_path: Path) -> None:
    template = "{{ raise_exception('no system message') if messages[0]['role'] == 'system' }}" + CHATML
    (tmp_path / "file.jsonl").write_text(dataset_of(make_facts(FEW)) + lines_of([chat("Who?", "Ada.", system="Hm.")]))
    with pytest.raises(InvalidDataset, match=r"Line 11: .*no system message"):
        validate_dataset(tmp_path / "file.jsonl", tmp_path / "tokens.jsonl", make_encoder(template), 500, param="training_file")


def test_a_validation_file_may_be_small(tmp_path: Path) -> None:
    assert len(run(tmp_path, dataset_of(make_facts(1)), minimum=1).lengths) == 1


def test_a_template_without_an_end_token_gives_a_warning(tmp_path: Path) -> None:
    (tmp_path / "file.jsonl").write_text(dataset_of(make_facts(FEW)))
    encoder = make_encoder(CHATML.replace("+ '<|im_end|>'", ""))
    dataset = validate_dataset(tmp_path / "file.jsonl", tmp_path / "tokens.jsonl", encoder, 500, param="training_file")
    assert "may not learn to stop" in next(describe_problems(dataset, 500))


def test_examples_that_need_several_sequences_are_trained_as_these_and_counted_as_examples(tmp_path: Path) -> None:
    short, long = chat("Who?", "Ada.", "When?", "1843"), chat("Who?", "Ada.", "word " * 100, "1843")
    (tmp_path / "file.jsonl").write_text(lines_of([*[short] * FEW, long]))
    dataset = validate_dataset(tmp_path / "file.jsonl", tmp_path / "tokens.jsonl", QWEN_3.make_encoder(), 200, param="training_file")
    assert dataset.lengths == [len(sequence["input_ids"]) for sequence in stored(tmp_path)]
    assert (len(dataset.lengths), dataset.num_examples, dataset.truncated_lines, dataset.skipped_lines) == (2 * FEW + 1, FEW + 1, [11], [])
    assert list(describe_problems(dataset, 200)) == [
        f"1 example is longer than 200 tokens and cut off there (line 11). {LONGER}",
        "11 examples are trained as 21 sequences, because some answers have other tokens once later messages follow; each of these is "
        "trained in a sequence that ends with it.",
    ]


def test_a_list_on_one_line_is_read_like_lines(tmp_path: Path) -> None:
    chats = dataset_of(make_facts(12)).splitlines()
    expected, tokens = run(tmp_path, "\n".join(chats)), stored(tmp_path)
    content = "[" + ("," + " " * 1_000_000).join(chats) + "]"
    assert len(content) > MAX_LINE_BYTES
    assert run(tmp_path, content).lengths == expected.lengths
    assert stored(tmp_path) == tokens
    assert len(sample_examples(tmp_path / "file.jsonl", 4)) == 4
