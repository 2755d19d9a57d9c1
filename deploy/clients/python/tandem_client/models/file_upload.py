from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from .. import types
from ..models.file_upload_purpose import FileUploadPurpose, check_file_upload_purpose
from ..types import UNSET, File, Unset

if TYPE_CHECKING:
    from ..models.file_expires_after import FileExpiresAfter


T = TypeVar("T", bound="FileUpload")


@_attrs_define
class FileUpload:
    """A file, with its name in UTF-8 in `filename`, or percent-encoded in `filename*`. A control character in the name,
    such as a tab, is stored as `_`, zero-width characters are left out, and a name over 255 characters is shortened
    before its extension.

        Attributes:
            file (File):
            purpose (FileUploadPurpose):
            expires_after (FileExpiresAfter | Unset): When the file expires. OpenAI's SDK sends the parts
                `expires_after[anchor]` and `expires_after[seconds]` instead.
    """

    file: File
    purpose: FileUploadPurpose
    expires_after: FileExpiresAfter | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        file = self.file.to_tuple()

        purpose: str = self.purpose

        expires_after: dict[str, Any] | Unset = UNSET
        if not isinstance(self.expires_after, Unset):
            expires_after = self.expires_after.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "file": file,
                "purpose": purpose,
            }
        )
        if expires_after is not UNSET:
            field_dict["expires_after"] = expires_after

        return field_dict

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        files.append(("file", self.file.to_tuple()))

        files.append(("purpose", (None, str(self.purpose).encode(), "text/plain")))

        if not isinstance(self.expires_after, Unset):
            files.append(
                (
                    "expires_after",
                    (
                        None,
                        json.dumps(self.expires_after.to_dict()).encode(),
                        "application/json",
                    ),
                )
            )

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_expires_after import FileExpiresAfter  # noqa: PLC0415

        d = dict(src_dict)
        file = File(payload=BytesIO(d.pop("file")))

        purpose = check_file_upload_purpose(d.pop("purpose"))

        _expires_after = d.pop("expires_after", UNSET)
        expires_after: FileExpiresAfter | Unset
        if isinstance(_expires_after, Unset):
            expires_after = UNSET
        else:
            expires_after = FileExpiresAfter.from_dict(_expires_after)

        file_upload = cls(
            file=file,
            purpose=purpose,
            expires_after=expires_after,
        )

        return file_upload
