import asyncio
from typing import Any

import pytest

from services.evaluation.datasets.sources.split import QuestionRequest
from services.evaluation.datasets.synthesis.filters import KeptQuestions
from services.evaluation.datasets.synthesis.item_store import StoredItem
from services.evaluation.datasets.synthesis.make_question import QuestionMaker, is_final, read_item
from services.evaluation.datasets.synthesis.propose import Proposal
from shared.errors import InvalidRequest, Unavailable
from shared.workers.api_client import ChatCompletion
from tests.fake_corpus import FakeCorpus
from tests.unit.evaluation.datasets.cases import MemoryItems, make_passage, make_request, make_spec


@pytest.fixture
def corpus() -> FakeCorpus:
    corpus = FakeCorpus()
    corpus.add("tractor", 11)
    return corpus


def request_for(corpus: FakeCorpus, part: int = 0, number: int = 0) -> QuestionRequest:
    return make_request("number", make_passage(corpus.documents["file-tractor"][part], "file-tractor", part * 1000), number=number)


def make(
    corpus: FakeCorpus, items: MemoryItems, stored: StoredItem | None = None, kept: KeptQuestions | None = None, part: int = 0
) -> StoredItem:
    maker = QuestionMaker(corpus, make_spec(), items, kept or KeptQuestions(), retry_seconds=0)
    return asyncio.run(maker.make(request_for(corpus, part), stored))


def test_a_good_question_is_kept_after_three_calls_and_each_step_is_stored(corpus: FakeCorpus) -> None:
    items = MemoryItems()
    item = make(corpus, items)
    assert [state for _, state in items.history] == ["proposed", "unknown", "kept"]
    read = read_item(request_for(corpus), item)
    assert (read.proposal, read.kind) == (Proposal("How many kilograms does the anchor of the tractor weigh?", "11 kilograms"), "number")
    assert (item.content["prompt_tokens"], item.content["completion_tokens"]) == (300, 30)
    assert item.content["without_passage"] == "I do not know."


@pytest.mark.parametrize(("state", "calls"), [("proposed", 2), ("unknown", 1), ("kept", 0), ("vague", 0)])
def test_a_stored_step_is_not_asked_again(corpus: FakeCorpus, state: str, calls: int) -> None:
    content = {"question": "How many kilograms does the anchor of the tractor weigh?", "answer": "11 kilograms", "kind": "number"}
    item = make(corpus, MemoryItems(), StoredItem(state, content))
    assert len(corpus.chats) == calls
    assert is_final(item)
    assert item.state == ("vague" if state == "vague" else "kept")


@pytest.mark.parametrize("mistake", ["not_json", "answer_in_question", "answer_not_in_passage", "mentions_passage"])
def test_a_faulty_proposal_ends_after_one_call(corpus: FakeCorpus, mistake: str) -> None:
    corpus.mistakes["tractor"] = mistake
    assert make(corpus, MemoryItems()).state == mistake
    assert len(corpus.chats) == 1


def test_what_the_model_knows_without_the_passage_is_left_out(corpus: FakeCorpus) -> None:
    corpus.known.add("tractor")
    assert make(corpus, MemoryItems()).state == "known_without_passage"


def test_what_the_model_does_not_find_in_the_passage_is_left_out() -> None:
    class Blind(FakeCorpus):
        def _answer(self, content: str) -> str:
            return "Nobody can say."

    corpus = Blind()
    corpus.add("tractor", 11)
    assert make(corpus, MemoryItems()).state == "not_answered_with_passage"


def test_a_question_that_was_kept_before_is_a_duplicate_after_one_call(corpus: FakeCorpus) -> None:
    kept = KeptQuestions()
    make(corpus, MemoryItems(), kept=kept)
    corpus.chats.clear()
    assert make(corpus, MemoryItems(), kept=kept).state == "duplicate"
    assert len(corpus.chats) == 1


def test_two_equal_questions_in_work_at_the_same_time_are_kept_once(corpus: FakeCorpus) -> None:
    maker = QuestionMaker(corpus, make_spec(), MemoryItems(), KeptQuestions(), 0)

    async def both() -> list[StoredItem]:
        return await asyncio.gather(*(maker.make(request_for(corpus, number=number), None) for number in range(2)))

    assert sorted(item.state for item in asyncio.run(both())) == ["duplicate", "kept"]


def test_a_question_of_yes_or_no_may_be_guessed_without_the_passage() -> None:
    class Sayer(FakeCorpus):
        async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
            self.chats.append(request)
            proposal = '{"answer": "yes", "question": "Was the crane of the Kestrel built in Leeds?"}'
            return ChatCompletion(proposal if "response_format" in request else "Yes", 1, 1, [])

    maker = QuestionMaker(Sayer(), make_spec(), MemoryItems(), KeptQuestions(), 0)
    assert asyncio.run(maker.make(make_request("yes_no"), None)).state == "kept"


def test_a_passage_that_is_too_long_for_the_generator_is_left_out_and_other_refusals_are_errors(corpus: FakeCorpus) -> None:
    class Refusing(FakeCorpus):
        code = "context_length_exceeded"

        async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
            raise InvalidRequest("No.", code=self.code)

    refusing = Refusing(corpus.documents)
    assert make(refusing, MemoryItems()).state == "refused"
    refusing.code = "unsupported_parameter"
    with pytest.raises(InvalidRequest, match="No"):
        make(refusing, MemoryItems())


def test_a_generator_that_stays_away_is_an_error_and_what_was_stored_remains(corpus: FakeCorpus) -> None:
    items = MemoryItems()
    corpus.dies_after = 1
    with pytest.raises(Unavailable):
        make(corpus, items)
    corpus.dies_after = None
    (stored,) = items.read().values()
    assert stored.state == "proposed"
    assert make(corpus, items, stored).state == "kept"
    assert len(corpus.chats) == 3
