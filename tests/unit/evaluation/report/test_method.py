"""The method says which statistic, level and margin were used."""

from dataclasses import replace

from services.evaluation.arms.build import Arm
from services.evaluation.report.content import Report
from services.evaluation.report.method import describe_method, list_settings
from shared.contracts.chat import RetrievalOptions
from tests.unit.evaluation.cases import BASE, make_evidence, plant_findings, simulate


def make_report(**changes: object) -> Report:
    evidence = simulate(5, 60, **changes)
    return Report(evidence, plant_findings(evidence))


def test_continuous_scores_are_tested_with_t_and_binary_ones_with_tango() -> None:
    assert "a t statistic on the sums of clusters" in describe_method(make_report())
    binary = make_evidence({"base": [0.0, 1.0] * 10, "rag": [1.0] * 20})
    assert "Tango's score statistic" in describe_method(Report(binary, plant_findings(binary)))


def test_binary_scores_in_clusters_are_tested_with_t() -> None:
    evidence = make_evidence({"base": [0.0, 1.0] * 10, "rag": [1.0] * 20})
    findings = plant_findings(evidence).model_copy(update={"clusters": 12})
    method = describe_method(Report(evidence, findings))
    assert "20 questions, in 12 clusters" in method
    assert "a t statistic" in method


def test_each_look_has_its_own_level() -> None:
    assert "The one-sided error level of look 1 is 2.5%, divided by the 4 other arms" in describe_method(make_report())
    assert "look 3 is 0.625%" in describe_method(make_report(look=3))


def test_the_settings_name_models_margin_prices_versions_and_data() -> None:
    settings = dict(list_settings(make_report(prices={"prompt": 0.2, "completion": 0.8}, extends="cmp_first", look=2)))
    assert settings["Look"] == "2, extends cmp_first"
    assert settings["Margin"] == "0.05"
    assert settings["Prices"].startswith("0.2 per million prompt tokens, 0.8 per million completion tokens")
    assert settings["SHA-256 of file-q"] == "ab" * 32
    assert "python 3.11.2" in settings["Versions"]
    assert "Instructions" not in settings  # none were given


def test_the_settings_say_how_long_indexing_took() -> None:
    report = make_report()

    def describe(**changes: object) -> str | None:
        return dict(list_settings(replace(report, evidence=replace(report.evidence, **changes)))).get("Indexing")  # type: ignore[arg-type]

    assert describe() is None
    assert describe(indexing_by_store={"vs_1": 12.5}) == "12.5 s"
    assert describe(indexing_by_store={"vs_1": 12.5}, indexing_seconds=90.0) == "90 s"
    assert describe(indexing_by_store={"vs_1": None}) is None
    other = RetrievalOptions(vector_store_ids=["vs_1", "vs_2"])
    arms = [*report.evidence.arms, Arm("rag-more", BASE, other)]
    assert describe(arms=arms, indexing_by_store={"vs_1": 12.5, "vs_2": 30.0}) == "rag, both: 12.5 s; rag-more: 42.5 s"
