"""The JSON report has everything, and is strict JSON."""

import json
import math
from dataclasses import replace

import pytest

from services.evaluation.report.bundle.layout import hash_bundle
from services.evaluation.report.write_json import write_json
from shared.contracts.comparison_results import ComparisonFindings
from tests.unit.evaluation.cases import add_everything, plant_findings, simulate


def refuse(constant: str) -> float:
    raise AssertionError(f"{constant} is not JSON")


def test_the_json_has_findings_settings_examples_steps_and_every_answer_with_its_trace() -> None:
    evidence = add_everything(simulate(5, 12, seed=5, name="mine"))
    findings = plant_findings(evidence)
    document = json.loads(write_json(evidence, findings), parse_constant=refuse)
    assert (document["comparison"], document["name"], document["settings"]["seed"]) == ("cmp_abc", "mine", 5)
    assert ComparisonFindings.model_validate(document["findings"]) == findings
    assert document["bundle_sha256"] == hash_bundle(evidence, findings)
    assert document["next_steps"][0]["action"]
    assert document["retrieval"][0]["cause"] == "search"
    assert len(document["questions"]) == 12
    first = document["questions"][0]
    assert (first["number"], first["id"], first["cluster"]) == (1, "q0", 0)
    assert [result["arm"] for result in first["results"]] == ["base", "prompted", "rag", "fine_tuned", "both"]
    assert first["results"][2]["retrieved"][0]["filename"] == "handbook/pumps.md"
    assert first["results"][3]["failure"]["code"] == "context_length_exceeded"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_null(value: float) -> None:
    evidence = simulate(2, 10)
    answers = [replace(evidence.answers[0], seconds=value, scores={"f1": value}), *evidence.answers[1:]]
    document = json.loads(write_json(replace(evidence, answers=answers), plant_findings(evidence)), parse_constant=refuse)
    result = document["questions"][0]["results"][0]
    assert (result["seconds"], result["scores"]) == (None, {"f1": None})


def test_the_same_comparison_gives_the_same_bytes() -> None:
    evidence = simulate(5, 12)
    findings = plant_findings(evidence)
    assert write_json(evidence, findings) == write_json(evidence, findings)
