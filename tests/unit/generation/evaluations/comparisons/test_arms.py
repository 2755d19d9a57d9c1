from typing import Any

import pytest

from tests.unit.generation.evaluations.setup import ADAPTER, Setup, add_adapter

OWN: dict[str, Any] = {"name": "three-shots", "examples": 3}
STORES = "retrieval.vector_store_ids"


def test_a_comparison_has_all_standard_arms_that_its_inputs_allow(setup: Setup) -> None:
    assert setup.create()["arms"] == ["base", "prompted", "rag", "fine_tuned", "both"]
    assert setup.create(vector_store_ids=[])["arms"] == ["base", "prompted", "fine_tuned"]
    assert setup.create(model="tiny")["arms"] == ["base", "rag"]
    assert setup.create(model="tiny", training_file=setup.training_file)["arms"] == ["base", "prompted", "rag"]


def test_standard_arms_are_in_their_usual_order_before_others(setup: Setup) -> None:
    arms = [{"name": "zeta"}, "both", {"name": "alpha", "instructions": "Antworte auf Schwäbisch."}, "base"]
    assert setup.create(arms=arms)["arms"] == ["base", "both", "zeta", "alpha"]


def test_own_arms_are_stored_as_they_were_sent(setup: Setup) -> None:
    retrieval = {"vector_store_ids": ["vs_a"], "max_num_results": 7, "prompt_template": "{{ passages | length }} {{ question }}"}
    arm = {"name": "sampled", "model": ADAPTER, "retrieval": retrieval, "sampling": {"temperature": 0.7}, "examples": 2}
    stored = setup.read_spec(setup.create(arms=["base", arm])["id"])["arms"][1]
    assert (stored["model"], stored["retrieval"]["max_num_results"], stored["sampling"]["temperature"]) == (ADAPTER, 7, 0.7)


@pytest.mark.parametrize(
    ("change", "param", "problem"),
    [
        ({"vector_store_ids": [], "arms": ["base", "rag"]}, "arms[1]", "'rag' needs documents"),
        ({"model": "tiny", "arms": ["base", "both"]}, "arms[1]", "'both' needs a fine-tuned model, but 'tiny' is a base model"),
        ({"model": "tiny", "arms": ["base", "prompted"]}, "arms[1]", "'prompted' needs examples. Name the file in 'training_file'."),
        ({"model": "tiny", "vector_store_ids": []}, "arms", "at least two arms"),
        ({"arms": ["base", "rag", "base"]}, "arms[2]", "'arms[2]' must not be 'base', the name of 'arms[0]'."),
        ({"arms": [OWN, OWN]}, "arms[1].name", "must not be 'three-shots', the name of 'arms[0]'"),
        ({"arms": ["base", {"name": "rag"}]}, "arms[1].name", "must not be the name of a standard arm; got 'rag'"),
        ({"arms": ["base"]}, "arms", "2 to 12 items"),
        ({"model": "tiny", "arms": ["base", OWN]}, "arms[1].examples", "'three-shots' needs examples"),
        (
            {"vector_store_ids": [], "arms": ["base", {"name": "docs", "retrieval": {}}]},
            "arms[1].retrieval.vector_store_ids",
            "needs documents",
        ),
        ({"arms": ["base", {"name": "t", "retrieval": {"prompt_template": "{{ x }}"}}]}, "arms[1].retrieval.prompt_template", "x"),
        ({"arms": ["base", {"name": "No Spaces"}]}, "arms[1].name", "must match the pattern"),
        ({"arms": ["base", "ragg"]}, "arms[1]", "ragg"),
    ],
)
def test_an_arm_that_lacks_something_is_a_400_at_its_place(setup: Setup, change: dict[str, Any], param: str, problem: str) -> None:
    error = setup.refuse({**setup.body, **change})
    assert (error["param"], problem in error["message"]) == (param, True), error


def test_models_and_vector_stores_of_own_arms_must_exist(setup: Setup) -> None:
    error = setup.refuse({**setup.body, "arms": ["base", "rag", {"name": "x", "model": "ft:gone"}]}, 404)
    assert (error["param"], error["code"]) == ("arms[2].model", "model_not_found")
    missing = {"name": "x", "retrieval": {"vector_store_ids": ["vs_gone"]}}
    assert setup.refuse({**setup.body, "arms": ["base", missing]}, 404)["param"] == "arms[1].retrieval.vector_store_ids[0]"


def test_another_fine_tuned_model_is_warned_about_because_its_training_file_is_not_checked(setup: Setup) -> None:
    other = "ft:tiny:default:two:abcdefgh5678"
    add_adapter(setup.database, setup.training_file, other, "ftjob-2")
    created = setup.create(arms=["base", {"name": "two", "model": other}, {"name": "same", "model": ADAPTER}])
    warnings = [event["message"] for event in setup.read_events(created["id"]) if event["level"] == "warn"]
    assert len(warnings) == 1
    assert other in warnings[0]


def test_a_model_that_an_own_arm_of_a_waiting_comparison_uses_cannot_be_deleted(setup: Setup) -> None:
    created = setup.create(model="tiny", arms=["base", {"name": "tuned", "model": ADAPTER}])
    refused = setup.http.delete(f"/v1/models/{ADAPTER}")
    assert refused.status_code == 409
    assert created["id"] in refused.json()["error"]["message"]


def test_from_documents_the_adapter_is_trained_from_the_base_model_that_is_named(setup: Setup) -> None:
    document = setup.add_questions(b"text", "a.txt")
    for body, event in (
        ({"documents": [document]}, " The fine-tuned model is trained from 'tiny'."),
        ({"documents": [document], "model": "tiny"}, " The fine-tuned model is trained from 'tiny'."),
        ({"documents": [document], "model": "tiny", "arms": ["base", "rag"]}, ""),
        ({"documents": [document], "model": ADAPTER}, ""),
    ):
        created = setup.post(body)
        spec = setup.read_spec(created["id"])
        is_adapter = body.get("model") == ADAPTER
        assert (created["base_model"], created["model"], spec["model"]) == ("tiny", *([ADAPTER if is_adapter else None] * 2))
        arms = ", ".join(created["arms"])
        assert setup.read_events(created["id"])[0]["message"] == f"The comparison was created, with the arms {arms}.{event}"
