"""A run in MLflow. The only home of `mlflow`, which reads its address and credentials from `MLFLOW_…` in the environment.

A run is found again by a tag with its key: MLflow chooses the ids of runs itself.
"""

import time
from collections.abc import Iterator, Sequence

import mlflow
from mlflow.entities import Experiment, Metric, Param, Run, RunTag
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from services.training.tracking.errors import hide_credentials
from services.training.tracking.messages import Outcome, RunDescription, TrackerMessage
from services.training.tracking.step_file import NewSteps, StepMetrics

KEY = "tandem.run"
MAX_METRICS = 1000  # in a call
MAX_VALUE = 6000  # characters of a parameter
STATUSES = {"succeeded": "FINISHED", "failed": "FAILED", "cancelled": "KILLED", "paused": "SCHEDULED"}


class MlflowRun:
    """A run that is open. If the job had it before, it is continued."""

    def __init__(self, description: RunDescription) -> None:
        self._client = MlflowClient()
        self._experiment = _open_experiment(self._client, description.options["experiment"])
        self._run = _find(self._client, self._experiment, description.key) or _create(self._client, self._experiment, description)
        self._client.update_run(self._run.info.run_id, status="RUNNING")

    def describe_place(self) -> TrackerMessage:
        """Return where the run is."""
        address, run_id = hide_credentials(mlflow.get_tracking_uri()).rstrip("/"), self._run.info.run_id
        url = f"{address}/#/experiments/{self._experiment.experiment_id}/runs/{run_id}" if address.startswith("http") else None
        return TrackerMessage("started", f"run '{run_id}' in the experiment '{self._experiment.name}'", url)

    def find_new(self) -> NewSteps:
        """Return what the run does not have."""
        run_id = self._run.info.run_id
        histories = {name: self._client.get_metric_history(run_id, name) for name in self._run.data.metrics}
        return NewSteps(-1, {name: max(metric.step for metric in history) for name, history in histories.items() if history})

    def report(self, steps: Sequence[StepMetrics]) -> None:
        """Add steps to the run, at the times when they were measured."""
        metrics = [metric for each in steps for metric in _list_metrics(each)]
        for start in range(0, len(metrics), MAX_METRICS):
            self._client.log_batch(self._run.info.run_id, metrics=metrics[start : start + MAX_METRICS])

    def finish(self, outcome: Outcome) -> None:
        """Store how the job ended."""
        run_id, facts = self._run.info.run_id, {"status": outcome.status, **outcome.summary}
        tags = [RunTag(f"tandem.{name}", str(value)[:MAX_VALUE]) for name, value in facts.items()]
        self._client.log_batch(run_id, tags=tags)
        if outcome.status == "paused":
            self._client.update_run(run_id, status=STATUSES["paused"])
        else:
            self._client.set_terminated(run_id, STATUSES[outcome.status])


def _list_metrics(step: StepMetrics) -> Iterator[Metric]:
    for name, value in step.values.items():
        yield Metric(name, value, int(1000 * (step.time or time.time())), step.step)


def _open_experiment(client: MlflowClient, name: str) -> Experiment:
    """Return the experiment, which another worker may create at the same moment."""
    if found := client.get_experiment_by_name(name):
        return found
    try:
        return client.get_experiment(client.create_experiment(name))
    except MlflowException:
        if found := client.get_experiment_by_name(name):
            return found
        raise


def _find(client: MlflowClient, experiment: Experiment, key: str) -> Run | None:
    found = client.search_runs([experiment.experiment_id], f"tags.`{KEY}` = '{key}'", max_results=1)
    return found[0] if found else None


def _create(client: MlflowClient, experiment: Experiment, description: RunDescription) -> Run:
    options = description.options
    own = {KEY: description.key, "tandem.job": description.job_id, "tandem.base": description.base}
    name = options["run_name"] or description.job_id
    run = client.create_run(experiment.experiment_id, tags={**(options["tags"] or {}), **own}, run_name=name)
    params = [Param(name, str(value)[:MAX_VALUE]) for name, value in description.config.items()]
    client.log_batch(run.info.run_id, params=params)
    return run
