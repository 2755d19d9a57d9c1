from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DeletedChunks")


@_attrs_define
class DeletedChunks:
    """What a deletion deleted from vector stores: `files`, each counted once per store, and `chunks`, as counted in the
    index.

    No search that starts after the response returns any of it. `note` says where and why the index still has points to
    delete, or that
    a file with the same content keeps the chunks.

        Attributes:
            files (int):
            chunks (int):
            note (None | str):
    """

    files: int
    chunks: int
    note: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        files = self.files

        chunks = self.chunks

        note: None | str
        note = self.note

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "files": files,
                "chunks": chunks,
                "note": note,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        files = d.pop("files")

        chunks = d.pop("chunks")

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        deleted_chunks = cls(
            files=files,
            chunks=chunks,
            note=note,
        )

        deleted_chunks.additional_properties = d
        return deleted_chunks

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
