import asyncio
from typing import Any

import pytest

from services.evaluation.evals.sampling.ask import Asked, make_asker
from shared.errors import TandemError, Unavailable
from tests.unit.evaluation.evals.cases import ScriptedApi, ask_about, complete, make_spec, respond


def ask(body: Any, **changes: Any) -> Asked:
    asker = make_asker(make_spec(ask_about([{"q": "a"}], "{{item.q}}", **changes)), ScriptedApi(lambda *_: body), 0.0)
    assert asker
    return asyncio.run(asker.ask({"q": "a"}))


def test_a_response_is_read_as_an_answer() -> None:
    asked = ask(respond("Paris"), type="responses")
    assert asked.shape is not None
    assert (asked.shape["output_text"], asked.sample.output[0].content, asked.failure) == ("Paris", "Paris", None)


def test_a_response_that_ended_early_says_why_it_finished() -> None:
    assert ask(respond("Par", status="incomplete"), type="responses").sample.finish_reason == "length"


@pytest.mark.parametrize("body", [[], "text", None, {}, {"choices": []}, {"choices": None}])
def test_what_is_no_completion_is_a_failure_of_the_infrastructure(body: Any) -> None:
    asked = ask(body)
    assert (asked.shape, asked.failure and asked.failure.kind) == (None, "infrastructure")


def test_a_failed_response_is_a_failure_with_its_reason() -> None:
    asked = ask(
        {**respond(""), "output": [], "status": "failed", "error": {"code": "server_error", "message": "It broke."}}, type="responses"
    )
    assert asked.failure is not None
    assert asked.failure.message == "The model failed: It broke."
    assert asked.sample.error is not None


def test_an_answer_loses_what_a_database_refuses() -> None:
    asked = ask(complete("a\0b\ud83d c"))
    assert asked.shape is not None
    assert asked.shape["output_text"] == "a\N{REPLACEMENT CHARACTER}b? c"


def test_a_call_that_fails_for_the_moment_is_repeated() -> None:
    failures = iter([Unavailable("starting")])

    def answer(_path: str, _body: Any) -> Any:
        error: TandemError | None = next(failures, None)
        if error:
            raise error
        return complete("Paris")

    api = ScriptedApi(answer)
    asker = make_asker(make_spec(ask_about([{}], "a")), api, 60.0)
    assert asker
    assert asyncio.run(asker.ask({})).failure is None
    assert len(api.calls) == 2


def test_a_run_without_a_model_asks_nothing() -> None:
    assert make_asker(make_spec(ask_about([{}], model=None, input_messages=None)), ScriptedApi(), 0.0) is None
