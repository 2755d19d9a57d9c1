from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.arm_summary import ArmSummary
    from ..models.difference import Difference
    from ..models.judge_figures import JudgeFigures
    from ..models.leaked_question import LeakedQuestion
    from ..models.overtake import Overtake
    from ..models.seed_score import SeedScore
    from ..models.verdict import Verdict


T = TypeVar("T", bound="ComparisonResult")


@_attrs_define
class ComparisonResult:
    """The `result` of a comparison: what it found, and the ids of the files that report it.

    Attributes:
        questions (int):
        clusters (int | None):
        left_out (int):  Default: 0.
        arms (list[ArmSummary]):
        differences (list[Difference]):
        verdict (Verdict): The recommendation, and what it rests on.

            `recommended` is the cheapest arm shown to be no worse than every other by `margin` or more, if it is also shown
            to be better than
            every cheaper arm. `candidates` are the arms shown to be no worse than every other, `not_excluded` those that
            may be the best.
            `best` is the arm with the highest mean. A look is one verdict on the questions so far; `alpha` is its one-sided
            error level.
        leaked (list[LeakedQuestion]):
        template_copies (int):  Default: 0.
        judges (list[JudgeFigures]):
        seeds (list[SeedScore]):
        overtakes (list[Overtake]):
        smallest_difference (float | None):
        seed (int):
        concurrency (int):
        report_json (str):
        report_html (str):
        report_markdown (None | str):
        bundle (None | str):
        bundle_sha256 (None | str):
    """

    questions: int
    clusters: int | None
    arms: list[ArmSummary]
    differences: list[Difference]
    verdict: Verdict
    leaked: list[LeakedQuestion]
    judges: list[JudgeFigures]
    seeds: list[SeedScore]
    overtakes: list[Overtake]
    smallest_difference: float | None
    seed: int
    concurrency: int
    report_json: str
    report_html: str
    report_markdown: None | str
    bundle: None | str
    bundle_sha256: None | str
    left_out: int = 0
    template_copies: int = 0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        questions = self.questions

        clusters: int | None
        clusters = self.clusters

        left_out = self.left_out

        arms = []
        for arms_item_data in self.arms:
            arms_item = arms_item_data.to_dict()
            arms.append(arms_item)

        differences = []
        for differences_item_data in self.differences:
            differences_item = differences_item_data.to_dict()
            differences.append(differences_item)

        verdict = self.verdict.to_dict()

        leaked = []
        for leaked_item_data in self.leaked:
            leaked_item = leaked_item_data.to_dict()
            leaked.append(leaked_item)

        template_copies = self.template_copies

        judges = []
        for judges_item_data in self.judges:
            judges_item = judges_item_data.to_dict()
            judges.append(judges_item)

        seeds = []
        for seeds_item_data in self.seeds:
            seeds_item = seeds_item_data.to_dict()
            seeds.append(seeds_item)

        overtakes = []
        for overtakes_item_data in self.overtakes:
            overtakes_item = overtakes_item_data.to_dict()
            overtakes.append(overtakes_item)

        smallest_difference: float | None
        smallest_difference = self.smallest_difference

        seed = self.seed

        concurrency = self.concurrency

        report_json = self.report_json

        report_html = self.report_html

        report_markdown: None | str
        report_markdown = self.report_markdown

        bundle: None | str
        bundle = self.bundle

        bundle_sha256: None | str
        bundle_sha256 = self.bundle_sha256

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "questions": questions,
                "clusters": clusters,
                "left_out": left_out,
                "arms": arms,
                "differences": differences,
                "verdict": verdict,
                "leaked": leaked,
                "template_copies": template_copies,
                "judges": judges,
                "seeds": seeds,
                "overtakes": overtakes,
                "smallest_difference": smallest_difference,
                "seed": seed,
                "concurrency": concurrency,
                "report_json": report_json,
                "report_html": report_html,
                "report_markdown": report_markdown,
                "bundle": bundle,
                "bundle_sha256": bundle_sha256,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.arm_summary import ArmSummary  # noqa: PLC0415
        from ..models.difference import Difference  # noqa: PLC0415
        from ..models.judge_figures import JudgeFigures  # noqa: PLC0415
        from ..models.leaked_question import LeakedQuestion  # noqa: PLC0415
        from ..models.overtake import Overtake  # noqa: PLC0415
        from ..models.seed_score import SeedScore  # noqa: PLC0415
        from ..models.verdict import Verdict  # noqa: PLC0415

        d = dict(src_dict)
        questions = d.pop("questions")

        def _parse_clusters(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        clusters = _parse_clusters(d.pop("clusters"))

        left_out = d.pop("left_out")

        arms = []
        _arms = d.pop("arms")
        for arms_item_data in _arms:
            arms_item = ArmSummary.from_dict(arms_item_data)

            arms.append(arms_item)

        differences = []
        _differences = d.pop("differences")
        for differences_item_data in _differences:
            differences_item = Difference.from_dict(differences_item_data)

            differences.append(differences_item)

        verdict = Verdict.from_dict(d.pop("verdict"))

        leaked = []
        _leaked = d.pop("leaked")
        for leaked_item_data in _leaked:
            leaked_item = LeakedQuestion.from_dict(leaked_item_data)

            leaked.append(leaked_item)

        template_copies = d.pop("template_copies")

        judges = []
        _judges = d.pop("judges")
        for judges_item_data in _judges:
            judges_item = JudgeFigures.from_dict(judges_item_data)

            judges.append(judges_item)

        seeds = []
        _seeds = d.pop("seeds")
        for seeds_item_data in _seeds:
            seeds_item = SeedScore.from_dict(seeds_item_data)

            seeds.append(seeds_item)

        overtakes = []
        _overtakes = d.pop("overtakes")
        for overtakes_item_data in _overtakes:
            overtakes_item = Overtake.from_dict(overtakes_item_data)

            overtakes.append(overtakes_item)

        def _parse_smallest_difference(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        smallest_difference = _parse_smallest_difference(d.pop("smallest_difference"))

        seed = d.pop("seed")

        concurrency = d.pop("concurrency")

        report_json = d.pop("report_json")

        report_html = d.pop("report_html")

        def _parse_report_markdown(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        report_markdown = _parse_report_markdown(d.pop("report_markdown"))

        def _parse_bundle(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        bundle = _parse_bundle(d.pop("bundle"))

        def _parse_bundle_sha256(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        bundle_sha256 = _parse_bundle_sha256(d.pop("bundle_sha256"))

        comparison_result = cls(
            questions=questions,
            clusters=clusters,
            left_out=left_out,
            arms=arms,
            differences=differences,
            verdict=verdict,
            leaked=leaked,
            template_copies=template_copies,
            judges=judges,
            seeds=seeds,
            overtakes=overtakes,
            smallest_difference=smallest_difference,
            seed=seed,
            concurrency=concurrency,
            report_json=report_json,
            report_html=report_html,
            report_markdown=report_markdown,
            bundle=bundle,
            bundle_sha256=bundle_sha256,
        )

        comparison_result.additional_properties = d
        return comparison_result

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
