import pytest

from services.generation.attribute import attribute
from tests.fakes import make_hit

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
def test_a_sentence_rests_on_the_passage_it_names_or_that_has_its_words(answer: str, expected: list[tuple[tuple[int, ...], bool]]) -> None:
    claims = attribute(answer, [SEAL, VALVE])
    assert [(claim.passages, claim.is_supported) for claim in claims] == expected
    assert all(answer[claim.start : claim.end].strip() == answer[claim.start : claim.end] for claim in claims)


def test_sentences_are_told_apart_by_their_ends() -> None:
    answer = "The valve opens at 3.5 bar! Is the seal turquoise? [1]\nYes"
    assert [answer[claim.start : claim.end] for claim in attribute(answer, [SEAL])] == [
        "The valve opens at 3.5 bar!",
        "Is the seal turquoise? [1]",
        "Yes",
    ]


def test_without_passages_nothing_is_supported() -> None:
    assert [(claim.passages, claim.support) for claim in attribute("The seal is turquoise.", [])] == [((), 0.0)]
