"""Compares runs of an eval, paired by their items: is the new prompt better, or may chance explain the difference?

check the runs ──▶ pair their items ──▶ compare their pass rates ──▶ conclude
"""

from services.generation.contracts.eval_comparisons import ComparedRun, RunComparison, RunDifference
from services.generation.evaluations.evals.comparison.conclude import conclude
from services.generation.evaluations.evals.comparison.pair_items import PairedItems, pair_items, read_grades
from services.generation.evaluations.evals.store import EvalStore
from shared.contracts.evals.runs import PassRate
from shared.errors import Conflict, NotFound
from shared.records.jobs import Job
from shared.statistics.pass_rates import compare_pass_rates
from shared.statistics.wilson import wilson_interval


def compare_runs(project_id: str, eval_id: str, run_ids: list[str], evals: EvalStore) -> RunComparison:
    """Return what the runs show.

    Raises:
        NotFound: if the project has no such eval, or the eval has no such run.
        Conflict: if a run has not completed.
    """
    runs = [_find_completed(project_id, eval_id, run_id, place, evals) for place, run_id in enumerate(run_ids)]
    with evals.database.session() as session:
        paired = pair_items([read_grades(session, run_id) for run_id in run_ids])
    differences = _measure(run_ids, paired)
    conclusion = conclude(_name(runs), differences, len(paired.passed))
    return RunComparison(
        eval_id=eval_id,
        outcome=conclusion.outcome,
        text=conclusion.text,
        best=conclusion.best,
        not_shown_to_be_worse=conclusion.unbeaten,
        items=len(paired.passed),
        left_out=paired.left_out,
        runs=_describe(runs, paired),
        differences=differences,
    )


def _measure(run_ids: list[str], paired: PairedItems) -> list[RunDifference]:
    return [
        RunDifference(
            first=run_ids[pair.first],
            second=run_ids[pair.second],
            only_first=pair.only_first,
            only_second=pair.only_second,
            difference=pair.difference,
            low=pair.low,
            high=pair.high,
            shown=pair.shown,
        )
        for pair in compare_pass_rates(paired.passed)
    ]


def _find_completed(project_id: str, eval_id: str, run_id: str, place: int, evals: EvalStore) -> Job:
    evals.find(project_id, eval_id)
    param = f"run_ids[{place}]"
    try:
        run = evals.find_run(project_id, eval_id, run_id)
    except NotFound as error:
        raise NotFound(f"The eval '{eval_id}' has no run '{run_id}'.", param=param) from error
    if run.status != "succeeded":
        problem = f"The run '{run_id}' has not completed, so it cannot be compared."
        remedy = "Leave it out, or wait until it has completed, if it is still in progress."
        raise Conflict(f"{problem} {remedy}", param=param, code="run_not_completed")
    return run


def _describe(runs: list[Job], paired: PairedItems) -> list[ComparedRun]:
    items, passed = len(paired.passed), paired.passed.sum(axis=0)
    return [
        ComparedRun(run_id=run.id, name=run.spec["name"], model=run.spec["data_source"].get("model"), pass_rate=_rate(int(count), items))
        for run, count in zip(runs, passed, strict=True)
    ]


def _rate(passed: int, items: int) -> PassRate:
    low, high = wilson_interval(passed, items)
    return PassRate(rate=passed / items if items else 0.0, low=low, high=high, items=items)


def _name(runs: list[Job]) -> dict[str, str]:
    """Return what each run is called: its name, or its id if another has the same name."""
    names = [str(run.spec["name"]) for run in runs]
    return {run.id: name if name and names.count(name) == 1 else run.id for run, name in zip(runs, names, strict=True)}
