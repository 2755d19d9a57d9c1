from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PreviewedChunk")


@_attrs_define
class PreviewedChunk:
    """A chunk, its number of tokens for the embedding model, and the text that is embedded, with title and headings.

    Attributes:
        position (int):
        start (int):
        end (int):
        page (int | None):
        heading_path (list[str]):
        title (None | str):
        parent_start (int | None):
        parent_end (int | None):
        text (str):
        tokens (int):
        embedded_text (str):
    """

    position: int
    start: int
    end: int
    page: int | None
    heading_path: list[str]
    title: None | str
    parent_start: int | None
    parent_end: int | None
    text: str
    tokens: int
    embedded_text: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        position = self.position

        start = self.start

        end = self.end

        page: int | None
        page = self.page

        heading_path = self.heading_path

        title: None | str
        title = self.title

        parent_start: int | None
        parent_start = self.parent_start

        parent_end: int | None
        parent_end = self.parent_end

        text = self.text

        tokens = self.tokens

        embedded_text = self.embedded_text

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "position": position,
                "start": start,
                "end": end,
                "page": page,
                "heading_path": heading_path,
                "title": title,
                "parent_start": parent_start,
                "parent_end": parent_end,
                "text": text,
                "tokens": tokens,
                "embedded_text": embedded_text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        position = d.pop("position")

        start = d.pop("start")

        end = d.pop("end")

        def _parse_page(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        page = _parse_page(d.pop("page"))

        heading_path = cast(list[str], d.pop("heading_path"))

        def _parse_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title = _parse_title(d.pop("title"))

        def _parse_parent_start(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        parent_start = _parse_parent_start(d.pop("parent_start"))

        def _parse_parent_end(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        parent_end = _parse_parent_end(d.pop("parent_end"))

        text = d.pop("text")

        tokens = d.pop("tokens")

        embedded_text = d.pop("embedded_text")

        previewed_chunk = cls(
            position=position,
            start=start,
            end=end,
            page=page,
            heading_path=heading_path,
            title=title,
            parent_start=parent_start,
            parent_end=parent_end,
            text=text,
            tokens=tokens,
            embedded_text=embedded_text,
        )

        previewed_chunk.additional_properties = d
        return previewed_chunk

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
