"""Runs of an eval that are compared with each other. An extension: OpenAI has none."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, field_validator

from shared.contracts.evals.runs import PassRate
from shared.contracts.wire import Id, Request

MAX_RUNS = 10
Outcome = Literal["better", "no_difference_shown", "too_few"]


class RunComparisonCreate(Request):
    """Body of `POST /v1/evals/{eval_id}/compare`: runs of the eval that have completed."""

    run_ids: Annotated[list[Id], Field(min_length=2, max_length=MAX_RUNS)]

    @field_validator("run_ids")
    @classmethod
    def _refuse_repetitions(cls, value: list[str]) -> list[str]:
        repeated = next((run_id for place, run_id in enumerate(value) if run_id in value[:place]), None)
        if repeated is not None:
            raise ValueError(f"must not contain the same run twice; got '{repeated}' twice")
        return value


class ComparedRun(BaseModel):
    """One of the runs. Its pass rate is that of the items that are compared, with the 95% interval of this run alone."""

    run_id: str
    name: str
    model: str | None
    pass_rate: PassRate


class RunDifference(BaseModel):
    """The pass rate of the run `first` minus that of the run `second`, and its interval. `shown` is true if the interval excludes 0.

    The intervals hold for all pairs of runs together, at 95%. `only_first` counts the items that passed only in the first run,
    `only_second` those that passed only in the second.
    """

    first: str
    second: str
    only_first: int
    only_second: int
    difference: float
    low: float
    high: float
    shown: bool


class RunComparison(BaseModel):
    """What the runs show.

    `items` counts the items that are compared: those that all runs have and could grade. `left_out` counts the others. `best` is the run
    that is shown to be better than all others, null if there is none. `not_shown_to_be_worse` lists the runs that no other run is shown to
    be better than.
    """

    object: Literal["eval.run_comparison"] = "eval.run_comparison"
    eval_id: str
    outcome: Outcome
    text: str
    best: str | None
    not_shown_to_be_worse: list[str]
    items: int
    left_out: int
    runs: list[ComparedRun]
    differences: list[RunDifference]
