from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.expires_after import ExpiresAfter
    from ..models.vector_store_update_metadata_type_0 import (
        VectorStoreUpdateMetadataType0,
    )


T = TypeVar("T", bound="VectorStoreUpdate")


@_attrs_define
class VectorStoreUpdate:
    """Body of `POST /v1/vector_stores/{id}`. Fields that are not sent stay as they are.

    Attributes:
        name (None | str | Unset):
        expires_after (ExpiresAfter | None | Unset):
        metadata (None | Unset | VectorStoreUpdateMetadataType0):
    """

    name: None | str | Unset = UNSET
    expires_after: ExpiresAfter | None | Unset = UNSET
    metadata: None | Unset | VectorStoreUpdateMetadataType0 = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.expires_after import ExpiresAfter  # noqa: PLC0415
        from ..models.vector_store_update_metadata_type_0 import (
            VectorStoreUpdateMetadataType0,  # noqa: PLC0415
        )

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        expires_after: dict[str, Any] | None | Unset
        if isinstance(self.expires_after, Unset):
            expires_after = UNSET
        elif isinstance(self.expires_after, ExpiresAfter):
            expires_after = self.expires_after.to_dict()
        else:
            expires_after = self.expires_after

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, VectorStoreUpdateMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if expires_after is not UNSET:
            field_dict["expires_after"] = expires_after
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.expires_after import ExpiresAfter  # noqa: PLC0415
        from ..models.vector_store_update_metadata_type_0 import (
            VectorStoreUpdateMetadataType0,  # noqa: PLC0415
        )

        d = dict(src_dict)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_expires_after(data: object) -> ExpiresAfter | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                expires_after_type_0 = ExpiresAfter.from_dict(data)

                return expires_after_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ExpiresAfter | None | Unset, data)

        expires_after = _parse_expires_after(d.pop("expires_after", UNSET))

        def _parse_metadata(
            data: object,
        ) -> None | Unset | VectorStoreUpdateMetadataType0:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = VectorStoreUpdateMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VectorStoreUpdateMetadataType0, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        vector_store_update = cls(
            name=name,
            expires_after=expires_after,
            metadata=metadata,
        )

        return vector_store_update
