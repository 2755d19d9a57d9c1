import pytest

from services.evaluation.datasets.synthesis.filters import KeptQuestions, find_fault, measure_difficulty
from services.evaluation.datasets.synthesis.propose import Proposal
from shared.contracts.datasets import Kind
from tests.unit.evaluation.datasets.cases import make_passage


def fault(question: str, answer: str, kind: Kind = "fact", text: str | None = None) -> str | None:
    return find_fault(Proposal(question, answer), make_passage(text) if text else make_passage(), kind)


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        ("How heavy is the crane of the Kestrel?", "12.5 kilograms", "number"),
        ("Who built the crane?", "Ada Poole", "name"),
        ("Who built the crane, and where?", "Ada Poole, Leeds", "list"),
        ("Why was the crane of the Kestrel built?", "the old one had rusted through", "why"),
        ("Did Ada Poole build the crane?", "yes", "yes_no"),
    ],
)
def test_a_good_question_has_no_fault(question: str, answer: str, kind: Kind) -> None:
    assert fault(question, answer, kind) is None


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("The crane was built by Ada Poole.", "Ada Poole", "not_a_question"),
        ("Crane weight?", "12.5 kilograms", "not_a_question"),
        ("What do we know of the crane?", "crane " * 21, "answer_too_long"),
        ("What is the crane's weight according to the passage?", "12.5 kilograms", "mentions_passage"),
        ("Who built the crane mentioned?", "Ada Poole", "mentions_passage"),
        ("Wie schwer ist der Kran im Text?", "12.5 kilograms", "mentions_passage"),
        ("How heavy is the crane of the Kestrel?", "125 kilograms", "answer_not_in_passage"),
        ("How heavy is the crane of the Kestrel?", "2.5 kilograms", "answer_not_in_passage"),
        ("What did Ada Poole build in Leeds?", "Ada Poole", "answer_in_question"),
        ("What is it about, then?", "Ada Poole", "vague"),
    ],
)
def test_each_fault_is_found(question: str, answer: str, expected: str) -> None:
    assert fault(question, answer) == expected


def test_a_question_about_the_example_in_the_prompt_is_left_out_unless_the_passage_is_about_it_too() -> None:
    passage = "The crane was built by Ada Poole in Leeds, because the old one had rusted through, and nobody paid for it."
    assert fault("Who built the crane of the Kestrel?", "Ada Poole", text=passage) == "copies_example"
    assert fault("Who built the crane of the Kestrel?", "Ada Poole") is None


def test_every_item_of_a_list_must_stand_in_the_passage() -> None:
    assert fault("Who built the crane, and where?", "Ada Poole, York", "list") == "answer_not_in_passage"
    assert fault("Who built the crane, and where?", ", ;", "list") == "answer_not_in_passage"


def test_a_sign_is_part_of_a_number() -> None:
    assert fault("How cold may the winch get?", "18 °C", "number", "The winch works down to -18 °C, but not below. " * 2) is not None
    assert fault("How cold may the winch get?", "-18 °C", "number", "The winch works down to \u221218 °C, but not below. " * 2) is None


def test_questions_in_other_scripts_are_questions() -> None:
    text = "起重机由艾达在利兹建造,因为旧的已经锈穿了。起重机重十二公斤。" * 3
    assert fault("谁建造了起重机\uff1f", "艾达", "name", text) is None
    assert fault("谁建造了起重机", "艾达", "name", text) == "not_a_question"
    assert fault("谁建造了起重机\uff1f", "鲍勃", "name", text) == "answer_not_in_passage"


def test_the_document_may_be_what_a_question_is_about_if_it_has_a_number() -> None:
    assert (
        fault("Who signed the document 7 of Leeds?", "Ada Poole", text="Ada Poole signed the document 7 of Leeds, and no one else did so.")
        is None
    )


def test_a_question_is_harder_if_its_words_are_not_in_the_sentence() -> None:
    evidence = "The crane of the Kestrel weighs 12.5 kilograms."
    assert measure_difficulty("Which crane of the Kestrel weighs it?", evidence) == "easy"
    assert measure_difficulty("What mass does the crane have?", evidence) == "hard"
    assert measure_difficulty("How heavy might the Kestrel crane be?", evidence) == "medium"
    assert measure_difficulty("Who is he?", evidence) == "hard"


def test_a_question_with_the_same_words_was_kept_whatever_its_answer() -> None:
    kept = KeptQuestions()
    kept.add(Proposal("How heavy is the crane?", "12 kg"), "file-a")
    assert kept.has(Proposal("how heavy, is the CRANE?", "13 kg"), "file-b")
    assert not kept.has(Proposal("How heavy is the drum?", "13 kg"), "file-b")


def test_questions_with_one_answer_are_the_same_if_they_are_alike() -> None:
    kept = KeptQuestions()
    kept.add(Proposal("How heavy is the crane of the Kestrel?", "12.5 kilograms"), "file-a")
    assert kept.has(Proposal("How heavy is the crane of the Kestrel now?", "12.5 kilograms"), "file-b")
    assert kept.has(Proposal("What is the weight of the crane of the Kestrel?", "12.5 kilograms"), "file-a")
    assert not kept.has(Proposal("What is the weight of the crane of the Kestrel?", "12.5 kilograms"), "file-b")
    assert not kept.has(Proposal("Which load may the mooring chain carry?", "12.5 kilograms"), "file-a")
