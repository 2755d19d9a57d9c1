from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.model_status_type_0 import ModelStatusType0, check_model_status_type_0

T = TypeVar("T", bound="Model")


@_attrs_define
class Model:
    """A base model or an adapter. All fields but OpenAI's four are extensions, and only adapters have them.

    `parent` is the model that the adapter was trained from and `base` the base model under it. `job` is the fine-tuning
    job that made
    it, null for an imported adapter, and `checkpoint` the training step of its weights. `reason` says why the adapter
    is out of service.

        Attributes:
            id (str):
            object_ (Literal['model']):  Default: 'model'.
            created (int):
            owned_by (str):
            parent (None | str):
            base (None | str):
            job (None | str):
            checkpoint (int | None):
            status (ModelStatusType0 | None):
            reason (None | str):
    """

    id: str
    created: int
    owned_by: str
    parent: None | str
    base: None | str
    job: None | str
    checkpoint: int | None
    status: ModelStatusType0 | None
    reason: None | str
    object_: Literal["model"] = "model"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        object_ = self.object_

        created = self.created

        owned_by = self.owned_by

        parent: None | str
        parent = self.parent

        base: None | str
        base = self.base

        job: None | str
        job = self.job

        checkpoint: int | None
        checkpoint = self.checkpoint

        status: None | str
        if isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        reason: None | str
        reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created": created,
                "owned_by": owned_by,
                "parent": parent,
                "base": base,
                "job": job,
                "checkpoint": checkpoint,
                "status": status,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["model"], d.pop("object"))
        if object_ != "model":
            raise ValueError(f"object must match const 'model', got '{object_}'")

        created = d.pop("created")

        owned_by = d.pop("owned_by")

        def _parse_parent(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        parent = _parse_parent(d.pop("parent"))

        def _parse_base(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        base = _parse_base(d.pop("base"))

        def _parse_job(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        job = _parse_job(d.pop("job"))

        def _parse_checkpoint(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        checkpoint = _parse_checkpoint(d.pop("checkpoint"))

        def _parse_status(data: object) -> ModelStatusType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_model_status_type_0(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ModelStatusType0 | None, data)

        status = _parse_status(d.pop("status"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        model = cls(
            id=id,
            object_=object_,
            created=created,
            owned_by=owned_by,
            parent=parent,
            base=base,
            job=job,
            checkpoint=checkpoint,
            status=status,
            reason=reason,
        )

        model.additional_properties = d
        return model

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
