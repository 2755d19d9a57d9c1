"""`/v1/datasets`: create, follow, cancel and delete datasets."""

from fastapi import APIRouter

from services.generation.dependencies import InputsDep, JobsDep, PageRequestDep, ProjectDep
from services.generation.jobs.datasets import describe, describe_event, make_dataset
from shared.contracts.datasets import Dataset, DatasetCreate, DatasetEvent
from shared.contracts.paging import Page
from shared.contracts.wire import DeleteResponse
from shared.records.jobs import DATASET
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/datasets", tags=["datasets"], route_class=JsonRoute)


@router.post("")
def create_dataset(body: DatasetCreate, project: ProjectDep, jobs: JobsDep, inputs: InputsDep) -> Dataset:
    """Create a dataset: a model writes questions with answers from the documents of vector stores, and checks them."""
    return describe(make_dataset(body, project, jobs.models, inputs, jobs.store))


@router.get("")
def list_datasets(project: ProjectDep, jobs: JobsDep, page: PageRequestDep) -> Page[Dataset]:
    """List the datasets, newest first."""
    page_slice = jobs.store.list_jobs(DATASET, project, page)
    return Page[Dataset].of([describe(row) for row in page_slice.rows], page_slice.has_more)


@router.get("/{dataset_id}")
def retrieve_dataset(dataset_id: str, project: ProjectDep, jobs: JobsDep) -> Dataset:
    """Retrieve a dataset: its progress and, when it has succeeded, its files."""
    return describe(jobs.store.find(DATASET, project, dataset_id))


@router.post("/{dataset_id}/cancel")
def cancel_dataset(dataset_id: str, project: ProjectDep, jobs: JobsDep) -> Dataset:
    """Cancel a dataset: a queued one immediately, a running one within seconds."""
    return describe(jobs.store.cancel(DATASET, project, dataset_id))


@router.delete("/{dataset_id}")
def delete_dataset(dataset_id: str, project: ProjectDep, jobs: JobsDep) -> DeleteResponse:
    """Delete a dataset with its items. A running one stops. Its files are not deleted."""
    jobs.store.delete(DATASET, project, dataset_id)
    return DeleteResponse(id=dataset_id, object="dataset.deleted")


@router.get("/{dataset_id}/events")
def list_dataset_events(dataset_id: str, project: ProjectDep, jobs: JobsDep, page: PageRequestDep) -> Page[DatasetEvent]:
    """List the events of a dataset, newest first."""
    page_slice = jobs.store.list_events(DATASET, project, dataset_id, page)
    return Page[DatasetEvent].of([describe_event(row) for row in page_slice.rows], page_slice.has_more)
