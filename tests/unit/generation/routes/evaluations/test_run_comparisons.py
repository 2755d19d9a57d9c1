"""Runs of an eval are compared through the API: which one is better, if chance does not explain the difference."""

from typing import Any

import httpx
import pytest

from shared.ids import new_id
from shared.records.evaluation.evals import EvalOutputItem
from tests.unit.generation.routes.evaluations.eval_setup import EvalSetup

WORSE, BETTER = ["pass"] * 10 + ["fail"] * 30, ["pass"] * 36 + ["fail"] * 4


def add_run(evals: EvalSetup, eval_id: str, name: str, statuses: list[str]) -> str:
    """Create a run that has completed, with an output item of each status; return its id."""
    run = evals.start(eval_id, name=name)
    with evals.database.session() as session:
        for number, status in enumerate(statuses):
            item = {"ticket": f"Nr. {number}", "label": "Hardware"}
            session.add(EvalOutputItem(job_id=run["id"], number=number, id=new_id("outputitem_"), created_at=5, status=status, item=item))
    evals.finish(run)
    run_id: str = run["id"]
    return run_id


def compare(evals: EvalSetup, eval_id: str, *run_ids: str) -> dict[str, Any]:
    response = evals.http.post(f"/v1/evals/{eval_id}/compare", json={"run_ids": run_ids})
    assert response.status_code == 200, response.text
    compared: dict[str, Any] = response.json()
    return compared


def test_a_run_that_passes_many_more_items_is_better(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    old, new = add_run(evals, eval_id, "alte Vorlage", WORSE), add_run(evals, eval_id, "neue Vorlage", BETTER)
    result = compare(evals, eval_id, old, new)
    assert (result["object"], result["outcome"], result["best"], result["items"]) == ("eval.run_comparison", "better", new, 40)
    assert result["not_shown_to_be_worse"] == [new]
    (pair,) = result["differences"]
    assert (pair["first"], pair["second"], pair["only_first"], pair["only_second"], pair["shown"]) == (old, new, 0, 26, True)
    assert pair["difference"] == pytest.approx(-0.65)
    assert pair["low"] < -0.65 < pair["high"] < 0
    assert result["text"].startswith("The pass rate of 'neue Vorlage' is 65.0 percentage points higher than that of 'alte Vorlage' (95%")
    rates = [run["pass_rate"] for run in result["runs"]]
    assert [(rate["rate"], rate["items"]) for rate in rates] == [(0.25, 40), (0.9, 40)]
    assert all(rate["low"] < rate["rate"] < rate["high"] for rate in rates)


def test_a_small_difference_is_not_shown(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    runs = [add_run(evals, eval_id, name, ["pass"] * count + ["fail"] * (40 - count)) for name, count in (("a", 20), ("b", 22))]
    result = compare(evals, eval_id, *runs)
    assert (result["outcome"], result["best"], result["not_shown_to_be_worse"]) == ("no_difference_shown", None, runs)
    assert result["text"].startswith("No difference shown: the pass rate of 'b' is 5.0 percentage points higher than that of 'a', but")


def test_of_several_runs_the_best_must_be_better_than_each(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    runs = [add_run(evals, eval_id, "same name", statuses) for statuses in (WORSE, BETTER, BETTER)]
    result = compare(evals, eval_id, *runs)
    assert (result["outcome"], result["not_shown_to_be_worse"], len(result["differences"])) == ("no_difference_shown", runs[1:], 3)
    assert result["text"].endswith(f"Not shown to be worse than any other: '{runs[1]}', '{runs[2]}'.")
    assert compare(evals, eval_id, runs[0], runs[1])["outcome"] == "better"


def test_too_few_items_show_nothing(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    runs = [add_run(evals, eval_id, name, [status] * 9 + ["error"]) for name, status in (("a", "pass"), ("b", "fail"))]
    result = compare(evals, eval_id, *runs)
    assert (result["outcome"], result["items"], result["left_out"]) == ("too_few", 9, 1)
    assert result["text"] == "Too few items: 9 can be compared, and at least 10 are needed to show a difference."
    assert not result["differences"][0]["shown"]


def test_only_completed_runs_of_the_eval_can_be_compared(evals: EvalSetup) -> None:
    eval_id, other = evals.create()["id"], evals.create()["id"]
    run, foreign, waiting = add_run(evals, eval_id, "a", WORSE), add_run(evals, other, "b", BETTER), evals.start(eval_id)["id"]
    for run_ids, status, param in (
        ([run, foreign], 404, "run_ids[1]"),
        ([waiting, run], 409, "run_ids[0]"),
        ([run], 400, "run_ids"),
        ([run, run], 400, "run_ids"),
        ([run] * 11, 400, "run_ids"),
    ):
        response = evals.http.post(f"/v1/evals/{eval_id}/compare", json={"run_ids": run_ids})
        assert (response.status_code, response.json()["error"]["param"]) == (status, param), response.text


def test_an_eval_that_does_not_exist_is_a_404(http: httpx.Client) -> None:
    response = http.post("/v1/evals/eval_none/compare", json={"run_ids": ["a", "b"]})
    assert (response.status_code, response.json()["error"]["param"]) == (404, "eval_id")
