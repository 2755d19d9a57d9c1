import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack

import numpy as np
import pytest

from services.retrieval.embedding.batching import Batcher, BatcherClosed, BatchLimits
from services.retrieval.embedding.vectors import Vectors
from shared.errors import TooManyRequests
from tests.serving import wait_until

SECONDS = 10.0
OpenBatcher = Callable[..., Batcher]


class Panic(BaseException):
    """As libraries in Rust raise it."""


class FakeModel:
    """Returns each text's length as its vector. It waits at `gate` while that is closed, and fails at the texts `bad` and `worse`."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.is_running = threading.Event()

    def run(self, texts: list[str], prompt: str | None) -> Vectors:
        self.batches.append([(prompt or "") + text for text in texts])
        self.is_running.set()
        assert self.gate.wait(SECONDS)
        if "bad" in texts:
            raise ValueError("a bad text")
        if "worse" in texts:
            raise Panic("a bug in another language")
        return np.array([[len(text)] for text in texts], np.float32)


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture
def open_batcher(model: FakeModel) -> Iterator[OpenBatcher]:
    with ExitStack() as stack:

        def open_one(max_threads: int = 1, *, texts: int = 4, tokens: int = 40, urgent_texts: int = 4) -> Batcher:
            batcher = Batcher(model.run, BatchLimits(texts, tokens, urgent_texts), max_threads)
            stack.callback(batcher.close)
            return batcher

        yield open_one


def submit(batcher: Batcher, texts: list[str], *, prompt: str | None = None, is_urgent: bool = False) -> Future[Vectors]:
    return batcher.submit(texts, [len(text) for text in texts], prompt, is_urgent=is_urgent)


def lengths(result: Future[Vectors]) -> list[float]:
    return [float(vector[0]) for vector in result.result(SECONDS)]


def test_vectors_come_in_the_order_of_the_texts(open_batcher: OpenBatcher) -> None:
    texts = ["x" * size for size in (3, 30, 1, 12, 7, 9, 2)]
    assert lengths(submit(open_batcher(), texts)) == [len(text) for text in texts]


def test_a_batch_is_limited_by_texts_and_by_tokens_with_padding(open_batcher: OpenBatcher, model: FakeModel) -> None:
    lengths(submit(open_batcher(), ["x" * size for size in (3, 30, 1, 12, 7, 9, 2, 50)]))
    assert all(len(batch) <= 4 for batch in model.batches)
    assert all(len(batch) * max(map(len, batch)) <= 40 for batch in model.batches if len(batch) > 1)


def test_urgent_texts_do_not_wait_for_others_and_run_in_a_thread_of_their_own(model: FakeModel) -> None:
    ready, threads = threading.Event(), list[str]()

    def run(texts: list[str], prompt: str | None) -> Vectors:
        threads.append(f"{texts[0]} {threading.get_ident() in prepared}")
        return model.run(texts, prompt) if texts == ["why"] or ready.wait(SECONDS) else model.run(["bad"], prompt)

    prepared: list[int] = []
    batcher = Batcher(run, BatchLimits(4, 40, 4), 2, lambda: prepared.append(threading.get_ident()))
    passages = submit(batcher, ["x" * 10] * 12)
    wait_until(lambda: len(threads) == 2, SECONDS)
    assert lengths(submit(batcher, ["why"], is_urgent=True)) == [3.0]
    ready.set()
    assert lengths(passages) == [10.0] * 12
    assert sorted(threads) == ["why False", *["x" * 10 + " True"] * 3]
    batcher.close()


def test_texts_of_several_callers_share_a_batch_if_they_have_the_same_prompt(open_batcher: OpenBatcher, model: FakeModel) -> None:
    batcher = open_batcher()
    model.gate.clear()
    results = [submit(batcher, ["first"])]
    assert model.is_running.wait(SECONDS)
    results += [submit(batcher, ["text"], prompt=prompt) for prompt in ("a: ", "a: ", "b: ")]
    model.gate.set()
    for result in results:
        lengths(result)
    assert sorted(model.batches[1:]) == [["a: text", "a: text"], ["b: text"]]


def test_an_error_reaches_its_caller_and_the_next_call_works(open_batcher: OpenBatcher) -> None:
    batcher = open_batcher()
    with pytest.raises(ValueError, match="a bad text"):
        lengths(submit(batcher, ["bad", *("x" * 10 for _ in range(20))]))
    assert lengths(submit(batcher, ["good"])) == [4.0]


@pytest.mark.parametrize("is_urgent", [False, True])
def test_a_short_call_is_next_however_many_long_ones_wait(open_batcher: OpenBatcher, model: FakeModel, is_urgent: bool) -> None:
    batcher = open_batcher()
    model.gate.clear()
    long = [submit(batcher, [letter * 40], is_urgent=is_urgent) for letter in "abcdefgh"]
    assert model.is_running.wait(SECONDS)
    short = submit(batcher, ["why"], is_urgent=is_urgent)
    model.gate.set()
    assert lengths(short) == [3.0] and all(lengths(each) == [40.0] for each in long)
    assert model.batches[1] == ["why"] and len(model.batches) == 9


@pytest.mark.parametrize("is_urgent", [False, True])
def test_a_panic_reaches_its_caller_and_ends_no_thread(open_batcher: OpenBatcher, is_urgent: bool) -> None:
    batcher = open_batcher()
    with pytest.raises(Panic, match="another language"):
        lengths(submit(batcher, ["worse"], is_urgent=is_urgent))
    assert lengths(submit(batcher, ["good"], is_urgent=is_urgent)) == [4.0]


def test_closing_fails_the_calls_that_wait_and_those_that_follow(open_batcher: OpenBatcher, model: FakeModel) -> None:
    batcher = open_batcher(texts=1)
    model.gate.clear()
    waiting = submit(batcher, ["one", "two"])
    assert model.is_running.wait(SECONDS)
    batcher.close()
    model.gate.set()
    with pytest.raises(BatcherClosed):
        lengths(waiting)
    with pytest.raises(BatcherClosed):
        submit(batcher, ["three"])


def test_two_threads_run_two_batches_in_parallel_and_each_vector_goes_to_its_text(open_batcher: OpenBatcher, model: FakeModel) -> None:
    batcher = open_batcher(2)
    model.gate.clear()
    texts = ["x" * size for size in (9, 9, 9, 9, 3, 3, 3, 3)]
    result = submit(batcher, texts)
    wait_until(lambda: len(model.batches) == 2, SECONDS)
    model.gate.set()
    assert lengths(result) == [len(text) for text in texts]


def test_urgent_texts_that_arrive_while_one_runs_share_the_next_batch_even_if_a_thread_is_free(
    open_batcher: OpenBatcher, model: FakeModel
) -> None:
    batcher = open_batcher(2)
    model.gate.clear()
    first = submit(batcher, ["why"], is_urgent=True)
    assert model.is_running.wait(SECONDS)
    others = [submit(batcher, ["why"], is_urgent=True) for _ in range(3)]
    model.gate.set()
    for result in (first, *others):
        lengths(result)
    assert [len(batch) for batch in model.batches] == [1, 3]


def test_a_free_thread_takes_passages_while_another_runs_urgent_texts(open_batcher: OpenBatcher, model: FakeModel) -> None:
    batcher = open_batcher(2)
    model.gate.clear()
    results = [submit(batcher, [text], is_urgent=text == "why") for text in ("why", "passage")]
    wait_until(lambda: len(model.batches) == 2, SECONDS)
    model.gate.set()
    for result in results:
        lengths(result)
    assert sorted(model.batches) == [["passage"], ["why"]]


def test_urgent_batches_can_be_smaller_than_others(open_batcher: OpenBatcher, model: FakeModel) -> None:
    batcher = open_batcher(urgent_texts=2)
    lengths(submit(batcher, ["why"] * 5, is_urgent=True))
    lengths(submit(batcher, ["passage"] * 4))
    assert [len(batch) for batch in model.batches] == [2, 2, 1, 4]


def test_too_many_urgent_texts_are_refused(open_batcher: OpenBatcher, model: FakeModel) -> None:
    batcher = open_batcher()
    model.gate.clear()
    with pytest.raises(TooManyRequests, match="More than 8192 texts"):
        submit(batcher, ["why"] * 8193, is_urgent=True)
    model.gate.set()


def test_a_short_call_does_not_wait_for_long_ones(open_batcher: OpenBatcher, model: FakeModel) -> None:
    batcher = open_batcher(texts=1)
    model.gate.clear()
    long = [submit(batcher, [name * 10] * 8) for name in "abc"]
    assert model.is_running.wait(SECONDS)
    short = submit(batcher, ["dd", "dd"])
    model.gate.set()
    for result in (short, *long):
        lengths(result)
    assert [batch[0][0] for batch in model.batches] == [*"add", *"a" * 7, *"b" * 8, *"c" * 8]


def test_a_long_call_is_not_put_off_by_short_calls_that_keep_coming(open_batcher: OpenBatcher, model: FakeModel) -> None:
    batcher, waiting = open_batcher(texts=1), list[Future[Vectors]]()
    model.gate.clear()
    waiting += [submit(batcher, ["first"]), submit(batcher, ["x" * 10] * 2)]
    assert model.is_running.wait(SECONDS)

    def send_another(done: Future[Vectors]) -> None:
        if len(waiting) < 20:
            waiting.append(submit(batcher, ["short"]))
            waiting[-1].add_done_callback(send_another)

    waiting.append(submit(batcher, ["short"]))
    waiting[-1].add_done_callback(send_another)
    model.gate.set()
    lengths(waiting[1])
    assert model.batches.index(["x" * 10]) <= 10
    wait_until(lambda: len(waiting) == 20 and all(each.done() for each in waiting), SECONDS)
