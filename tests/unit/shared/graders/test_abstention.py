import time

import pytest

from services.generation.settings import GenerationSettings
from shared.graders.abstention import abstains, measure_abstention

ABSTAIN = [
    GenerationSettings.model_fields["abstention"].default,
    "The documents do not answer this question",
    "I'm sorry, but the documents do not answer this question. Please ask the manufacturer.",
    "Unfortunately. The documents don't say.",
    "**Not in the documents.**",
    "That is not mentioned in the provided context.",
    "The torque is not specified in the given passages [1].",
    "There is no information about the torque in the documents.",
    "I cannot answer this from the passages.",
    "I can\u2019t find this in the documents.",
    "I don't know.",
    "I do not know",
    "The provided context does not contain information about its weight.",
    "The passages do not explicitly mention how often it is typically replaced.",
    "Based on the passages, this cannot be determined.",
    "This question is unanswerable.",
    "Nothing in the documents says how heavy it is.",
    "There is not enough information to answer.",
    "I don't have enough information to answer that question.",
    "None of the documents mention it.",
    "Unknown.",
    "Not specified",
    "N/A",
    "It is not known.",
    "There is no answer.",
    "I'm not sure about that.",
    "Sorry. Not mentioned.",
    "THE DOCUMENTS DO NOT ANSWER THIS QUESTION.",
]  # fmt: skip
ANSWER = [
    "",
    "Paris",
    "6.5 Nm",
    "The documents do not say, but it is probably 5 Nm.",
    "The documents do not answer this question. However, it is 5 Nm.",
    "The torque is 6.5 Nm. The documents do not mention the tool.",
    "It is not used in the manual transmission.",
    "The price does not include shipping.",
    "The documents answer this question: 5.",
    "Do not open the valve.",
    "No.",
    "It is unknown to most people, but 5 kg.",
    "The Tomb of the Unknown Soldier.",
    "He did not answer the question.",
    "I do not know exactly, but it may be 5.",
    "No answer is better than a wrong one.",
    "Not in Paris.",
    "\u6771\u4eac\u3067\u3059\u3002",
    "x" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("text", ABSTAIN, ids=lambda text: text[:40])
def test_an_answer_that_says_that_there_is_none_abstains(text: str) -> None:
    assert abstains(text)


@pytest.mark.parametrize("text", ANSWER, ids=lambda text: text[:40])
def test_an_answer_that_answers_does_not_abstain(text: str) -> None:
    assert not abstains(text)


def test_phrases_may_be_of_any_language() -> None:
    text = "\u8cc7\u6599\u306b\u306f\u8a18\u8f09\u304c\u3042\u308a\u307e\u305b\u3093\u3002"
    assert not abstains(text)
    assert abstains(text, ["\u8a18\u8f09\u304c\u3042\u308a\u307e\u305b\u3093"])
    assert abstains("Das STEHT NICHT in den Unterlagen.", ["steht nicht in den Unterlagen."])
    assert not abstains("anything", ["", " . "])


def test_long_answers_are_read_in_linear_time() -> None:
    started = time.process_time()
    for text in ("no " * 100_000, "the provided " * 100_000, "not " * 100_000, "nothing " + "a " * 100_000, ". " * 100_000):
        abstains(text)
    assert time.process_time() - started < 5


def test_precision_and_recall_are_those_of_the_set() -> None:
    figures = measure_abstention([(True, True)] * 6 + [(True, False)] * 2 + [(False, True)] * 3 + [(False, False)] * 9)
    assert (figures.questions, figures.had_to, figures.did, figures.rightly) == (20, 8, 9, 6)
    assert figures.precision == pytest.approx(6 / 9)
    assert figures.recall == pytest.approx(6 / 8)
    assert figures.f1 == pytest.approx(12 / 17)
    assert (figures.answered_wrongly, figures.abstained_wrongly) == (2, 3)


def test_a_figure_of_nothing_is_none() -> None:
    none = measure_abstention([])
    assert (none.questions, none.precision, none.recall, none.f1) == (0, None, None, None)
    never = measure_abstention([(False, False)] * 3)
    assert (never.precision, never.recall, never.f1) == (None, None, None)
    assert measure_abstention([(True, False)]).recall == 0.0
