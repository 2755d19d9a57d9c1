import pytest

from services.evaluation.questions.words import contains_words, find_numbers, normalize, split_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What's the “K-17”?", "what s the k 17"),
        ("STRASSE, Straße", "strasse strasse"),
        ("ﬁne \uff15 cm²", "fine 5 cm 2"),
        ("6.5 Nm, 2,170 units.", "6.5 nm 2,170 units"),
        ("東京は 3月", "東 京 は 3 月"),
        (" \n ?!", ""),
    ],
)
def test_words_are_normalized_in_every_script(text: str, expected: str) -> None:
    assert normalize(text) == expected


def test_a_part_stands_in_words_only_as_whole_words() -> None:
    words = split_words("The pump runs at 65 Nm.")
    assert contains_words(words, split_words("65 nm"))
    assert not contains_words(words, split_words("6.5 Nm"))
    assert not contains_words(words, split_words("um"))
    assert not contains_words(words, [])


def test_numbers_are_found_in_any_order() -> None:
    assert find_numbers(split_words("From 12 to 3.5 in K17")) == ["12", "17", "3.5"]
