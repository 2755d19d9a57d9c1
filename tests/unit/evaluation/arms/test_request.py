"""The request that asks an arm one question."""

from services.evaluation.arms.build import build_arms
from services.evaluation.arms.request import build_request
from tests.unit.evaluation.cases import BASE, make_spec


def test_a_request_has_temperature_0_a_seed_a_limit_and_the_retrieval_options() -> None:
    base, rag = build_arms(make_spec(arms=["base", "rag"], retrieval={"max_num_results": 2}))
    request = build_request(base, "Why?", max_tokens=9, seed=4)
    assert request == {
        "model": BASE,
        "messages": [{"role": "user", "content": "Why?"}],
        "temperature": 0,
        "max_tokens": 9,
        "seed": 4,
    }
    retrieval = build_request(rag, "Why?", max_tokens=9, seed=4)["retrieval"]
    assert (retrieval["vector_store_ids"], retrieval["max_num_results"], retrieval["search_mode"]) == (["vs_1"], 2, "hybrid")
