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
    from ..models.mlflow_options import MlflowOptions


T = TypeVar("T", bound="MlflowIntegration")


@_attrs_define
class MlflowIntegration:
    """Extension: reports the job to MLflow.

    Attributes:
        type_ (Literal['mlflow']):
        mlflow (MlflowOptions): Where a run is in MLflow. The experiment is created if it does not exist. `run_name`
            defaults to the id of the job.

            The names of `tags` have only letters, digits, `_`, `-` and `.`.
    """

    type_: Literal["mlflow"]
    mlflow: MlflowOptions

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        mlflow = self.mlflow.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "mlflow": mlflow,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.mlflow_options import MlflowOptions  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["mlflow"], d.pop("type"))
        if type_ != "mlflow":
            raise ValueError(f"type must match const 'mlflow', got '{type_}'")

        mlflow = MlflowOptions.from_dict(d.pop("mlflow"))

        mlflow_integration = cls(
            type_=type_,
            mlflow=mlflow,
        )

        return mlflow_integration
