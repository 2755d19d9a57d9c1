from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.stored_completion_update_metadata_type_0 import (
        StoredCompletionUpdateMetadataType0,
    )


T = TypeVar("T", bound="StoredCompletionUpdate")


@_attrs_define
class StoredCompletionUpdate:
    """Body of `POST /v1/chat/completions/{completion_id}`: the new metadata, which replaces the old. Null deletes it.

    Attributes:
        metadata (None | StoredCompletionUpdateMetadataType0):
    """

    metadata: None | StoredCompletionUpdateMetadataType0

    def to_dict(self) -> dict[str, Any]:
        from ..models.stored_completion_update_metadata_type_0 import (
            StoredCompletionUpdateMetadataType0,  # noqa: PLC0415
        )

        metadata: dict[str, Any] | None
        if isinstance(self.metadata, StoredCompletionUpdateMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "metadata": metadata,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stored_completion_update_metadata_type_0 import (
            StoredCompletionUpdateMetadataType0,  # noqa: PLC0415
        )

        d = dict(src_dict)

        def _parse_metadata(data: object) -> None | StoredCompletionUpdateMetadataType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = StoredCompletionUpdateMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoredCompletionUpdateMetadataType0, data)

        metadata = _parse_metadata(d.pop("metadata"))

        stored_completion_update = cls(
            metadata=metadata,
        )

        return stored_completion_update
