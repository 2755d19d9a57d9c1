"""Stores the metrics of a training's steps as files of the project: a CSV file, then TensorBoard's event file."""

from collections.abc import Callable, Iterator

from services.training.planning.job_folder import JobFolder
from services.training.publishing.step_metrics import ResultFormat, name_result_file, write_step_metrics
from shared.errors import TandemError
from shared.workers.job_context import JobContext

PURPOSE = "fine-tune-results"

Upload = Callable[[str, bytes], str]


def store_result_files(upload: Upload, folder: JobFolder, context: JobContext, format: ResultFormat) -> list[str]:
    """Return the ids of the files. The CSV file is always the first, because scripts for OpenAI's API read that one.

    `upload` stores a file and returns its id. It stores the same content once, so a call that is repeated makes no second file. The ids
    are published with the adapter, so a worker that takes over after that does not need them again. If a file cannot be stored, an event
    says so, and those after it are left out: the adapter is trained all the same.
    """
    stored: list[str] = []
    try:
        for name, content in _write_files(folder, context.job.id, format):
            stored.append(upload(name, content))
    except TandemError as error:
        context.add_event(f"The metrics of the steps could not be stored as a file: {error.message}", level="warn")
    return stored


def _write_files(folder: JobFolder, job_id: str, format: ResultFormat) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents. A name has the job's id, so that no two jobs share a file."""
    yield name_result_file(job_id), write_step_metrics(folder.steps, format)
    if folder.event_file.exists():
        yield f"events.out.tfevents.{job_id}", folder.event_file.read_bytes()
