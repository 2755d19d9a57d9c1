"""What a project has that a comparison needs: models, files, vector stores, and jobs. An error names the field as the caller wrote it."""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from services.generation.contracts.models import Model
from services.generation.jobs.store import JobStore
from services.generation.serving.models import Models
from shared.contracts.files import FileObject
from shared.errors import NotFound
from shared.records.evaluation.evals import StoredEval
from shared.records.jobs import COMPARISON, Job


class Inputs(Protocol):
    """The caller's files and vector stores."""

    def find_file(self, file_id: str, param: str) -> FileObject:
        """Return a file's description. Raises InvalidRequest if there is no such file."""

    def lines(self, file_id: str, param: str) -> AbstractContextManager[Iterator[bytes]]:
        """Open a file's content as lines."""

    def check_store(self, store_id: str, param: str) -> None:
        """Raise NotFound unless the vector store exists."""

    def find_named(self, purpose: str, filenames: Collection[str]) -> list[str]:
        """Return the ids of the files that have this purpose and one of the names."""

    def delete_file(self, file_id: str) -> None:
        """Delete a file, unless it is deleted already."""


class Evals(Protocol):
    """The evals of every project."""

    def find(self, project_id: str, eval_id: str) -> StoredEval:
        """Return an eval. Raises NotFound if the project has no such eval."""


class Windows(Protocol):
    """How much the models of every project take."""

    def find_window(self, project_id: str, model: str) -> int | None:
        """Return how many tokens the prompt and the answer of a model may have together; None if its engine does not say so."""


@dataclass(frozen=True)
class Project:
    """The caller's project."""

    id: str
    models: Models
    inputs: Inputs
    jobs: JobStore
    evals: Evals
    windows: Windows

    @property
    def default_base(self) -> str:
        """The base model that is used, and can be fine-tuned, if a request names no model."""
        return self.models.default

    def find_model(self, name: str, param: str) -> Model:
        """Return a model; `param` is the field that names it. Raises NotFound if there is no such model."""
        try:
            return self.models.find(self.id, name)
        except NotFound as error:
            raise NotFound(error.message, param=param, code=error.code) from error

    def find_window(self, model: str) -> int | None:
        """Return how many tokens the prompt and the answer of a model may have together; None if that is not known now."""
        return self.windows.find_window(self.id, model)

    def check_stores(self, store_ids: Collection[str], param: str) -> None:
        """Raise NotFound unless all vector stores exist; `param` is the field that lists them."""
        for position, store_id in enumerate(store_ids):
            self.inputs.check_store(store_id, f"{param}[{position}]")

    def find_comparison(self, comparison_id: str) -> Job:
        """Return a comparison. Raises NotFound if the project has no such comparison."""
        return self.jobs.find(COMPARISON, self.id, comparison_id)
