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

if TYPE_CHECKING:
    from ..models.file_content_source import FileContentSource
    from ..models.file_id import FileId


T = TypeVar("T", bound="JsonlRun")


@_attrs_define
class JsonlRun:
    """Rows that are graded as they are.

    Attributes:
        type_ (Literal['jsonl']):
        source (FileContentSource | FileId):
    """

    type_: Literal["jsonl"]
    source: FileContentSource | FileId

    def to_dict(self) -> dict[str, Any]:
        from ..models.file_content_source import FileContentSource  # noqa: PLC0415

        type_ = self.type_

        source: dict[str, Any]
        if isinstance(self.source, FileContentSource):
            source = self.source.to_dict()
        else:
            source = self.source.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "source": source,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_content_source import FileContentSource  # noqa: PLC0415
        from ..models.file_id import FileId  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["jsonl"], d.pop("type"))
        if type_ != "jsonl":
            raise ValueError(f"type must match const 'jsonl', got '{type_}'")

        def _parse_source(data: object) -> FileContentSource | FileId:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                source_type_0 = FileContentSource.from_dict(data)

                return source_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            source_type_1 = FileId.from_dict(data)

            return source_type_1

        source = _parse_source(d.pop("source"))

        jsonl_run = cls(
            type_=type_,
            source=source,
        )

        return jsonl_run
