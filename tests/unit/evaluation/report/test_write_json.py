"""The JSON report has everything."""

import json
from dataclasses import replace

from services.evaluation.report.write_json import write_json
from tests.unit.evaluation.cases import make_report, simulate_scores

MEANS = {"base": 0.1, "rag": 0.3, "fine_tuned": 0.12, "both": 0.7}


def test_the_json_has_every_answer_with_scores_citations_settings_and_versions() -> None:
    report = make_report(simulate_scores(MEANS, 12), seed=5, name="mine")
    citations = [{"filename": "a.md", "text": "a passage"}]
    report = replace(report, answers=[replace(answer, citations=citations) for answer in report.answers])
    document = json.loads(write_json(report))
    assert (document["comparison"], document["name"], document["settings"]["seed"]) == ("cmp_abc", "mine", 5)
    assert document["headline"] == "Use both retrieval and fine-tuning"
    assert len(document["questions"]) == 12
    first = document["questions"][0]
    assert (first["number"], first["question"], first["answers"]) == (1, "What is 0?", ["answer 0"])
    assert set(first["arms"]) == set(MEANS)
    assert first["arms"]["both"]["citations"] == [{"filename": "a.md", "text": "a passage"}]
    assert set(first["arms"]["base"]["scores"]) == {"exact_match", "f1"}
    assert (document["settings"]["concurrency"], document["settings"]["resamples"]) == (8, 10_000)
    assert {"python", "numpy"} <= set(document["versions"])


def test_the_same_comparison_gives_the_same_bytes() -> None:
    scores = simulate_scores(MEANS, 12)
    assert write_json(make_report(scores)) == write_json(make_report(scores))


def test_text_that_is_not_valid_unicode_does_not_break_the_report() -> None:
    report = make_report(simulate_scores(MEANS, 12))
    report = replace(report, answers=[replace(answer, text="<script>\ud800") for answer in report.answers])
    assert json.loads(write_json(report))["questions"][0]["arms"]["base"]["text"] == "<script>?"
