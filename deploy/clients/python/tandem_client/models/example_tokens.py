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
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.counted_line import CountedLine
    from ..models.length_bucket import LengthBucket
    from ..models.token_advice import TokenAdvice
    from ..models.token_percentiles import TokenPercentiles


T = TypeVar("T", bound="ExampleTokens")


@_attrs_define
class ExampleTokens:
    """The tokens of the examples, according to the tokenizer and the chat template of the model's engine.

    Of a large file, a sample is counted; `is_sample` is then true. `histogram` and `percentiles` are of `sampled`
    examples, spread evenly
    over the file. `total`, `mean`, `longer_than_window` and `longer_than_max_length` are estimates from these and are
    about all
    `examples`. `shortest`, `longest` and `longest_examples` are of the `counted` ones, which also include the ten with
    the most
    characters. Of a preference pair, the longer answer counts.

    `window` is the most tokens that the engine takes, `max_length` the most that are trained: a longer example is
    truncated. `trained` is
    the total of what is left then.

        Attributes:
            unit (Literal['tokens']):  Default: 'tokens'.
            model (str):
            is_sample (bool):
            examples (int):
            counted (int):
            sampled (int):
            total (int):
            trained (int):
            shortest (int):
            mean (float):
            longest (int):
            longest_examples (list[CountedLine]):
            percentiles (TokenPercentiles): The tokens that 50, 90, 95 and 99% of the examples do not exceed.
            histogram (list[LengthBucket]):
            window (int):
            longer_than_window (int):
            max_length (int):
            longer_than_max_length (int):
            advice (TokenAdvice): A `max_length` for the job, and why. It truncates none of the counted examples, unless
                some are longer than the limits.
    """

    model: str
    is_sample: bool
    examples: int
    counted: int
    sampled: int
    total: int
    trained: int
    shortest: int
    mean: float
    longest: int
    longest_examples: list[CountedLine]
    percentiles: TokenPercentiles
    histogram: list[LengthBucket]
    window: int
    longer_than_window: int
    max_length: int
    longer_than_max_length: int
    advice: TokenAdvice
    unit: Literal["tokens"] = "tokens"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        unit = self.unit

        model = self.model

        is_sample = self.is_sample

        examples = self.examples

        counted = self.counted

        sampled = self.sampled

        total = self.total

        trained = self.trained

        shortest = self.shortest

        mean = self.mean

        longest = self.longest

        longest_examples = []
        for longest_examples_item_data in self.longest_examples:
            longest_examples_item = longest_examples_item_data.to_dict()
            longest_examples.append(longest_examples_item)

        percentiles = self.percentiles.to_dict()

        histogram = []
        for histogram_item_data in self.histogram:
            histogram_item = histogram_item_data.to_dict()
            histogram.append(histogram_item)

        window = self.window

        longer_than_window = self.longer_than_window

        max_length = self.max_length

        longer_than_max_length = self.longer_than_max_length

        advice = self.advice.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "unit": unit,
                "model": model,
                "is_sample": is_sample,
                "examples": examples,
                "counted": counted,
                "sampled": sampled,
                "total": total,
                "trained": trained,
                "shortest": shortest,
                "mean": mean,
                "longest": longest,
                "longest_examples": longest_examples,
                "percentiles": percentiles,
                "histogram": histogram,
                "window": window,
                "longer_than_window": longer_than_window,
                "max_length": max_length,
                "longer_than_max_length": longer_than_max_length,
                "advice": advice,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.counted_line import CountedLine  # noqa: PLC0415
        from ..models.length_bucket import LengthBucket  # noqa: PLC0415
        from ..models.token_advice import TokenAdvice  # noqa: PLC0415
        from ..models.token_percentiles import TokenPercentiles  # noqa: PLC0415

        d = dict(src_dict)
        unit = cast(Literal["tokens"], d.pop("unit"))
        if unit != "tokens":
            raise ValueError(f"unit must match const 'tokens', got '{unit}'")

        model = d.pop("model")

        is_sample = d.pop("is_sample")

        examples = d.pop("examples")

        counted = d.pop("counted")

        sampled = d.pop("sampled")

        total = d.pop("total")

        trained = d.pop("trained")

        shortest = d.pop("shortest")

        mean = d.pop("mean")

        longest = d.pop("longest")

        longest_examples = []
        _longest_examples = d.pop("longest_examples")
        for longest_examples_item_data in _longest_examples:
            longest_examples_item = CountedLine.from_dict(longest_examples_item_data)

            longest_examples.append(longest_examples_item)

        percentiles = TokenPercentiles.from_dict(d.pop("percentiles"))

        histogram = []
        _histogram = d.pop("histogram")
        for histogram_item_data in _histogram:
            histogram_item = LengthBucket.from_dict(histogram_item_data)

            histogram.append(histogram_item)

        window = d.pop("window")

        longer_than_window = d.pop("longer_than_window")

        max_length = d.pop("max_length")

        longer_than_max_length = d.pop("longer_than_max_length")

        advice = TokenAdvice.from_dict(d.pop("advice"))

        example_tokens = cls(
            unit=unit,
            model=model,
            is_sample=is_sample,
            examples=examples,
            counted=counted,
            sampled=sampled,
            total=total,
            trained=trained,
            shortest=shortest,
            mean=mean,
            longest=longest,
            longest_examples=longest_examples,
            percentiles=percentiles,
            histogram=histogram,
            window=window,
            longer_than_window=longer_than_window,
            max_length=max_length,
            longer_than_max_length=longer_than_max_length,
            advice=advice,
        )

        example_tokens.additional_properties = d
        return example_tokens

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
