from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="RunComparisonCreate")


@_attrs_define
class RunComparisonCreate:
    """Body of `POST /v1/evals/{eval_id}/compare`: runs of the eval that have completed.

    Attributes:
        run_ids (list[str]):
    """

    run_ids: list[str]

    def to_dict(self) -> dict[str, Any]:
        run_ids = self.run_ids

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "run_ids": run_ids,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        run_ids = cast(list[str], d.pop("run_ids"))

        run_comparison_create = cls(
            run_ids=run_ids,
        )

        return run_comparison_create
