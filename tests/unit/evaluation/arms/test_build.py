"""An arm is a model with or without retrieval."""

from services.evaluation.arms.build import build_arms
from tests.unit.evaluation.cases import BASE, TUNED, make_spec


def test_the_four_arms_are_two_models_with_and_without_documents() -> None:
    arms = build_arms(make_spec(arms=["both", "base", "fine_tuned", "rag"]))
    assert [(arm.name, arm.model, arm.retrieval is not None) for arm in arms] == [
        ("base", BASE, False),
        ("rag", BASE, True),
        ("fine_tuned", TUNED, False),
        ("both", TUNED, True),
    ]
