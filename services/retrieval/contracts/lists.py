"""The queries of lists that can be filtered."""

from typing import Literal

from pydantic import Field

from services.retrieval.contracts.files import Purpose
from services.retrieval.contracts.vector_stores import FileStatus
from shared.contracts.paging import PageQuery

# Files that OpenAI's service makes have these; here they can be asked for, and there are none.
OpenAIPurpose = Literal["assistants_output", "batch_output"]


class FilesQuery(PageQuery):
    """The query of a list of files; as in OpenAI's API, a page may have 10,000 of them."""

    limit: int = Field(10_000, ge=1, le=10_000, description="The maximum number of files on the page.")
    purpose: Purpose | OpenAIPurpose | None = Field(None, description="List only files with this purpose.")


class StoreFilesQuery(PageQuery):
    """The query of a list of files in a store or a batch."""

    filter: FileStatus | None = Field(None, description="List only files with this status.")
