from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.file_batch_status import FileBatchStatus, check_file_batch_status

if TYPE_CHECKING:
    from ..models.file_counts import FileCounts


T = TypeVar("T", bound="FileBatch")


@_attrs_define
class FileBatch:
    """Files that were attached to a store together. The batch is `failed` if every file failed.

    Attributes:
        id (str):
        object_ (Literal['vector_store.files_batch']):  Default: 'vector_store.files_batch'.
        created_at (int):
        vector_store_id (str):
        status (FileBatchStatus):
        file_counts (FileCounts): The number of a store's files by status.
    """

    id: str
    created_at: int
    vector_store_id: str
    status: FileBatchStatus
    file_counts: FileCounts
    object_: Literal["vector_store.files_batch"] = "vector_store.files_batch"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        object_ = self.object_

        created_at = self.created_at

        vector_store_id = self.vector_store_id

        status: str = self.status

        file_counts = self.file_counts.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "vector_store_id": vector_store_id,
                "status": status,
                "file_counts": file_counts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_counts import FileCounts  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["vector_store.files_batch"], d.pop("object"))
        if object_ != "vector_store.files_batch":
            raise ValueError(
                f"object must match const 'vector_store.files_batch', got '{object_}'"
            )

        created_at = d.pop("created_at")

        vector_store_id = d.pop("vector_store_id")

        status = check_file_batch_status(d.pop("status"))

        file_counts = FileCounts.from_dict(d.pop("file_counts"))

        file_batch = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            vector_store_id=vector_store_id,
            status=status,
            file_counts=file_counts,
        )

        file_batch.additional_properties = d
        return file_batch

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
