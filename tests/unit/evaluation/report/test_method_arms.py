"""The method says what the arms were told and shown."""

from dataclasses import replace

from services.evaluation.report.content import Report
from services.evaluation.report.method import list_settings
from tests.unit.evaluation.arms.chats import make_chats
from tests.unit.evaluation.cases import plant_findings, simulate


def list_with(*instructions: str) -> dict[str, str]:
    evidence = simulate(2, 20)
    arms = [replace(arm, instructions=text) for arm, text in zip(evidence.arms, instructions, strict=True)]
    arms[1] = replace(arms[1], examples=tuple(make_chats(5)))
    return dict(list_settings(Report(replace(evidence, arms=arms), plant_findings(evidence))))


def test_instructions_that_all_arms_have_are_named_once() -> None:
    settings = list_with("Be brief.", "Be brief.")
    assert settings["Instructions"] == "Be brief."
    assert settings["Examples in the prompt"] == "prompted: 5"


def test_different_instructions_are_named_with_their_arms() -> None:
    assert list_with("Be brief.", "")["Instructions"] == "base: Be brief.; prompted: (none)"
