"""An arm is a model with or without documents and examples; all arms are told the same."""

from typing import Any

import pytest

from services.evaluation.arms.build import PROMPTED_EXAMPLES, build_arms, replace_model
from services.evaluation.arms.instructions import SHORT
from shared.contracts.comparisons import STANDARD_ARMS, ComparisonSpec
from shared.datasets import Example
from shared.errors import InvalidRequest
from tests.unit.evaluation.arms.chats import make_chat, make_chats
from tests.unit.evaluation.cases import BASE, TUNED, make_spec

EXAMPLES = make_chats(12)


def test_the_standard_arms_are_two_models_with_and_without_documents_and_one_with_examples() -> None:
    arms = build_arms(make_spec(arms=["both", "base", "prompted", "fine_tuned", "rag"]), EXAMPLES)
    assert [(arm.name, arm.model, arm.retrieval is not None, len(arm.examples), arm.is_fine_tuned) for arm in arms] == [
        ("base", BASE, False, 0, False),
        ("prompted", BASE, False, PROMPTED_EXAMPLES, False),
        ("rag", BASE, True, 0, False),
        ("fine_tuned", TUNED, False, 0, True),
        ("both", TUNED, True, 0, True),
    ]


def test_every_arm_has_the_same_instructions() -> None:
    assert {arm.instructions for arm in build_arms(make_spec(), EXAMPLES)} == {SHORT}
    assert {arm.instructions for arm in build_arms(make_spec(instructions=" Be brief. "), EXAMPLES)} == {"Be brief."}


@pytest.mark.parametrize(
    ("changes", "examples", "names"),
    [
        ({}, EXAMPLES, list(STANDARD_ARMS)),
        ({}, [], ["base", "rag", "fine_tuned", "both"]),
        ({"vector_store_ids": []}, EXAMPLES, ["base", "prompted", "fine_tuned"]),
        ({"model": BASE}, [], ["base", "rag"]),
        ({"model": None}, EXAMPLES, ["base", "prompted", "rag"]),
    ],
)
def test_a_request_without_arms_gets_those_that_its_inputs_allow(
    changes: dict[str, Any], examples: list[Example], names: list[str]
) -> None:
    assert [arm.name for arm in build_arms(make_spec(arms=None, **changes), examples)] == names


def test_an_arm_of_your_own_has_what_it_sets_and_otherwise_what_the_comparison_has() -> None:
    own = {
        "name": "strict",
        "model": "other-model",
        "retrieval": {"max_num_results": 7, "prompt_template": "{{ passages }} {{ question }}", "vector_store_ids": ["vs_2"]},
        "instructions": "Cite.",
        "examples": 2,
        "sampling": {"temperature": 0.5, "max_tokens": 9},
    }
    strict, plain = build_arms(make_spec(arms=[own, {"name": "plain", "retrieval": {}}]), EXAMPLES)
    assert strict.retrieval
    assert (strict.retrieval.vector_store_ids, strict.retrieval.max_num_results) == (["vs_2"], 7)
    assert strict.retrieval.prompt_template == "{{ passages }} {{ question }}"
    assert (strict.model, strict.instructions, len(strict.examples), strict.sampling.max_tokens) == ("other-model", "Cite.", 2, 9)
    assert plain.retrieval
    assert (plain.model, plain.retrieval.vector_store_ids, plain.instructions, plain.examples) == (BASE, ["vs_1"], SHORT, ())


def test_standard_arms_come_before_those_of_your_own() -> None:
    arms = build_arms(make_spec(arms=[{"name": "second"}, {"name": "first"}, "rag", "base"]), [])
    assert [arm.name for arm in arms] == ["base", "rag", "second", "first"]


def test_twelve_arms_are_possible() -> None:
    own = [{"name": f"arm-{number}", "examples": number} for number in range(7)]
    assert len(build_arms(make_spec(arms=[*STANDARD_ARMS, *own]), EXAMPLES)) == 12


@pytest.mark.parametrize(
    ("changes", "examples", "message"),
    [
        ({"arms": ["base", "prompted"]}, [], "The arm 'prompted' needs examples"),
        ({"arms": ["base", "prompted"]}, [make_chat("a", "b", "user", "user", "assistant")], "The arm 'prompted' needs examples"),
        ({"arms": ["base", {"name": "base"}]}, [], "Two of 'arms' have the name 'base'"),
        ({"arms": ["base", "rag"], "vector_store_ids": []}, [], "The arm 'rag' needs documents"),
        ({"arms": ["base", {"name": "own", "retrieval": {}}], "vector_store_ids": []}, [], "The arm 'own' needs documents"),
        ({"arms": ["base", "both"], "model": None}, [], "The arm 'both' needs a fine-tuned model"),
    ],
)
def test_an_arm_that_lacks_something_is_refused(changes: dict[str, Any], examples: list[Example], message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        build_arms(make_spec(**changes), examples)


def test_an_adapter_of_another_seed_replaces_the_model_of_the_arms_that_use_it() -> None:
    arms = build_arms(make_spec(arms=["base", "rag", "both", {"name": "tuned-warm", "model": TUNED}]), [])
    assert [(arm.name, arm.model) for arm in replace_model(arms, TUNED, "ft:other")] == [("both", "ft:other"), ("tuned-warm", "ft:other")]


def test_a_spec_from_before_there_were_instructions_is_built() -> None:
    old = {"questions_file": "file-q", "model": TUNED, "base_model": BASE, "vector_store_ids": ["vs_1"], "arms": ["base", "both"]}
    assert [arm.name for arm in build_arms(ComparisonSpec.model_validate(old), [])] == ["base", "both"]
