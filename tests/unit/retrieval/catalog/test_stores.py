import pytest
from sqlalchemy import select

from services.retrieval.catalog import stores
from services.retrieval.catalog.records import Attachment, Store
from services.retrieval.contracts.vector_stores import VectorStoreCreate, VectorStoreFileCreate
from services.retrieval.lifecycle.attach import attach_file, create_store
from shared.errors import Conflict, NotFound
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.catalog.attaching import add_file


def test_a_store_is_created_with_all_its_files_or_not_at_all(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    store = Store(id="vs_2", project_id="default", name="", embedding_model="words", space="words")
    with pytest.raises(NotFound, match="file-x"):
        create_store(harness.database, store, VectorStoreCreate(file_ids=["file-1", "file-x"]))
    with harness.database.session() as session:
        assert session.scalars(select(Attachment)).all() == []
        with pytest.raises(NotFound):
            stores.find(session, "default", "vs_2")


def test_a_store_of_an_embedder_that_is_not_configured_accepts_no_files(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    with harness.database.session() as session:
        stores.update(session, stores.find(session, "default", "vs_1"), {"space": "other"})
    with pytest.raises(Conflict, match="RETRIEVAL_EMBEDDING_MODEL"):
        attach_file(harness.database, harness.embedders, "default", "vs_1", VectorStoreFileCreate(file_id="file-1"))
