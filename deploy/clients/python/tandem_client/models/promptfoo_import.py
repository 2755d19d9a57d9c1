from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.promptfoo_config import PromptfooConfig
    from ..models.promptfoo_import_models import PromptfooImportModels


T = TypeVar("T", bound="PromptfooImport")


@_attrs_define
class PromptfooImport:
    """Body of `POST /v1/evals/import/promptfoo`.

    `models` names models here that replace those of the configuration: `{"gpt-4o": "smollm2-135m-instruct"}`.

        Attributes:
            config (PromptfooConfig): A configuration with everything in it: files that it names are not read.
            models (PromptfooImportModels | Unset):
    """

    config: PromptfooConfig
    models: PromptfooImportModels | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        config = self.config.to_dict()

        models: dict[str, Any] | Unset = UNSET
        if not isinstance(self.models, Unset):
            models = self.models.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "config": config,
            }
        )
        if models is not UNSET:
            field_dict["models"] = models

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.promptfoo_config import PromptfooConfig  # noqa: PLC0415
        from ..models.promptfoo_import_models import PromptfooImportModels  # noqa: PLC0415

        d = dict(src_dict)
        config = PromptfooConfig.from_dict(d.pop("config"))

        _models = d.pop("models", UNSET)
        models: PromptfooImportModels | Unset
        if isinstance(_models, Unset):
            models = UNSET
        else:
            models = PromptfooImportModels.from_dict(_models)

        promptfoo_import = cls(
            config=config,
            models=models,
        )

        return promptfoo_import
