from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.completions_run import CompletionsRun
    from ..models.jsonl_run import JsonlRun
    from ..models.responses_run import ResponsesRun
    from ..models.run_create_metadata_type_0 import RunCreateMetadataType0


T = TypeVar("T", bound="RunCreate")


@_attrs_define
class RunCreate:
    """Body of `POST /v1/evals/{eval_id}/runs`.

    Attributes:
        data_source (CompletionsRun | JsonlRun | ResponsesRun):
        name (None | str | Unset):
        metadata (None | RunCreateMetadataType0 | Unset):
    """

    data_source: CompletionsRun | JsonlRun | ResponsesRun
    name: None | str | Unset = UNSET
    metadata: None | RunCreateMetadataType0 | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.completions_run import CompletionsRun  # noqa: PLC0415
        from ..models.jsonl_run import JsonlRun  # noqa: PLC0415
        from ..models.run_create_metadata_type_0 import RunCreateMetadataType0  # noqa: PLC0415

        data_source: dict[str, Any]
        if isinstance(self.data_source, JsonlRun):
            data_source = self.data_source.to_dict()
        elif isinstance(self.data_source, CompletionsRun):
            data_source = self.data_source.to_dict()
        else:
            data_source = self.data_source.to_dict()

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, RunCreateMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "data_source": data_source,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.completions_run import CompletionsRun  # noqa: PLC0415
        from ..models.jsonl_run import JsonlRun  # noqa: PLC0415
        from ..models.responses_run import ResponsesRun  # noqa: PLC0415
        from ..models.run_create_metadata_type_0 import RunCreateMetadataType0  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_data_source(
            data: object,
        ) -> CompletionsRun | JsonlRun | ResponsesRun:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                data_source_type_0 = JsonlRun.from_dict(data)

                return data_source_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                data_source_type_1 = CompletionsRun.from_dict(data)

                return data_source_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            data_source_type_2 = ResponsesRun.from_dict(data)

            return data_source_type_2

        data_source = _parse_data_source(d.pop("data_source"))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_metadata(data: object) -> None | RunCreateMetadataType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = RunCreateMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RunCreateMetadataType0 | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        run_create = cls(
            data_source=data_source,
            name=name,
            metadata=metadata,
        )

        return run_create
