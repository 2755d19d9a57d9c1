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

if TYPE_CHECKING:
    from ..models.file_content import FileContent


T = TypeVar("T", bound="FileContentPage")


@_attrs_define
class FileContentPage:
    """The text of a file, in parts. If the file has pages, each page is a part.

    Attributes:
        object_ (Literal['vector_store.file_content.page']):  Default: 'vector_store.file_content.page'.
        data (list[FileContent]):
        has_more (bool):  Default: False.
        next_page (None):
    """

    data: list[FileContent]
    next_page: None
    object_: Literal["vector_store.file_content.page"] = (
        "vector_store.file_content.page"
    )
    has_more: bool = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        object_ = self.object_

        data = []
        for data_item_data in self.data:
            data_item = data_item_data.to_dict()
            data.append(data_item)

        has_more = self.has_more

        next_page = self.next_page

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "object": object_,
                "data": data,
                "has_more": has_more,
                "next_page": next_page,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_content import FileContent  # noqa: PLC0415

        d = dict(src_dict)
        object_ = cast(Literal["vector_store.file_content.page"], d.pop("object"))
        if object_ != "vector_store.file_content.page":
            raise ValueError(
                f"object must match const 'vector_store.file_content.page', got '{object_}'"
            )

        data = []
        _data = d.pop("data")
        for data_item_data in _data:
            data_item = FileContent.from_dict(data_item_data)

            data.append(data_item)

        has_more = d.pop("has_more")

        next_page = d.pop("next_page")

        file_content_page = cls(
            object_=object_,
            data=data,
            has_more=has_more,
            next_page=next_page,
        )

        file_content_page.additional_properties = d
        return file_content_page

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
