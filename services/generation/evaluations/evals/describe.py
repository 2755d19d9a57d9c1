"""Evals, runs and output items as the API shows them."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from services.generation.evaluations.evals.item_schema import describe_schema
from services.generation.evaluations.evals.sign_report import make_link
from services.generation.evaluations.evals.start_run import read_config
from services.generation.evaluations.evals.store import STATUSES, Counts, RunDetails
from shared.contracts.evals.evals import Eval
from shared.contracts.evals.output_items import OutputItem
from shared.contracts.evals.runs import ResultCounts, Run, RunError, RunResult, RunStatus
from shared.records.evaluation.evals import EvalOutputItem, StoredEval, put_rows
from shared.records.jobs import Job

SHOWN: dict[str, RunStatus] = {stored: shown for shown, names in STATUSES.items() for stored in names}


def describe_eval(row: StoredEval) -> Eval:
    """Return an eval as the API shows it."""
    config = read_config(row.data_source_config)
    shown: dict[str, Any] = {"type": config.type, "schema": describe_schema(config)}
    if "metadata" in row.data_source_config:
        shown["metadata"] = row.data_source_config["metadata"]
    return Eval(
        id=row.id,
        created_at=row.created_at,
        name=row.name,
        data_source_config=shown,
        testing_criteria=row.testing_criteria,
        metadata=row.metadata_,
    )


def describe_runs(runs: Sequence[Job], details: Mapping[str, RunDetails], base_url: str) -> list[Run]:
    """Return runs as the API shows them."""
    now = time.time()
    return [describe_run(run, details[run.id], base_url, now) for run in runs]


def describe_run(run: Job, details: RunDetails, base_url: str, now: float) -> Run:
    """Return a run as the API shows it; `base_url` is that of the front door in links, and `now` the time."""
    spec = run.spec  # as a `RunSpec`, but not read again: it may have 10,000 rows
    result = RunResult.model_validate(run.result) if run.result else None
    return Run(
        id=run.id,
        created_at=run.created_at,
        eval_id=spec["eval_id"],
        name=spec["name"],
        model=spec["data_source"].get("model"),
        status=SHOWN[run.status],
        data_source=put_rows(spec["data_source"], details.rows),
        error=RunError(code=run.error["code"] or "error", message=run.error["message"]) if run.error else None,
        metadata=spec["metadata"],
        per_model_usage=result.per_model_usage if result else None,
        per_testing_criteria_results=result.per_testing_criteria_results if result else None,
        report_url=make_link(base_url, spec["eval_id"], run.id, spec.get("report_secret", ""), now),
        result_counts=result.result_counts if result else _count(details.counts),
        stage=SHOWN.get(run.stage, run.stage),
        percent=run.percent,
        pass_rate=result.pass_rate if result else None,
    )


def _count(counts: Counts) -> ResultCounts:
    passed, failed, errored = (counts.get(status, 0) for status in ("pass", "fail", "error"))
    return ResultCounts(total=passed + failed + errored, passed=passed, failed=failed, errored=errored)


def describe_item(row: EvalOutputItem, eval_id: str) -> OutputItem:
    """Return an output item as the API shows it."""
    return OutputItem(
        id=row.id,
        created_at=row.created_at,
        run_id=row.job_id,
        eval_id=eval_id,
        status=row.status,
        datasource_item_id=row.number,
        datasource_item=row.item,
        results=row.results or [],
        sample=row.sample,
    )
