import pytest

from services.evaluation.datasets.synthesis.check_answers import build_closed_book_request, build_open_book_request, is_found, is_known
from services.evaluation.datasets.synthesis.propose import Proposal
from shared.contracts.datasets import Kind
from tests.unit.evaluation.datasets.cases import TEXT, make_passage


def test_only_the_open_book_request_has_the_passage() -> None:
    closed, open_book = build_closed_book_request("How?", "m"), build_open_book_request("How?", make_passage(), "m")
    assert TEXT not in str(closed["messages"])
    assert TEXT in str(open_book["messages"])
    assert {(body["temperature"], body["model"]) for body in (closed, open_book)} == {(0, "m")}


@pytest.mark.parametrize(
    ("reply", "answer", "kind", "found"),
    [
        ("It weighs 12.5 kilograms, as far as I know.", "12.5 kg", "number", True),
        ("125 kilograms", "12.5 kilograms", "number", False),
        ("By Ada Poole of Leeds", "Ada Poole", "name", True),
        ("the old one rusted", "the old one had rusted", "why", True),
        ("I do not know.", "Ada Poole", "name", False),
        ("", "Ada Poole", "name", False),
        ("Yes, it did.", "yes", "yes_no", True),
        ("No.", "yes", "yes_no", False),
        ("I think that yes", "yes", "yes_no", False),
    ],
)
def test_a_reply_has_found_the_answer_if_it_is_the_answer(reply: str, answer: str, kind: Kind, found: bool) -> None:
    assert is_found(reply, Proposal("?", answer), kind) is found


def test_a_reply_that_copies_the_passage_has_not_found_the_answer_but_may_know_it() -> None:
    copied = "The crane of the Kestrel weighs 12.5 kilograms. It was built by Ada Poole in Leeds, because the old one had rusted through."
    assert not is_found(copied, Proposal("Who built the crane?", "Ada Poole"), "name")
    assert is_known(copied, Proposal("Who built the crane?", "Ada Poole"))


@pytest.mark.parametrize(("reply", "known"), [("Ada Poole, I think.", True), ("Poole", True), ("Somebody", False), ("", False)])
def test_what_is_known_without_the_passage_is_in_the_reply(reply: str, known: bool) -> None:
    assert is_known(reply, Proposal("Who built the crane?", "Ada Poole")) is known
