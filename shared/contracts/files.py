"""Files: everything that a user uploads, documents and datasets."""

from typing import Literal

from pydantic import BaseModel


class FileObject(BaseModel):
    """A stored file. `bytes` is its size. `filename` is the name as it was sent, but with `_` for control characters, without zero-width
    characters, and at most 255 characters long. Extension: `sha256` is the hexadecimal hash of its content.
    """

    id: str
    object: Literal["file"] = "file"
    bytes: int
    created_at: int
    filename: str
    purpose: str
    status: Literal["uploaded", "processed", "error"] = "processed"
    expires_at: int | None = None
    status_details: str | None = None
    sha256: str
