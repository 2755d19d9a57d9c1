from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.mlflow_options_tags_type_0 import MlflowOptionsTagsType0


T = TypeVar("T", bound="MlflowOptions")


@_attrs_define
class MlflowOptions:
    """Where a run is in MLflow. The experiment is created if it does not exist. `run_name` defaults to the id of the job.

    The names of `tags` have only letters, digits, `_`, `-` and `.`.

        Attributes:
            experiment (str):
            run_name (None | str | Unset):
            tags (MlflowOptionsTagsType0 | None | Unset):
    """

    experiment: str
    run_name: None | str | Unset = UNSET
    tags: MlflowOptionsTagsType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.mlflow_options_tags_type_0 import MlflowOptionsTagsType0  # noqa: PLC0415

        experiment = self.experiment

        run_name: None | str | Unset
        if isinstance(self.run_name, Unset):
            run_name = UNSET
        else:
            run_name = self.run_name

        tags: dict[str, Any] | None | Unset
        if isinstance(self.tags, Unset):
            tags = UNSET
        elif isinstance(self.tags, MlflowOptionsTagsType0):
            tags = self.tags.to_dict()
        else:
            tags = self.tags

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "experiment": experiment,
            }
        )
        if run_name is not UNSET:
            field_dict["run_name"] = run_name
        if tags is not UNSET:
            field_dict["tags"] = tags

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.mlflow_options_tags_type_0 import MlflowOptionsTagsType0  # noqa: PLC0415

        d = dict(src_dict)
        experiment = d.pop("experiment")

        def _parse_run_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        run_name = _parse_run_name(d.pop("run_name", UNSET))

        def _parse_tags(data: object) -> MlflowOptionsTagsType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                tags_type_0 = MlflowOptionsTagsType0.from_dict(data)

                return tags_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MlflowOptionsTagsType0 | None | Unset, data)

        tags = _parse_tags(d.pop("tags", UNSET))

        mlflow_options = cls(
            experiment=experiment,
            run_name=run_name,
            tags=tags,
        )

        return mlflow_options
