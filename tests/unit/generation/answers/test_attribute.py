import time

import pytest

from services.generation.answers.attribute import attribute
from tests.fake_retrieval import make_hit

SEAL = make_hit("The seal of the pump is turquoise. It is changed every 400 hours.", 0.9)
VALVE = make_hit("The valve opens at 3.5 bar.", 0.8, file="file-b")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("The seal is turquoise.", [((1,), True)]),
        ("It opens at 3.5 bar. The seal is turquoise.", [((2,), True), ((1,), True)]),
        ("The seal is turquoise [2].", [((2,), False)]),
        ("The seal is turquoise [1][9].", [((1,), True)]),
        ("Bananas grow in Ecuador.", [((), False)]),
        ("Turquoise", [((1,), True)]),
        ("...\n\nis it?", []),
    ],
)
def test_a_sentence_rests_on_the_passage_in_its_marker_or_on_the_one_with_its_words(
    answer: str, expected: list[tuple[tuple[int, ...], bool]]
) -> None:
    claims = attribute(answer, [SEAL, VALVE])
    assert [(claim.passages, claim.is_supported) for claim in claims] == expected
    assert all(answer[claim.start : claim.end].strip() == answer[claim.start : claim.end] for claim in claims)


def test_an_answer_is_split_at_the_ends_of_its_sentences() -> None:
    answer = "The valve opens at 3.5 bar! Is the seal turquoise? [1]\nYes"
    assert [answer[claim.start : claim.end] for claim in attribute(answer, [SEAL])] == [
        "The valve opens at 3.5 bar!",
        "Is the seal turquoise? [1]",
        "Yes",
    ]


def test_a_list_is_not_split_at_its_numbers_and_markers_stay_with_their_sentence() -> None:
    answer = "1. The seal is turquoise.[1]\n2. The valve opens [1, 2] at 3.5 bar."
    first, second = attribute(answer, [SEAL, VALVE])
    assert [answer[claim.start : claim.end] for claim in (first, second)] == answer.split("\n")
    assert (first.passages, second.passages) == ((1,), (1, 2))


def test_a_number_that_is_in_no_passage_is_not_supported_by_the_words_around_it() -> None:
    right, wrong, thousands = attribute("It opens at 3.5 bar. It opens at 9 bar. The seal is changed every 0,400 hours.", [SEAL, VALVE])
    assert (right.is_supported, wrong.is_supported, wrong.support) == (True, False, 0.0)
    assert not thousands.is_supported
    assert attribute("It costs 1,200 euro.", [make_hit("The price is 1200 euro; it costs that.", 1)])[0].is_supported


def test_meaning_counts_as_much_as_words_if_its_similarity_is_known() -> None:
    answer = "Its packing ring shines bluish green."
    assert not attribute(answer, [SEAL, VALVE])[0].is_supported
    (claim,) = attribute(answer, [SEAL, VALVE], [[1.0, 0.2]])
    assert (claim.passages, claim.support) == ((1,), 0.5)


def test_languages_without_spaces_are_compared_by_their_characters() -> None:
    green, dear = "\u5bc6\u5c01\u5708\u662f\u7eff\u8272", "\u9999\u8549\u5f88\u8d35"  # the seal is green; bananas are dear
    first, second = attribute(f"{green}\u3002{dear}\u3002", [make_hit(f"{green}\u7684\u3002", 1)])
    assert (first.is_supported, second.is_supported) == (True, False)


@pytest.mark.parametrize("piece", [".", "!?", "\u2026", ". ", "[1,", "[1]", "1.", "\n1. ", '."', "..x", "a"])
def test_time_is_linear_in_the_length_of_the_answer(piece: str) -> None:
    started = time.process_time()
    attribute(piece * 30_000 + "x", [SEAL])
    assert time.process_time() - started < 2


def test_without_passages_nothing_is_supported() -> None:
    assert [(claim.passages, claim.support) for claim in attribute("The seal is turquoise.", [])] == [((), 0.0)]
