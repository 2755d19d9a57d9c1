from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.abstention_scores import AbstentionScores
    from ..models.arm_summary_intervals import ArmSummaryIntervals
    from ..models.arm_summary_scores import ArmSummaryScores
    from ..models.failures import Failures
    from ..models.retrieval_scores import RetrievalScores
    from ..models.tag_score import TagScore


T = TypeVar("T", bound="ArmSummary")


@_attrs_define
class ArmSummary:
    """One arm over all questions. Times are in seconds and include every wait.

    `latency_p50` and `latency_p95` were measured under load, the `single_…` ones with one question at a time. `cost` is
    the mean cost
    of a question: an amount of money if the request had `prices`, otherwise the number of tokens. `fixed_cost` is what
    training
    and indexing cost in total.

        Attributes:
            arm (str):
            model (str):
            scores (ArmSummaryScores):
            intervals (ArmSummaryIntervals):
            latency_p50 (float):
            latency_p95 (float):
            single_latency_p50 (float | None):
            single_latency_p95 (float | None):
            prompt_tokens (float):
            completion_tokens (float):
            engine_seconds (float | None):
            cost (float):
            fixed_cost (float):  Default: 0.0.
            cost_per_correct (float | None):
            failures (Failures): How many answers failed: by the arm's own fault, so they get the lowest score, or by a
                fault of the infrastructure or a judge.
            tags (list[TagScore]):
            retrieval (None | RetrievalScores):
            abstention (AbstentionScores | None):
    """

    arm: str
    model: str
    scores: ArmSummaryScores
    intervals: ArmSummaryIntervals
    latency_p50: float
    latency_p95: float
    single_latency_p50: float | None
    single_latency_p95: float | None
    prompt_tokens: float
    completion_tokens: float
    engine_seconds: float | None
    cost: float
    cost_per_correct: float | None
    failures: Failures
    tags: list[TagScore]
    retrieval: None | RetrievalScores
    abstention: AbstentionScores | None
    fixed_cost: float = 0.0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.abstention_scores import AbstentionScores  # noqa: PLC0415
        from ..models.retrieval_scores import RetrievalScores  # noqa: PLC0415

        arm = self.arm

        model = self.model

        scores = self.scores.to_dict()

        intervals = self.intervals.to_dict()

        latency_p50 = self.latency_p50

        latency_p95 = self.latency_p95

        single_latency_p50: float | None
        single_latency_p50 = self.single_latency_p50

        single_latency_p95: float | None
        single_latency_p95 = self.single_latency_p95

        prompt_tokens = self.prompt_tokens

        completion_tokens = self.completion_tokens

        engine_seconds: float | None
        engine_seconds = self.engine_seconds

        cost = self.cost

        fixed_cost = self.fixed_cost

        cost_per_correct: float | None
        cost_per_correct = self.cost_per_correct

        failures = self.failures.to_dict()

        tags = []
        for tags_item_data in self.tags:
            tags_item = tags_item_data.to_dict()
            tags.append(tags_item)

        retrieval: dict[str, Any] | None
        if isinstance(self.retrieval, RetrievalScores):
            retrieval = self.retrieval.to_dict()
        else:
            retrieval = self.retrieval

        abstention: dict[str, Any] | None
        if isinstance(self.abstention, AbstentionScores):
            abstention = self.abstention.to_dict()
        else:
            abstention = self.abstention

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "arm": arm,
                "model": model,
                "scores": scores,
                "intervals": intervals,
                "latency_p50": latency_p50,
                "latency_p95": latency_p95,
                "single_latency_p50": single_latency_p50,
                "single_latency_p95": single_latency_p95,
                "prompt_tokens": prompt_tokens,
                "completion_tokens": completion_tokens,
                "engine_seconds": engine_seconds,
                "cost": cost,
                "fixed_cost": fixed_cost,
                "cost_per_correct": cost_per_correct,
                "failures": failures,
                "tags": tags,
                "retrieval": retrieval,
                "abstention": abstention,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.abstention_scores import AbstentionScores  # noqa: PLC0415
        from ..models.arm_summary_intervals import ArmSummaryIntervals  # noqa: PLC0415
        from ..models.arm_summary_scores import ArmSummaryScores  # noqa: PLC0415
        from ..models.failures import Failures  # noqa: PLC0415
        from ..models.retrieval_scores import RetrievalScores  # noqa: PLC0415
        from ..models.tag_score import TagScore  # noqa: PLC0415

        d = dict(src_dict)
        arm = d.pop("arm")

        model = d.pop("model")

        scores = ArmSummaryScores.from_dict(d.pop("scores"))

        intervals = ArmSummaryIntervals.from_dict(d.pop("intervals"))

        latency_p50 = d.pop("latency_p50")

        latency_p95 = d.pop("latency_p95")

        def _parse_single_latency_p50(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        single_latency_p50 = _parse_single_latency_p50(d.pop("single_latency_p50"))

        def _parse_single_latency_p95(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        single_latency_p95 = _parse_single_latency_p95(d.pop("single_latency_p95"))

        prompt_tokens = d.pop("prompt_tokens")

        completion_tokens = d.pop("completion_tokens")

        def _parse_engine_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        engine_seconds = _parse_engine_seconds(d.pop("engine_seconds"))

        cost = d.pop("cost")

        fixed_cost = d.pop("fixed_cost")

        def _parse_cost_per_correct(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        cost_per_correct = _parse_cost_per_correct(d.pop("cost_per_correct"))

        failures = Failures.from_dict(d.pop("failures"))

        tags = []
        _tags = d.pop("tags")
        for tags_item_data in _tags:
            tags_item = TagScore.from_dict(tags_item_data)

            tags.append(tags_item)

        def _parse_retrieval(data: object) -> None | RetrievalScores:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                retrieval_type_0 = RetrievalScores.from_dict(data)

                return retrieval_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RetrievalScores, data)

        retrieval = _parse_retrieval(d.pop("retrieval"))

        def _parse_abstention(data: object) -> AbstentionScores | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                abstention_type_0 = AbstentionScores.from_dict(data)

                return abstention_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AbstentionScores | None, data)

        abstention = _parse_abstention(d.pop("abstention"))

        arm_summary = cls(
            arm=arm,
            model=model,
            scores=scores,
            intervals=intervals,
            latency_p50=latency_p50,
            latency_p95=latency_p95,
            single_latency_p50=single_latency_p50,
            single_latency_p95=single_latency_p95,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            engine_seconds=engine_seconds,
            cost=cost,
            fixed_cost=fixed_cost,
            cost_per_correct=cost_per_correct,
            failures=failures,
            tags=tags,
            retrieval=retrieval,
            abstention=abstention,
        )

        arm_summary.additional_properties = d
        return arm_summary

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
