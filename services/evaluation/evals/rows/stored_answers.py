"""The stored answers of a project, from the jobs database."""

from collections.abc import Iterator

from services.evaluation.datasets.distillation.read_completions import CompletionReader
from services.evaluation.datasets.distillation.read_responses import ResponseReader
from services.evaluation.evals.rows.filters import combine_filters
from services.evaluation.evals.rows.row import Position, Row
from services.evaluation.evals.rows.stored_completions import read_completion_rows
from services.evaluation.evals.rows.stored_responses import read_response_rows
from shared.contracts.evals.data_sources import Responses, StoredCompletions
from shared.contracts.evals.runs import RunSpec
from shared.records.database import Database


class AnswerReader:
    """The answers of a project that were stored until `now`, in seconds since 1970: a run never evaluates later ones."""

    def __init__(self, database: Database, project_id: str, now: int) -> None:
        self._database = database
        self._project_id = project_id
        self._now = now

    def read(self, source: StoredCompletions | Responses, spec: RunSpec, after: Position | None) -> Iterator[Row]:
        """Yield the rows of the source behind `after`, newest first."""
        chosen = combine_filters(source, spec.config_metadata, self._now)
        if chosen is None:
            return iter(())
        last = (int(after[1]["created_at"]), str(after[1]["id"])) if after else None
        if isinstance(source, StoredCompletions):
            return read_completion_rows(CompletionReader(self._database, self._project_id, chosen), last)
        return read_response_rows(ResponseReader(self._database, self._project_id, chosen), source, last)
