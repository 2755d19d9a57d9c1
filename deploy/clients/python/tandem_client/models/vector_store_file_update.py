from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.vector_store_file_update_attributes_type_0 import (
        VectorStoreFileUpdateAttributesType0,
    )


T = TypeVar("T", bound="VectorStoreFileUpdate")


@_attrs_define
class VectorStoreFileUpdate:
    """Body of `POST /v1/vector_stores/{id}/files/{file_id}`: the new attributes, which replace all others; null deletes
    them.

        Attributes:
            attributes (None | VectorStoreFileUpdateAttributesType0):
    """

    attributes: None | VectorStoreFileUpdateAttributesType0

    def to_dict(self) -> dict[str, Any]:
        from ..models.vector_store_file_update_attributes_type_0 import (
            VectorStoreFileUpdateAttributesType0,  # noqa: PLC0415
        )

        attributes: dict[str, Any] | None
        if isinstance(self.attributes, VectorStoreFileUpdateAttributesType0):
            attributes = self.attributes.to_dict()
        else:
            attributes = self.attributes

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "attributes": attributes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.vector_store_file_update_attributes_type_0 import (
            VectorStoreFileUpdateAttributesType0,  # noqa: PLC0415
        )

        d = dict(src_dict)

        def _parse_attributes(
            data: object,
        ) -> None | VectorStoreFileUpdateAttributesType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                attributes_type_0 = VectorStoreFileUpdateAttributesType0.from_dict(data)

                return attributes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | VectorStoreFileUpdateAttributesType0, data)

        attributes = _parse_attributes(d.pop("attributes"))

        vector_store_file_update = cls(
            attributes=attributes,
        )

        return vector_store_file_update
