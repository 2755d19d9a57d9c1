"""The request that asks an arm one question."""

from services.evaluation.arms.build import build_arms
from services.evaluation.arms.request import build_messages, build_request
from shared.datasets import Question
from tests.unit.evaluation.arms.chats import make_chats
from tests.unit.evaluation.cases import BASE, make_spec

QUESTION = Question(question="Why?", answers=["Because."])


def test_a_request_has_temperature_0_a_seed_a_limit_a_salt_and_the_retrieval_options() -> None:
    base, rag = build_arms(make_spec(arms=["base", "rag"], retrieval={"max_num_results": 2}, instructions="Be brief."), [])
    request = build_request(base, QUESTION, max_tokens=9, seed=4, cache_salt="cmp_1-main")
    assert request == {
        "model": BASE,
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}],
        "temperature": 0,
        "top_p": 1,
        "max_tokens": 9,
        "seed": 4,
        "cache_salt": "cmp_1-main",
    }
    grounded = build_request(rag, QUESTION, max_tokens=9, seed=4)
    retrieval = grounded["retrieval"]
    assert (retrieval["vector_store_ids"], retrieval["max_num_results"], retrieval["search_mode"]) == (["vs_1"], 2, "hybrid")
    assert (retrieval["query"], grounded["include"], "cache_salt" in grounded) == ("last", ["trace"], False)


def test_the_sampling_of_an_arm_of_your_own_is_kept() -> None:
    own = {"name": "warm", "sampling": {"temperature": 0.7, "top_p": 0.9, "max_tokens": 20}}
    request = build_request(build_arms(make_spec(arms=["base", own]), [])[1], QUESTION, max_tokens=64, seed=0)
    assert (request["temperature"], request["top_p"], request["max_tokens"]) == (0.7, 0.9, 20)


def test_examples_are_turns_between_the_instructions_and_the_question() -> None:
    _, prompted = build_arms(make_spec(arms=["base", "prompted"]), make_chats(3))
    messages = build_messages(prompted, QUESTION)
    assert [message["role"] for message in messages] == ["system", *["user", "assistant"] * 3, "user"]
    assert messages[-1]["content"] == "Why?"


def test_without_instructions_there_is_no_system_message() -> None:
    base, _ = build_arms(make_spec(arms=["base", "rag"], instructions=""), [])
    assert build_messages(base, QUESTION) == [{"role": "user", "content": "Why?"}]


def test_a_chat_is_asked_whole_and_its_system_message_joins_the_instructions() -> None:
    chat = [("system", "You sell pumps."), ("user", "Hello"), ("assistant", "Hi!"), ("user", "Which torque?")]
    question = Question.model_validate({"messages": [{"role": role, "content": text} for role, text in chat], "answers": ["6.5 Nm"]})
    _, prompted = build_arms(make_spec(arms=["base", "prompted"], instructions="Be brief."), make_chats(1))
    messages = build_messages(prompted, question)
    assert messages[0] == {"role": "system", "content": "Be brief.\n\nYou sell pumps."}
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert messages[-1]["content"] == "Which torque?"
