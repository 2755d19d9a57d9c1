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
    from ..models.stored_completions_config_metadata_type_0 import (
        StoredCompletionsConfigMetadataType0,
    )


T = TypeVar("T", bound="StoredCompletionsConfig")


@_attrs_define
class StoredCompletionsConfig:
    """The older name of `logs`.

    Attributes:
        type_ (Literal['stored_completions']):
        metadata (None | StoredCompletionsConfigMetadataType0 | Unset):
    """

    type_: Literal["stored_completions"]
    metadata: None | StoredCompletionsConfigMetadataType0 | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.stored_completions_config_metadata_type_0 import (
            StoredCompletionsConfigMetadataType0,  # noqa: PLC0415
        )

        type_ = self.type_

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, StoredCompletionsConfigMetadataType0):
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
        from ..models.stored_completions_config_metadata_type_0 import (
            StoredCompletionsConfigMetadataType0,  # noqa: PLC0415
        )

        d = dict(src_dict)
        type_ = cast(Literal["stored_completions"], d.pop("type"))
        if type_ != "stored_completions":
            raise ValueError(
                f"type must match const 'stored_completions', got '{type_}'"
            )

        def _parse_metadata(
            data: object,
        ) -> None | StoredCompletionsConfigMetadataType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = StoredCompletionsConfigMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoredCompletionsConfigMetadataType0 | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        stored_completions_config = cls(
            type_=type_,
            metadata=metadata,
        )

        return stored_completions_config
