import asyncio
from collections import Counter
from typing import Any

import pytest

from services.evaluation.datasets.raft import GroundedItem, add_passages, assign_cases, choose_distractors
from services.evaluation.datasets.synthesis.make_question import Item
from shared.contracts.datasets import Raft
from shared.errors import InvalidRequest
from tests.fake_corpus import FakeCorpus
from tests.unit.evaluation.datasets.cases import make_item, make_passage


@pytest.fixture
def corpus() -> FakeCorpus:
    corpus = FakeCorpus()
    for number, machine in enumerate(("tractor", "loom", "winch")):
        corpus.add(machine, 100 * number + 1)
    return corpus


def make_items(corpus: FakeCorpus, machine: str, count: int) -> list[Item]:
    passages = [make_passage(text, f"file-{machine}", 1000 * n) for n, text in enumerate(corpus.documents[f"file-{machine}"])]
    answers = [" ".join(passage.text.split()[6:8]).rstrip(".") for passage in passages]
    return [
        make_item(f"What does the part {n} of the {machine} weigh?", answer, passage=passage)
        for n, (passage, answer) in enumerate(zip(passages[:count], answers, strict=False))
    ]


def ground(corpus: FakeCorpus, items: list[Item], files: set[str], **options: Any) -> list[GroundedItem]:
    return asyncio.run(add_passages(items, files, Raft.model_validate(options), corpus, ["vs_1"], seed=5, retry_seconds=0))


def has_oracle(each: GroundedItem) -> bool:
    return any(passage.text == each.item.request.passage.text for passage in each.passages)


@pytest.mark.parametrize(
    ("count", "oracle", "unanswerable", "expected"),
    [
        (10, 0.8, 0.2, (8, 2, 0)),
        (10, 0.8, 0.0, (8, 0, 2)),
        (10, 0.0, 0.0, (0, 0, 10)),
        (10, 1.0, 0.0, (10, 0, 0)),
        (3, 0.5, 0.5, (2, 1, 0)),
        (0, 0.8, 0.2, (0, 0, 0)),
    ],
)
def test_the_cases_have_their_shares(count: int, oracle: float, unanswerable: float, expected: tuple[int, int, int]) -> None:
    cases = Counter(assign_cases(count, Raft(oracle_share=oracle, unanswerable_share=unanswerable), seed=1))
    assert (cases["oracle"], cases["unanswerable"], cases["distractors"]) == expected


def test_plain_cases_are_the_question_alone_and_are_not_searched(corpus: FakeCorpus) -> None:
    options = {"oracle_share": 0.5, "unanswerable_share": 0, "plain_share": 0.3}
    assert Counter(assign_cases(10, Raft.model_validate(options), 1)) == {"oracle": 5, "plain": 3, "distractors": 2}
    grounded = ground(corpus, make_items(corpus, "tractor", 10), {"file-tractor"}, **options)
    assert sum(not each.passages for each in grounded) == 3
    assert len(corpus.searches) == 7


def test_the_passage_with_the_answer_is_among_distractors_or_the_answer_is_the_abstention(corpus: FakeCorpus) -> None:
    grounded = ground(corpus, make_items(corpus, "tractor", 10), {"file-tractor"}, oracle_share=0.5, unanswerable_share=0.3, distractors=2)
    with_oracle = [each for each in grounded if has_oracle(each)]
    abstaining = [each for each in grounded if each.answer == "The documents do not answer this question."]
    assert (len(with_oracle), len(abstaining), len(grounded)) == (5, 3, 10)
    assert not any(map(has_oracle, abstaining))
    assert {len(each.passages) for each in with_oracle} == {3}
    assert all(each.answer == each.item.proposal.answer for each in grounded if each not in abstaining)
    places = {next(n for n, passage in enumerate(each.passages) if passage.text == each.item.request.passage.text) for each in with_oracle}
    assert len(places) > 1


def test_distractors_come_from_the_documents_of_the_part_only(corpus: FakeCorpus) -> None:
    grounded = ground(corpus, make_items(corpus, "tractor", 6), {"file-tractor", "file-loom"})
    assert not any("winch" in passage.text for each in grounded for passage in each.passages)


def test_without_a_distractor_the_passage_with_the_answer_is_alone(corpus: FakeCorpus) -> None:
    grounded = ground(corpus, make_items(corpus, "tractor", 2), set(), oracle_share=0, unanswerable_share=1)
    assert [(len(each.passages), has_oracle(each)) for each in grounded] == [(1, True), (1, True)]


def test_a_distractor_never_has_the_answer_nor_overlaps_the_passage() -> None:
    item = make_item(answer="12.5 kilograms")
    chunk = {"start": 500, "end": 600, "heading_path": []}
    hits = [
        {"file_id": "file-a", "content": [{"text": "Another chunk of the passage."}], "chunk": {**chunk, "start": 50}},
        {"file_id": "file-b", "content": [{"text": "The drum weighs 12.5 kg."}], "chunk": chunk},
        {"file_id": "file-b", "content": [{"text": "The drum weighs 125 kg."}], "chunk": chunk},
        {"file_id": "file-a", "content": [{"text": "The hatch is"}, {"text": "blue."}], "chunk": {**chunk, "title": "Hull"}},
    ]
    found = choose_distractors(item, hits, {"file-a", "file-b"})
    assert [(passage.heading, passage.text) for passage in found] == [("", "The drum weighs 125 kg."), ("Hull", "The hatch is\nblue.")]


def test_a_question_that_cannot_be_searched_has_no_distractors(corpus: FakeCorpus) -> None:
    class Refusing(FakeCorpus):
        async def call(self, *_: Any, **__: Any) -> Any:
            raise InvalidRequest("'query' has no words.")

    assert [len(each.passages) for each in ground(Refusing(corpus.documents), make_items(corpus, "loom", 1), {"file-loom"})] == [1]
