import pytest

from services.evaluation.datasets.synthesis.candidates import MAX_CANDIDATES, find_candidates
from shared.contracts.datasets import Kind
from shared.graders.text import contains_words

KINDS: tuple[Kind, ...] = ("number", "name")
OTHERS: tuple[Kind, ...] = ("fact", "list", "why", "yes_no")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("The crane weighs 12.5 kilograms and costs 218,000 euro.", ["12.5 kilograms", "218,000 euro"]),
        ("It works from \u221218 \u00b0C to 45 \u00b0C, at 95 % humidity.", ["\u221218 \u00b0C", "45 \u00b0C", "95 %"]),
        ("It leaves at 6:40 and was built in 1998 by Ada.", ["6:40", "1998"]),
        ("Tighten it with 6.5 Nm; the T6-R and the A4 need 65 Nm.", ["6.5 Nm", "65 Nm"]),
        ("No number here.", []),
        ("", []),
    ],
)
def test_numbers_have_their_unit_or_what_is_counted(text: str, numbers: list[str]) -> None:
    assert find_candidates(text, "number") == numbers


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The crane was built by Ada Poole in Leeds.", ["Ada Poole", "Leeds"]),
        ("Ravel Weir is a lock. It was opened by the Lord Mayor of York.", ["Ravel Weir", "Lord Mayor of York"]),
        ("Nothing is named. Nobody is.", []),
        ("\u8d77\u91cd\u673a", []),
    ],
)
def test_names_have_capitals_that_do_not_only_begin_a_sentence(text: str, names: list[str]) -> None:
    assert find_candidates(text, "name") == names


def test_other_kinds_have_no_candidates() -> None:
    assert [find_candidates("Ada weighs 12 kg.", kind) for kind in OTHERS] == [[]] * len(OTHERS)


def test_candidates_stand_in_the_passage_once_each_and_are_not_too_many() -> None:
    text = " ".join(f"Part {number} weighs {number}.5 kg, says Ada Poole." for number in range(100))
    for kind in KINDS:
        found = find_candidates(text, kind)
        assert len(found) == len(set(found)) <= MAX_CANDIDATES
        assert all(contains_words(text, each) for each in found)
