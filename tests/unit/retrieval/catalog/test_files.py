import pytest

from services.retrieval.catalog import files, stores
from shared.contracts.paging import PageRequest
from shared.errors import NotFound
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.catalog.attaching import add_file


def test_no_project_finds_the_files_or_stores_of_another(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    with harness.database.session() as session:
        with pytest.raises(NotFound):
            files.find(session, "other", "file-1")
        with pytest.raises(NotFound):
            stores.find(session, "other", "vs_1")
        assert files.list_page(session, "other", None, PageRequest(4)).rows == []
        assert stores.list_page(session, "other", PageRequest(4)).rows == []
