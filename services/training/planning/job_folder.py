"""The work folder of one job: the paths of its files, and how files are written so that a crash never leaves an incomplete one.

Every step leaves its result here, so a worker that takes over the job continues where the last one stopped.
"""

import os
from dataclasses import dataclass
from pathlib import Path

ANSWERS = "answers.json"  # in an adapter's folder: its answers to the questions
SCORES = "scores.json"  # in an adapter's folder: the log-probabilities of the examples, in their order


@dataclass(frozen=True)
class JobFolder:
    """The files in a job's work folder."""

    path: Path

    @property
    def plan(self) -> Path:
        """The plan, as JSON."""
        return self.path / "plan.json"

    @property
    def execution(self) -> Path:
        """How the first attempt at the training computes, as JSON."""
        return self.path / "execution.json"

    @property
    def parallelism(self) -> Path:
        """By how many processes the job is trained together, as JSON."""
        return self.path / "parallelism.json"

    @property
    def checkpoints(self) -> Path:
        """Holds a folder for each attempt at the training, with `checkpoint-<step>` folders."""
        return self.path / "checkpoints"

    @property
    def start(self) -> Path:
        """The adapter whose training is continued; it does not exist if the base model is trained."""
        return self.path / "start"

    @property
    def adapter(self) -> Path:
        """The trained adapter, before it is published."""
        return self.path / "adapter"

    @property
    def epochs(self) -> Path:
        """Holds a `step-<number>` folder for each epoch whose adapter may be published: the adapter at the epoch's end."""
        return self.path / "epochs"

    @property
    def trained(self) -> Path:
        """The metrics of the training, as JSON, once it has ended and left everything that is published."""
        return self.path / "trained.json"

    @property
    def log(self) -> Path:
        """What the training process wrote to its standard error."""
        return self.path / "train.log"

    @property
    def steps(self) -> Path:
        """What the training process reported about its steps, one JSON object a line; steps may occur twice."""
        return self.path / "steps.jsonl"

    @property
    def event_file(self) -> Path:
        """The metrics of the steps for TensorBoard, once the training has ended."""
        return self.path / "events.out.tfevents"

    @property
    def evidence_examples(self) -> Path:
        """Examples whose log-probabilities the training process measures for each adapter that it keeps, as a JSON list."""
        return self.path / "examples.json"

    @property
    def effect_samples(self) -> Path:
        """Sequences of tokens that the training process scores to show what the training changed, as JSON."""
        return self.path / "effect-samples.json"

    @property
    def effect(self) -> Path:
        """The scores of these sequences before the training and after it, as JSON."""
        return self.path / "effect.json"

    @property
    def questions(self) -> Path:
        """Questions that the training process answers with each adapter that it keeps, as a JSON list."""
        return self.path / "questions.json"

    @property
    def memory_wait(self) -> Path:
        """What the job waits for while the GPU has too little free memory, as JSON."""
        return self.path / "memory-wait.json"

    def dataset(self, kind: str) -> Path:
        """The downloaded file; `kind` is `training` or `validation`."""
        return self.path / f"{kind}.jsonl"

    def tokens(self, kind: str) -> Path:
        """The encoded examples, one JSON object a line with `input_ids` and `labels`; for a preference pair, both are lists of two."""
        return self.path / f"{kind}-tokens.jsonl"

    def references(self, kind: str) -> Path:
        """For preference pairs: the log-probabilities of both answers before the training, as a JSON list of lists of two."""
        return self.path / f"{kind}-references.json"


def write_atomically(path: Path, text: str) -> None:
    """Write a file that appears only once it is complete."""
    partial = path.with_suffix(".part")
    partial.write_text(text)
    partial.replace(path)


def fsync(path: Path) -> None:
    """Return once the file's bytes, or the directory's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
