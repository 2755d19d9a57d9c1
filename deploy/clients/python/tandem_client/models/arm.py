from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.arm_retrieval import ArmRetrieval
    from ..models.sampling import Sampling


T = TypeVar("T", bound="Arm")


@_attrs_define
class Arm:
    """An arm of your own: a model, with or without documents, examples and instructions.

    Attributes:
        name (str):
        model (None | str | Unset): A base model or a fine-tuned model. Default: the base model of the comparison.
        retrieval (ArmRetrieval | None | Unset): Null: the arm answers without documents.
        instructions (None | str | Unset): Default: those of the comparison.
        examples (int | Unset): How many examples of the training file are shown to the model. Default: 0.
        sampling (Sampling | Unset): How an arm of your own samples its answers.
    """

    name: str
    model: None | str | Unset = UNSET
    retrieval: ArmRetrieval | None | Unset = UNSET
    instructions: None | str | Unset = UNSET
    examples: int | Unset = 0
    sampling: Sampling | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.arm_retrieval import ArmRetrieval  # noqa: PLC0415

        name = self.name

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        else:
            model = self.model

        retrieval: dict[str, Any] | None | Unset
        if isinstance(self.retrieval, Unset):
            retrieval = UNSET
        elif isinstance(self.retrieval, ArmRetrieval):
            retrieval = self.retrieval.to_dict()
        else:
            retrieval = self.retrieval

        instructions: None | str | Unset
        if isinstance(self.instructions, Unset):
            instructions = UNSET
        else:
            instructions = self.instructions

        examples = self.examples

        sampling: dict[str, Any] | Unset = UNSET
        if not isinstance(self.sampling, Unset):
            sampling = self.sampling.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
            }
        )
        if model is not UNSET:
            field_dict["model"] = model
        if retrieval is not UNSET:
            field_dict["retrieval"] = retrieval
        if instructions is not UNSET:
            field_dict["instructions"] = instructions
        if examples is not UNSET:
            field_dict["examples"] = examples
        if sampling is not UNSET:
            field_dict["sampling"] = sampling

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.arm_retrieval import ArmRetrieval  # noqa: PLC0415
        from ..models.sampling import Sampling  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        def _parse_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        def _parse_retrieval(data: object) -> ArmRetrieval | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                retrieval_type_0 = ArmRetrieval.from_dict(data)

                return retrieval_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ArmRetrieval | None | Unset, data)

        retrieval = _parse_retrieval(d.pop("retrieval", UNSET))

        def _parse_instructions(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        instructions = _parse_instructions(d.pop("instructions", UNSET))

        examples = d.pop("examples", UNSET)

        _sampling = d.pop("sampling", UNSET)
        sampling: Sampling | Unset
        if isinstance(_sampling, Unset):
            sampling = UNSET
        else:
            sampling = Sampling.from_dict(_sampling)

        arm = cls(
            name=name,
            model=model,
            retrieval=retrieval,
            instructions=instructions,
            examples=examples,
            sampling=sampling,
        )

        return arm
