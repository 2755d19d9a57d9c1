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

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.logs_config_metadata_type_0 import LogsConfigMetadataType0


T = TypeVar("T", bound="LogsConfig")


@_attrs_define
class LogsConfig:
    """Rows from stored responses and chat completions that have all entries of `metadata`.

    Attributes:
        type_ (Literal['logs']):
        metadata (LogsConfigMetadataType0 | None | Unset):
    """

    type_: Literal["logs"]
    metadata: LogsConfigMetadataType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.logs_config_metadata_type_0 import LogsConfigMetadataType0  # noqa: PLC0415

        type_ = self.type_

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, LogsConfigMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.logs_config_metadata_type_0 import LogsConfigMetadataType0  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["logs"], d.pop("type"))
        if type_ != "logs":
            raise ValueError(f"type must match const 'logs', got '{type_}'")

        def _parse_metadata(data: object) -> LogsConfigMetadataType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = LogsConfigMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LogsConfigMetadataType0 | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        logs_config = cls(
            type_=type_,
            metadata=metadata,
        )

        return logs_config
