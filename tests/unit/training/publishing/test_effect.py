"""What a training changed: which text is scored, and what is said about the scores."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from services.training.planning.job_folder import JobFolder
from services.training.publishing.effect import MAX_SEQUENCES, MAX_TOKENS, choose_effect_samples, describe_effect, report_effect
from shared.records.database import Database
from shared.records.jobs import JobEvent
from shared.workers.job_context import JobContext
from tests.unit.training.cases import make_model_folder


def choose(path: Path, sequences: Iterable[dict[str, Any]]) -> tuple[JobFolder, dict[str, Any]]:
    """Choose samples for a job whose validation file has these sequences; return its folder and the samples."""
    folder = JobFolder(path)
    folder.tokens("validation").write_text("".join(json.dumps(sequence) + "\n" for sequence in sequences))
    choose_effect_samples(folder, make_model_folder(path / "model"))
    return folder, json.loads(folder.effect_samples.read_text())


def sequence_of(number: int, length: int = 10, answers: int = 1) -> dict[str, Any]:
    """Return a sequence of `length` tokens, all of them `number`, with answers of two tokens."""
    labels = [-100] * length
    for answer in range(answers):
        labels[3 * answer + 1 : 3 * answer + 3] = [number, number]
    return {"input_ids": [number] * length, "labels": labels}


def scores_of(loss: float, hits: float = 0.5, answers: int = 4) -> dict[str, float]:
    return {"tokens": 100, "answers": answers, "loss": loss, "mean_token_accuracy": hits, "exact_match": hits}


def test_a_small_validation_file_is_scored_whole(tmp_path: Path) -> None:
    _, written = choose(tmp_path, [sequence_of(7, answers=2), sequence_of(8)])
    assert written["samples"]["validation"] == [
        {"input_ids": [7] * 10, "learned": [1, 2, 4, 5]},
        {"input_ids": [8] * 10, "learned": [1, 2]},
    ]
    assert written["total_answers"] == 3


def test_of_a_large_file_a_sample_is_scored_which_is_the_same_for_every_job(tmp_path: Path) -> None:
    sequences = [sequence_of(number) for number in range(1000)]
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    samples = [choose(tmp_path / name, sequences)[1]["samples"]["validation"] for name in ("first", "second")]
    assert samples[0] == samples[1]
    chosen = [sample["input_ids"][0] for sample in samples[0]]
    assert (len(chosen), chosen) == (MAX_SEQUENCES, sorted(set(chosen)))
    assert min(chosen) < 100
    assert max(chosen) > 900


def test_of_long_sequences_few_are_scored_but_at_least_one(tmp_path: Path) -> None:
    for length, expected in ((2048, 4), (2 * MAX_TOKENS, 1)):
        (tmp_path / str(length)).mkdir()
        _, written = choose(tmp_path / str(length), [sequence_of(number, length) for number in range(20)])
        assert len(written["samples"]["validation"]) == expected


@pytest.mark.parametrize(
    "sequences",
    [[], [{"input_ids": [1, 2], "labels": [-100, -100]}], [{"input_ids": [[1, 2], [1, 3]], "labels": [[-100, 2], [-100, 3]]}]],
    ids=["no file", "no answers", "preference pairs"],
)
def test_without_answers_only_the_general_text_is_scored(tmp_path: Path, sequences: list[dict[str, Any]]) -> None:
    _, written = choose(tmp_path, sequences)
    assert written["samples"].keys() == {"general_text"}
    general = written["samples"]["general_text"]
    assert all(sample["learned"] == list(range(1, len(sample["input_ids"]))) for sample in general)


@pytest.mark.parametrize(
    ("after", "drift", "detail"),
    [
        (2.0, "none", "perplexity 7.4 -> 7.4, no sign of forgetting"),
        (1.5, "none", "perplexity 7.4 -> 4.5, no sign of forgetting"),
        (2.04, "none", "perplexity 7.4 -> 7.7, no sign of forgetting"),
        (2.06, "slight", "perplexity 7.4 -> 7.8, slight forgetting"),
        (2.3, "strong", "perplexity 7.4 -> 10.0, strong forgetting: fewer epochs or a lower learning rate"),
        (900.0, "strong", "perplexity 7.4 -> 2.7e+43, strong forgetting"),
    ],
)
def test_the_perplexity_of_the_general_text_says_what_was_forgotten(after: float, drift: str, detail: str) -> None:
    effect = describe_effect({"general_text": scores_of(2.0)}, {"general_text": scores_of(after)}, 0)
    assert (effect.validation, effect.general_text.drift, effect.general_text.tokens) == (None, drift, 100)
    assert effect.general_text.detail.startswith(detail)


def test_a_sample_says_of_how_many_answers_it_is() -> None:
    before, after = ({"validation": scores_of(loss, hits), "general_text": scores_of(2.0)} for loss, hits in ((3.25, 0.0), (1.5, 0.25)))
    effect = describe_effect(before, after, 400).validation
    assert effect
    assert effect.detail == "loss 3.25 -> 1.50, token accuracy 0% -> 25%, exact match 0% -> 25% (4 of 400 answers)"


def test_events_say_what_changed_and_warn_about_a_training_that_did_harm(tmp_path: Path, context: JobContext, database: Database) -> None:
    folder, _ = choose(tmp_path, [sequence_of(7)])
    before, after = ({"validation": scores_of(loss, answers=1), "general_text": scores_of(loss)} for loss in (2.0, 2.5))
    folder.effect.write_text(json.dumps({"before": before, "after": after}))
    effect = report_effect(context, folder)
    assert effect is not None
    validation = "loss 2.00 -> 2.50, token accuracy 50% -> 50%, exact match 50% -> 50% (1 answer); the training did not lower the loss"
    assert effect["validation"]["detail"] == validation
    assert list_events(database) == [
        ("warn", f"Validation file: {validation}"),
        ("warn", f"General text: {effect['general_text']['detail']}"),
    ]


def test_an_effect_that_could_not_be_measured_is_an_event(tmp_path: Path, context: JobContext, database: Database) -> None:
    folder, _ = choose(tmp_path, [])
    folder.effect.write_text(json.dumps({"problem": "OutOfMemoryError: no memory"}))
    assert report_effect(context, folder) is None
    assert list_events(database) == [
        ("warn", "The adapter is complete, but what the training changed could not be measured: OutOfMemoryError: no memory")
    ]


def test_a_training_that_measured_nothing_has_no_effect(tmp_path: Path, context: JobContext, database: Database) -> None:
    assert report_effect(context, JobFolder(tmp_path)) is None
    assert list_events(database) == []


def list_events(database: Database) -> list[tuple[str, str]]:
    with database.session() as session:
        return [(event.level, event.message) for event in session.query(JobEvent).order_by(JobEvent.number)]
