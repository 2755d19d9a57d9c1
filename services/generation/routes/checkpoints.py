"""`/v1/fine_tuning/jobs/{job_id}/checkpoints`: the models after the last epochs of a job, and the best."""

from fastapi import APIRouter

from services.generation.contracts.fine_tuning import FineTuningJobCheckpoint
from services.generation.dependencies import JobsDep, PageRequestDep, ProjectDep
from shared.contracts.paging import Page
from shared.records.jobs import FINE_TUNING
from shared.records.models.adapters import Adapter
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/fine_tuning/jobs/{job_id}/checkpoints", tags=["fine-tuning"], route_class=JsonRoute)


@router.get("")
def list_fine_tuning_checkpoints(job_id: str, project: ProjectDep, jobs: JobsDep, page: PageRequestDep) -> Page[FineTuningJobCheckpoint]:
    """List the checkpoints of a job, newest first: one for each of its last three epochs and the best, once the job has succeeded."""
    job = jobs.store.find(FINE_TUNING, project, job_id)
    page_slice = jobs.models.list_checkpoints(job.id, page)
    return Page[FineTuningJobCheckpoint].of([_describe(row) for row in page_slice.rows], page_slice.has_more)


def _describe(row: Adapter) -> FineTuningJobCheckpoint:
    """Return an adapter as the API shows it. One that was published before its step's metrics were kept has none."""
    measured = row.manifest.get("step_metrics") or {}
    full = {f"full_{name}": measured[name] for name in ("valid_loss", "valid_mean_token_accuracy") if name in measured}
    fields = {
        "id": row.checkpoint_id,
        "created_at": row.created_at,
        "fine_tuned_model_checkpoint": row.name,
        "fine_tuning_job_id": row.job_id,
        "step_number": row.step,
        "metrics": {"step": row.step, **measured, **full},
        "answers": row.manifest.get("answers", []),
    }
    return FineTuningJobCheckpoint.model_validate(fields)
