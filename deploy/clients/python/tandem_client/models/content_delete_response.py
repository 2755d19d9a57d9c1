from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.deleted_chunks import DeletedChunks


T = TypeVar("T", bound="ContentDeleteResponse")


@_attrs_define
class ContentDeleteResponse:
    """Response to deleting a file or a vector store. Extension: `removed`.

    Attributes:
        id (str):
        object_ (str):
        deleted (bool):  Default: True.
        removed (DeletedChunks): What a deletion deleted from vector stores: `files`, each counted once per store, and
            `chunks`, as counted in the index.

            No search that starts after the response returns any of it. `note` says where and why the index still has points
            to delete, or that
            a file with the same content keeps the chunks.
    """

    id: str
    object_: str
    removed: DeletedChunks
    deleted: bool = True
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        object_ = self.object_

        deleted = self.deleted

        removed = self.removed.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "deleted": deleted,
                "removed": removed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deleted_chunks import DeletedChunks  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = d.pop("object")

        deleted = d.pop("deleted")

        removed = DeletedChunks.from_dict(d.pop("removed"))

        content_delete_response = cls(
            id=id,
            object_=object_,
            deleted=deleted,
            removed=removed,
        )

        content_delete_response.additional_properties = d
        return content_delete_response

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
