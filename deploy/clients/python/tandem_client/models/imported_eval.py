from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.imported_eval_data_source_config import ImportedEvalDataSourceConfig
    from ..models.imported_eval_metadata_type_0 import ImportedEvalMetadataType0
    from ..models.imported_eval_testing_criteria_item import (
        ImportedEvalTestingCriteriaItem,
    )


T = TypeVar("T", bound="ImportedEval")


@_attrs_define
class ImportedEval:
    """An eval, as `evals.retrieve` returns it.

    Attributes:
        id (str):
        name (str):
        created_at (int):
        data_source_config (ImportedEvalDataSourceConfig):
        testing_criteria (list[ImportedEvalTestingCriteriaItem]):
        metadata (ImportedEvalMetadataType0 | None | Unset):
    """

    id: str
    name: str
    created_at: int
    data_source_config: ImportedEvalDataSourceConfig
    testing_criteria: list[ImportedEvalTestingCriteriaItem]
    metadata: ImportedEvalMetadataType0 | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.imported_eval_metadata_type_0 import ImportedEvalMetadataType0  # noqa: PLC0415

        id = self.id

        name = self.name

        created_at = self.created_at

        data_source_config = self.data_source_config.to_dict()

        testing_criteria = []
        for testing_criteria_item_data in self.testing_criteria:
            testing_criteria_item = testing_criteria_item_data.to_dict()
            testing_criteria.append(testing_criteria_item)

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, ImportedEvalMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "created_at": created_at,
                "data_source_config": data_source_config,
                "testing_criteria": testing_criteria,
            }
        )
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.imported_eval_data_source_config import (
            ImportedEvalDataSourceConfig,  # noqa: PLC0415
        )
        from ..models.imported_eval_metadata_type_0 import ImportedEvalMetadataType0  # noqa: PLC0415
        from ..models.imported_eval_testing_criteria_item import (
            ImportedEvalTestingCriteriaItem,  # noqa: PLC0415
        )

        d = dict(src_dict)
        id = d.pop("id")

        name = d.pop("name")

        created_at = d.pop("created_at")

        data_source_config = ImportedEvalDataSourceConfig.from_dict(
            d.pop("data_source_config")
        )

        testing_criteria = []
        _testing_criteria = d.pop("testing_criteria")
        for testing_criteria_item_data in _testing_criteria:
            testing_criteria_item = ImportedEvalTestingCriteriaItem.from_dict(
                testing_criteria_item_data
            )

            testing_criteria.append(testing_criteria_item)

        def _parse_metadata(data: object) -> ImportedEvalMetadataType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = ImportedEvalMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImportedEvalMetadataType0 | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        imported_eval = cls(
            id=id,
            name=name,
            created_at=created_at,
            data_source_config=data_source_config,
            testing_criteria=testing_criteria,
            metadata=metadata,
        )

        imported_eval.additional_properties = d
        return imported_eval

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
