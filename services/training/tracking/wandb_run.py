"""A run in Weights & Biases. The only home of `wandb`, which reads its key and address from `WANDB_…` in the environment.

Only what a training reports is sent: no code, no output, and nothing about this machine.
"""

import os
from collections.abc import Sequence
from typing import Any

import wandb

from services.training.tracking.messages import Outcome, RunDescription, TrackerMessage
from services.training.tracking.step_file import NewSteps, StepMetrics

START_SECONDS = 60.0
MAX_TAG = 64  # characters
EXIT_CODES = {"succeeded": 0, "paused": 0, "failed": 1, "cancelled": 255}  # the last is what it shows as killed


class WandbRun:
    """A run that is open. If the job had it before, it is continued."""

    def __init__(self, description: RunDescription) -> None:
        options = description.options
        tags = [*(options["tags"] or ()), *(tag[:MAX_TAG] for tag in description.tags)]
        self._run: Any = wandb.init(
            project=options["project"],
            entity=options["entity"],
            name=options["name"] or description.job_id,
            id=description.key,
            resume="allow",
            tags=list(dict.fromkeys(tags)),
            config=description.config,
            settings=make_settings(),
        )
        self._place = f"run '{description.key}' in the project '{options['project']}'"

    def describe_place(self) -> TrackerMessage:
        """Return where the run is."""
        if self._run.offline:
            return TrackerMessage("started", f"{self._place}, kept on the worker until `wandb sync` sends it")
        return TrackerMessage("started", self._place, self._run.url)

    def find_new(self) -> NewSteps:
        """Return what the run does not have. It never takes a step lower than its last."""
        return NewSteps(self._run.step - 1, {})

    def report(self, steps: Sequence[StepMetrics]) -> None:
        """Add steps to the run. What is reported for the same step later is added to it."""
        for each in steps:
            self._run.log(each.values, step=each.step)

    def finish(self, outcome: Outcome) -> None:
        """Send the rest, and close the run."""
        self._run.summary.update({"status": outcome.status, **outcome.summary})
        self._run.finish(exit_code=EXIT_CODES[outcome.status])


def make_settings() -> wandb.Settings:
    """Return the client's settings beside those in the environment."""
    return wandb.Settings(
        root_dir=os.environ["WANDB_DIR"],
        console="off",
        silent=True,
        allow_val_change=True,
        disable_code=True,
        disable_git=True,
        save_code=False,
        init_timeout=START_SECONDS,
        x_disable_stats=True,
        x_disable_meta=True,
        x_disable_machine_info=True,
        x_save_requirements=False,
    )
