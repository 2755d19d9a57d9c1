"""Files with their records, attached to the store `vs_1`."""

from services.retrieval.catalog import files
from services.retrieval.catalog.records import Attachment, File
from services.retrieval.contracts.vector_stores import VectorStoreFileCreate
from services.retrieval.lifecycle.attach import attach_file
from tests.retrieval_harness import RetrievalHarness


def add_file(harness: RetrievalHarness, id: str, **values: object) -> str:
    with harness.database.session() as session:
        files.add(
            session,
            File(**{"id": id, "project_id": "default", "filename": id, "purpose": "assistants", "bytes": 1, "sha256": "", **values}),
        )
    return id


def attach(harness: RetrievalHarness, file_id: str, **options: object) -> Attachment:
    request = VectorStoreFileCreate.model_validate({"file_id": file_id, **options})
    return attach_file(harness.database, harness.embedders, "default", "vs_1", request)[0]
