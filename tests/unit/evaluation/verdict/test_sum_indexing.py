"""The seconds of indexing that each arm bears."""

from dataclasses import replace

import pytest

from services.evaluation.arms.build import Arm
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.sum_indexing import sum_indexing
from shared.contracts.chat import RetrievalOptions
from tests.unit.evaluation.cases import BASE, simulate


def make_evidence(arms: dict[str, list[str]], seconds: dict[str, float | None], sent: float | None = None) -> Evidence:
    """Return evidence of arms with these vector stores, for which these seconds were measured."""
    made = [Arm(name, BASE, RetrievalOptions(vector_store_ids=stores) if stores else None) for name, stores in arms.items()]
    return replace(simulate(2, 10), arms=made, indexing_by_store=seconds, indexing_seconds=sent)


def test_each_arm_bears_the_seconds_of_its_own_stores() -> None:
    arms = {"base": [], "rag": ["vs_1", "vs_2"], "small": ["vs_2"], "twice": ["vs_2", "vs_2"]}
    assert sum_indexing(make_evidence(arms, {"vs_1": 10.0, "vs_2": 2.5})) == {"rag": 12.5, "small": 2.5, "twice": 2.5}


@pytest.mark.parametrize("seconds", [{}, {"vs_1": 10.0}, {"vs_1": 10.0, "vs_2": None}])
def test_if_the_seconds_of_one_store_are_unknown_those_of_all_arms_are(seconds: dict[str, float | None]) -> None:
    assert sum_indexing(make_evidence({"rag": ["vs_1"], "both": ["vs_1", "vs_2"]}, seconds)) is None


def test_a_store_that_no_arm_uses_does_not_matter() -> None:
    assert sum_indexing(make_evidence({"rag": ["vs_1"]}, {"vs_1": 10.0, "vs_2": None})) == {"rag": 10.0}


@pytest.mark.parametrize("sent", [0.0, 7.0])
def test_the_seconds_of_the_price_sheet_win(sent: float) -> None:
    evidence = make_evidence({"base": [], "rag": ["vs_1"], "both": ["vs_2"]}, {"vs_1": 10.0, "vs_2": None}, sent)
    assert sum_indexing(evidence) == {"rag": sent, "both": sent}


def test_without_documents_nothing_is_unknown() -> None:
    assert sum_indexing(make_evidence({"base": []}, {})) == {}
