"""A worker says at its start what a tracker lacks."""

import importlib.machinery

import pytest

from services.training.tracking import availability
from services.training.tracking.availability import find_problems

BOTH = {"WANDB_API_KEY": "key", "MLFLOW_TRACKING_URI": "http://mlflow"}


def test_trackers_that_are_set_up_have_no_problem() -> None:
    assert list(find_problems({"wandb", "mlflow"}, BOTH)) == []
    assert list(find_problems({"wandb"}, {"WANDB_MODE": "offline"})) == []
    assert list(find_problems(set(), {})) == []


def test_a_tracker_without_its_variables_is_named_with_the_remedy() -> None:
    mlflow, wandb = find_problems({"wandb", "mlflow"}, {"WANDB_API_KEY": ""})
    assert mlflow == (
        "MLflow is not set up for the training worker. Set MLFLOW_TRACKING_URI, or leave 'mlflow' out of TANDEM_INTEGRATIONS."
    )
    assert "WANDB_API_KEY, or WANDB_MODE=offline" in wandb


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_none(name: str) -> importlib.machinery.ModuleSpec | None:
        return None

    monkeypatch.setattr(availability, "find_spec", find_none)
    assert [problem.split("'")[1] for problem in find_problems({"wandb", "mlflow"}, BOTH)] == ["mlflow-skinny", "wandb"]
