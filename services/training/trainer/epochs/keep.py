"""Keeps the adapters that may be published, each with what is shown of it: its log-probabilities of a few examples, and its answers.

    keep_epoch     at the end of an epoch: the weights, and answers if there is time for them
    write_result   at the end of the training: the job's result, and what is missing of the epochs that are published

With a validation file, every epoch may be the best, and there may be fifty short ones. So what only a published adapter needs is made at
the end, and answers take a small share of the time.
"""

import json
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from services.training.planning.job_folder import ANSWERS, SCORES, JobFolder, write_atomically
from services.training.trainer.epochs.adapters import find_epoch, write_epoch
from services.training.trainer.epochs.answers import AnswerTime, answer_questions
from services.training.trainer.epochs.log_probabilities import measure_log_probabilities
from services.training.trainer.epochs.validation import Validation, find_best, list_published
from services.training.trainer.messages import Message, Report


class AdapterKeeper:
    """Writes adapters to the job's folder. `has_validation` says whether there is a validation file. The training begins now."""

    def __init__(self, folder: JobFolder, tokenizer: Any, report: Report, *, has_validation: bool) -> None:
        self._folder = folder
        self._tokenizer = tokenizer
        self._report = report
        self._has_validation = has_validation
        self._time = AnswerTime()

    def keep_epoch(self, step: int, model: Any) -> None:
        """Keep the adapter at the end of an epoch. The training goes on with the same weights and random numbers."""
        write_epoch(self._folder.epochs, step, partial(self._write_epoch, step, model))
        model.train()

    def write_result(self, step: int, model: Any, validations: Sequence[Validation]) -> Validation | None:
        """Write the adapter of the best epoch, give the model its weights, and return its validation; None if the last one is best
        because there is no validation file. `step` is the training's last.

        A training that an older version began may not have kept the adapters of its first epochs.
        """
        kept = [validation for validation in validations if find_epoch(self._folder.epochs, validation.step).exists()]
        best = find_best(kept)
        if best is None:
            model.save_pretrained(self._folder.adapter)
            self._measure(model, self._folder.adapter)
            self._answer(step, model, self._folder.adapter)
            return None
        for validation in list_published(kept):
            self._load(model, validation.step)
            self._measure(model, find_epoch(self._folder.epochs, validation.step))
        source = self._load(model, best.step)
        if not (source / ANSWERS).exists():
            self._answer(best.step, model, source)
        shutil.copytree(source, self._folder.adapter, dirs_exist_ok=True)
        return best

    def _write_epoch(self, step: int, model: Any, target: Path) -> None:
        model.save_pretrained(target)
        if not self._has_validation:  # then the few epochs that are kept are all published
            self._measure(model, target)
        if self._time.is_left():
            self._answer(step, model, target)

    def _load(self, model: Any, step: int) -> Path:
        """Give the model the weights of an epoch; return the epoch's folder."""
        source = find_epoch(self._folder.epochs, step)
        model.load_adapter(str(source), model.active_adapter)
        return source

    def _measure(self, model: Any, target: Path) -> None:
        if self._folder.evidence_examples.exists():
            measure_log_probabilities(model, self._folder.evidence_examples, target / SCORES, self._folder.start)
            self._report(Message("alive"))

    def _answer(self, step: int, model: Any, target: Path) -> None:
        if not self._folder.questions.exists():
            return
        with self._time.spend():
            answers = answer_questions(model, self._tokenizer, self._folder.questions)
        if answers:
            write_atomically(target / ANSWERS, json.dumps(answers))
            self._report(Message("answers", {"step": step, "answers": answers}))
