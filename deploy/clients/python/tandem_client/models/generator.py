from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Generator")


@_attrs_define
class Generator:
    """The model that writes and checks the examples.

    Without `url`, it is a model that this API serves. `url` is the base URL of another OpenAI-compatible API, such as
    `https://models.example.com/v1`. The operator must have allowed it in `EVALUATION_EXTERNAL_GENERATORS`, which also
    has its key.

        Attributes:
            model (str):
            url (None | str | Unset):
    """

    model: str
    url: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        model = self.model

        url: None | str | Unset
        if isinstance(self.url, Unset):
            url = UNSET
        else:
            url = self.url

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "model": model,
            }
        )
        if url is not UNSET:
            field_dict["url"] = url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        model = d.pop("model")

        def _parse_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        url = _parse_url(d.pop("url", UNSET))

        generator = cls(
            model=model,
            url=url,
        )

        return generator
