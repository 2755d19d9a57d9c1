"""The figures beside the verdict are those that it rests on."""

from services.evaluation.report.content import Report
from services.evaluation.report.facts import explain_abstentions, explain_flips, explain_seeds, find_result, list_facts, list_seed_ranges
from shared.contracts.comparison_results import AbstentionScores
from tests.unit.evaluation.cases import BASE, add_everything, make_evidence, plant_findings, simulate


def make_report(arms: int = 5, **changes: object) -> Report:
    evidence = simulate(arms, 60, **changes)
    return Report(evidence, plant_findings(evidence))


def test_the_facts_are_the_mean_the_lead_the_cost_the_questions_and_what_could_be_detected() -> None:
    labels = [fact.label for fact in list_facts(make_report())]
    assert labels == ["Both, F1", "Difference from Retrieval", "Tokens per question", "Questions", "Detectable difference"]


def test_a_main_arm_that_is_behind_its_rival_has_a_negative_difference() -> None:
    evidence = make_evidence({"base": [0.4] * 20, "both": [0.5] * 20})
    findings = plant_findings(evidence)
    verdict = findings.verdict.model_copy(update={"recommended": "base"})
    fact = list_facts(Report(evidence, findings.model_copy(update={"verdict": verdict})))[1]
    assert (fact.value, fact.note) == ("\N{MINUS SIGN}0.10", "\N{MINUS SIGN}0.10 to \N{MINUS SIGN}0.10, shown")


def test_money_is_shown_for_a_thousand_questions() -> None:
    fact = list_facts(make_report(prices={"prompt": 1}))[2]
    assert (fact.label, fact.value) == ("Cost of 1,000 questions", "0.529")


def test_each_arm_has_the_result_that_the_verdict_gives_it() -> None:
    report = make_report()
    assert [find_result(report, arm) for arm in report.numbers] == ["excluded"] * 4 + ["recommended"]
    verdict = report.findings.verdict.model_copy(update={"outcome": "too_few", "recommended": None})
    few = Report(report.evidence, report.findings.model_copy(update={"verdict": verdict}))
    assert {find_result(few, arm) for arm in few.numbers} == {"unknown"}
    open_verdict = report.findings.verdict.model_copy(
        update={"outcome": "not_settled", "recommended": None, "candidates": ["rag"], "not_excluded": ["rag", "both"]}
    )
    not_settled = Report(report.evidence, report.findings.model_copy(update={"verdict": open_verdict}))
    assert [find_result(not_settled, arm) for arm in ("base", "rag", "both")] == ["excluded", "candidate", "open"]


def test_the_effect_of_the_seed_is_unknown_with_one_adapter_and_a_range_with_more() -> None:
    assert "is unknown" in explain_seeds(make_report())
    evidence = add_everything(simulate(5, 60))
    report = Report(evidence, plant_findings(evidence))
    assert "2 more were trained with other seeds; each leads to the same recommendation." in explain_seeds(report)
    assert list_seed_ranges(report) == [("both", "0.60 to 0.66")]


def test_without_a_fine_tuned_model_seeds_are_not_mentioned() -> None:
    assert explain_seeds(make_report(2, model=BASE)) == ""


def test_answers_that_change_are_a_share_or_not_measured() -> None:
    report = make_report()
    assert explain_flips(report).startswith("When questions were asked twice, 2% of the answers")
    verdict = report.findings.verdict.model_copy(update={"flip_rate": None})
    assert explain_flips(Report(report.evidence, report.findings.model_copy(update={"verdict": verdict}))).startswith("Not measured")


def test_adapters_that_all_lead_to_nothing_are_not_said_to_lead_to_the_same_recommendation() -> None:
    evidence = add_everything(simulate(5, 60))
    findings = plant_findings(evidence)
    nothing = findings.model_copy(
        update={
            "verdict": findings.verdict.model_copy(update={"recommended": None}),
            "seeds": [seed.model_copy(update={"recommended": None}) for seed in findings.seeds],
        }
    )
    assert "none of them leads to a recommendation" in explain_seeds(Report(evidence, nothing))
    one = findings.seeds[0].model_copy(update={"recommended": "rag"})
    assert "not all lead to the same" in explain_seeds(Report(evidence, findings.model_copy(update={"seeds": [one]})))


def test_abstentions_are_told_for_each_arm_that_has_scores() -> None:
    report = make_report(2)
    assert explain_abstentions(report) == []
    scores = AbstentionScores(had_to=4, did=3, precision=2 / 3, recall=0.5), AbstentionScores(had_to=1, did=0, precision=None, recall=0.0)
    arms = [arm.model_copy(update={"abstention": each}) for arm, each in zip(report.findings.arms, scores, strict=True)]
    told = explain_abstentions(Report(report.evidence, report.findings.model_copy(update={"arms": arms})))
    assert told == [
        "Base model abstained on 50% of the 4 questions without an answer, and 67% of the abstentions were right.",
        "Prompted abstained on 0% of the 1 question without an answer.",
    ]
