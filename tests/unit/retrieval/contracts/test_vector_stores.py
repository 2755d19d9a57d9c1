import pytest
from pydantic import ValidationError

from services.retrieval.contracts.vector_stores import MAX_BATCH, FileBatchCreate, VectorStoreCreate, VectorStoreUpdate


def test_a_store_can_be_created_with_as_many_files_as_a_batch_may_have() -> None:
    assert len(VectorStoreCreate(file_ids=["file-1"] * MAX_BATCH).file_ids) == MAX_BATCH == 2000
    with pytest.raises(ValidationError, match="at most 2000"):
        VectorStoreCreate(file_ids=["file-1"] * (MAX_BATCH + 1))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (VectorStoreCreate, dict.fromkeys(("name", "file_ids", "chunking_strategy", "expires_after", "metadata", "on_duplicate"))),
        (FileBatchCreate, {"file_ids": ["file-1"], "files": None, "attributes": None}),
    ],
)
def test_null_means_the_default(kind: type[VectorStoreCreate | FileBatchCreate], body: dict[str, object]) -> None:
    assert kind.model_validate(body) == kind.model_validate({name: value for name, value in body.items() if value is not None})


def test_an_update_with_null_deletes_the_metadata() -> None:
    assert VectorStoreUpdate.model_validate({"metadata": None}).model_fields_set == {"metadata"}
