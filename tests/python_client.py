"""What the tests of the generated Python client share: uploading, indexing, and waiting for jobs."""

import io
from typing import Any, TypeVar

from tandem_client import AuthenticatedClient
from tandem_client.api.files import upload_file
from tandem_client.api.vector_stores import attach_to_store, create_vector_store, retrieve_store_file
from tandem_client.models import (
    ComparisonFilter,
    CompoundFilter,
    ErrorResponse,
    FileExpiresAfter,
    FileObject,
    FileUpload,
    VectorStoreCreate,
    VectorStoreFileCreate,
    VectorStoreFileCreateAttributesType0,
)
from tandem_client.types import File

from tests.serving import wait_until

DAY = 86_400
T = TypeVar("T")


def need(result: T | ErrorResponse | None) -> T:
    """Return what a call returned; fail with the message of its error."""
    assert result is not None
    assert not isinstance(result, ErrorResponse), result.error.message
    return result


def upload(client: AuthenticatedClient, content: bytes, name: str, purpose: Any) -> FileObject:
    """Upload a file that expires after a day."""
    expiry = FileExpiresAfter(anchor="created_at", seconds=DAY)
    return need(upload_file.sync(client=client, body=FileUpload(File(io.BytesIO(content), name), purpose, expires_after=expiry)))


def index(client: AuthenticatedClient, content: bytes, name: str) -> tuple[FileObject, str]:
    """Upload a file and index it with attributes; return it and the id of its store."""
    file = upload(client, content, name, "assistants")
    store = need(create_vector_store.sync(client=client, body=VectorStoreCreate(name="Handbooks"))).id
    attributes = VectorStoreFileCreateAttributesType0.from_dict({"product": "pump", "year": 2026})
    need(attach_to_store.sync(store, client=client, body=VectorStoreFileCreate(file.id, attributes=attributes)))
    wait_until(lambda: need(retrieve_store_file.sync(store, file.id, client=client)).status == "completed")
    return file, store


def about(product: str) -> CompoundFilter:
    """Return the filter for files about a product, of 2026 and later."""
    return CompoundFilter("and", [ComparisonFilter("eq", "product", product), ComparisonFilter("gte", "year", 2026)])
