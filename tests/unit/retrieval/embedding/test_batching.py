import threading
from collections.abc import Iterator

import numpy as np
import pytest

from services.retrieval.embedding.batching import Batcher, Closed, Rows
from tests.fakes import wait_until

DEADLINE = 10.0


class Model:
    """Returns each text's length as its row; waits at `gate` while it is closed, and fails at a text `bad`."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.began = threading.Event()

    def run(self, texts: list[str], prompt: str | None) -> Rows:
        self.batches.append([(prompt or "") + text for text in texts])
        self.began.set()
        assert self.gate.wait(DEADLINE)
        if "bad" in texts:
            raise ValueError("a bad text")
        return np.array([[len(text)] for text in texts], np.float32)


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def batcher(model: Model) -> Iterator[Batcher]:
    opened = Batcher(model.run, texts=4, tokens=40)
    yield opened
    opened.close()


def rows(batcher: Batcher, texts: list[str], *, prompt: str | None = None, urgent: bool = False) -> list[float]:
    return [float(row[0]) for row in batcher.ask(texts, [len(text) for text in texts], prompt, urgent=urgent).result(DEADLINE)]


def test_rows_come_in_the_order_of_the_texts(batcher: Batcher) -> None:
    texts = ["x" * size for size in (3, 30, 1, 12, 7, 9, 2)]
    assert rows(batcher, texts) == [len(text) for text in texts]


def test_a_batch_is_bounded_by_texts_and_by_tokens_with_its_padding(batcher: Batcher, model: Model) -> None:
    rows(batcher, ["x" * size for size in (3, 30, 1, 12, 7, 9, 2, 50)])
    assert all(len(batch) <= 4 for batch in model.batches)
    assert all(len(batch) * max(map(len, batch)) <= 40 for batch in model.batches if len(batch) > 1)


def test_urgent_texts_wait_for_the_batch_under_way_at_most(batcher: Batcher, model: Model) -> None:
    model.gate.clear()
    passages = threading.Thread(target=rows, args=(batcher, ["x" * 10] * 12))
    passages.start()
    assert model.began.wait(DEADLINE)
    query = threading.Thread(target=rows, args=(batcher, ["why"]), kwargs={"urgent": True})
    query.start()
    while not batcher._urgent:
        threading.Event().wait(0.001)
    model.gate.set()
    query.join(DEADLINE)
    passages.join(DEADLINE)
    assert model.batches[1] == ["why"]


def test_texts_of_several_callers_share_a_batch_unless_their_prompts_differ(batcher: Batcher, model: Model) -> None:
    model.gate.clear()
    threads = [threading.Thread(target=rows, args=(batcher, ["first"]))]
    threads[0].start()
    assert model.began.wait(DEADLINE)
    for prompt in ("a: ", "a: ", "b: "):
        threads.append(threading.Thread(target=rows, args=(batcher, ["text"]), kwargs={"prompt": prompt}))
        threads[-1].start()
    while len(batcher._others) < 3:
        threading.Event().wait(0.001)
    model.gate.set()
    for thread in threads:
        thread.join(DEADLINE)
    assert sorted(model.batches[1:]) == [["a: text", "a: text"], ["b: text"]]


def test_an_error_reaches_its_caller_and_the_next_call_is_fine(batcher: Batcher) -> None:
    with pytest.raises(ValueError, match="a bad text"):
        rows(batcher, ["bad", *("x" * 10 for _ in range(20))])
    assert rows(batcher, ["good"]) == [4.0]


def test_who_waits_when_it_is_closed_is_told(model: Model) -> None:
    batcher = Batcher(model.run, texts=1, tokens=10)
    model.gate.clear()
    told: list[Exception] = []

    def wait() -> None:
        try:
            rows(batcher, ["one", "two"])
        except Closed as error:
            told.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    assert model.began.wait(DEADLINE)
    batcher.close()
    model.gate.set()
    thread.join(DEADLINE)
    assert len(told) == 1
    with pytest.raises(Closed):
        rows(batcher, ["three"])


def test_two_lanes_run_two_batches_at_once_and_each_row_goes_to_its_text(batcher: Batcher, model: Model) -> None:
    batcher.lanes = 2
    model.gate.clear()
    texts = ["x" * size for size in (9, 9, 9, 9, 3, 3, 3, 3)]
    found: list[float] = []
    caller = threading.Thread(target=lambda: found.extend(rows(batcher, texts)))
    caller.start()
    wait_until(lambda: len(model.batches) == 2, DEADLINE)
    model.gate.set()
    caller.join(DEADLINE)
    assert found == [len(text) for text in texts]


def test_urgent_texts_that_come_while_one_runs_share_the_next_batch_though_a_lane_is_free(batcher: Batcher, model: Model) -> None:
    batcher.lanes = 2
    model.gate.clear()
    callers = [threading.Thread(target=rows, args=(batcher, ["why"]), kwargs={"urgent": True}) for _ in range(4)]
    callers[0].start()
    assert model.began.wait(DEADLINE)
    for caller in callers[1:]:
        caller.start()
    wait_until(lambda: len(batcher._urgent) == 3, DEADLINE)
    model.gate.set()
    for caller in callers:
        caller.join(DEADLINE)
    assert [len(batch) for batch in model.batches] == [1, 3]


def test_a_lane_that_is_free_takes_passages_while_another_runs_urgent_texts(batcher: Batcher, model: Model) -> None:
    batcher.lanes = 2
    model.gate.clear()
    callers = [threading.Thread(target=rows, args=(batcher, [text]), kwargs={"urgent": text == "why"}) for text in ("why", "passage")]
    for caller in callers:
        caller.start()
    wait_until(lambda: len(model.batches) == 2, DEADLINE)
    model.gate.set()
    for caller in callers:
        caller.join(DEADLINE)
    assert sorted(model.batches) == [["passage"], ["why"]]


def test_urgent_batches_can_be_smaller_than_others(batcher: Batcher, model: Model) -> None:
    batcher.urgent_texts = 2
    rows(batcher, ["why"] * 5, urgent=True)
    rows(batcher, ["passage"] * 4)
    assert [len(batch) for batch in model.batches] == [2, 2, 1, 4]
