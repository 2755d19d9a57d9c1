"""Arms are model and retrieval, nothing else."""

from services.evaluation.arms.build import read_arms, write_request
from tests.unit.evaluation.cases import BASE, TUNED, make_spec


def test_the_four_arms_are_two_models_with_and_without_documents() -> None:
    arms = read_arms(make_spec(arms=["both", "base", "fine_tuned", "rag"]))
    assert [(arm.name, arm.model, arm.retrieval is not None) for arm in arms] == [
        ("base", BASE, False),
        ("rag", BASE, True),
        ("fine_tuned", TUNED, False),
        ("both", TUNED, True),
    ]


def test_a_request_is_greedy_seeded_and_bounded_and_carries_the_retrieval_options() -> None:
    base, rag = read_arms(make_spec(arms=["base", "rag"], retrieval={"max_num_results": 2}))
    request = write_request(base, "Why?", max_tokens=9, seed=4)
    assert request == {
        "model": BASE,
        "messages": [{"role": "user", "content": "Why?"}],
        "temperature": 0,
        "max_tokens": 9,
        "seed": 4,
    }
    retrieval = write_request(rag, "Why?", max_tokens=9, seed=4)["retrieval"]
    assert (retrieval["vector_store_ids"], retrieval["max_num_results"], retrieval["search_mode"]) == (["vs_1"], 2, "hybrid")
