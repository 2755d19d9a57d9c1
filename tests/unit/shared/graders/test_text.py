import random
import re
import string
import time
from collections import Counter
from pathlib import Path

import pytest

from shared.graders.numbers import parse_value
from shared.graders.text import contains_words, exact_match, normalize, token_f1, words

SAME = [
    ("The Eiffel Tower.", "eiffel tower"), ("1,000", "1000"), ("1'000", "1000"), ("1\u00a0000", "1000"), ("1\u202f000 km", "1,000 km"),
    ("12,34,567", "1234567"), ("1.234,56", "1,234.56"), ("1.234.567", "1234567"), ("6,5 Nm", "6.5 Nm"), ("6.50 Nm", "6.5 Nm"),
    ("6.5Nm", "6.5 newton meters"), ("6.5 N\u00b7m", "6.5 Nm"), ("\u221218", "-18"), ("\u201318 \u00b0C", "-18\u00b0C"),
    ("minus 18 degrees Celsius", "-18 \u2103"), ("-$5", "$-5"), ("$5.00", "5 dollars"), ("5 USD", "US$5"), ("\u20ac5", "5 euros"),
    ("50%", "50 percent"), ("50 per cent", "50.0 %"), ("\uff15\uff10\uff05", "50%"), ("\u00bd", "1/2"), ("2\u00bd", "2 1/2"),
    ("10-18", "10 \u2013 18"), ("10\u201318 mm", "10 to 18 mm"), ("10 mm - 18 mm", "10 mm to 18 mm"), ("3 million", "3,000,000"),
    ("\u00a330m", "30 million pounds"), ("$2.5B", "2,500,000,000 USD"),
    ("$1.5 billion", "1,500,000,000 dollars"), ("+5", "5"), (".5", "0.5"), ("10\u00b2", "10^2"), ("6.02\u00d710^23", "6.02e23"),
    ("\u0661\u0662\u0663", "123"), ("<= 5", "\u22645"), ("5 kilograms", "5 kg"), ("3 amps", "3 A"),
    ("\u6771\u4eac \u90fd", "\u6771\u4eac\u90fd"),
    ("Stra\u00dfe", "STRASSE"), ("e\u0301", "\u00e9"), ("\u00abParis\u00bb", "Paris"), ("don\u2019t", "don't"), ("COVID-19", "covid19"),
    ("5.", "5"), ("(5)", "5"), ("4 GB", "4 gigabytes"), ("-0.5", "-.5"), ("\u7d04 6.5", "\u7d046.5"),
]  # fmt: skip
DIFFERENT = [
    ("6.5 Nm", "65 Nm"), ("-18", "18"), ("\u221218", "18"), ("6.5 Nm", "6.5 nm"), ("5 mW", "5 MW"), ("5 A", "5 V"), ("5 A", "5"),
    ("1a", "1"),
    ("$5", "5"), ("$5", "\u20ac5"), ("5%", "5"), ("5%", "5\u2030"), ("3.10", "3.1"), ("v6.5", "v65"), ("10-18", "1018"),
    ("10-18", "10 -18"),
    ("10:30", "1030"), ("1/2", "12"), ("2\u00bd", "21/2"), ("1.000", "1000"), ("0,125", "0125"), ("C++", "C"), ("C#", "C"), ("<5", "5"),
    ("\u00b10.1", "0.1"), ("10^3", "103"), ("10\u00b2", "102"), ("007", "7"), ("1e5", "15"), ("?", "!"), ("-", "+"), ("", "0"),
    ("10.0.0.1", "10001"),
    ("5 kg", "5 g"), ("1,2,3", "123"), ("-5", "5-"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_said_otherwise_is_the_same(one: str, other: str) -> None:
    assert exact_match(one, other) == 1.0, (words(one), words(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_another_value_sign_or_unit_is_another_answer(one: str, other: str) -> None:
    assert exact_match(one, other) == 0.0, (words(one), words(other))


def test_the_table_of_the_documentation_is_right() -> None:
    page = (Path(__file__).parents[4] / "docs" / "graders.md").read_text(encoding="utf-8")
    rows = re.search(r"\| the same \| not the same \|\n\| --- \| --- \|\n((?:\|.*\n)+)", page)
    assert rows is not None
    same, different = zip(*(row.split("|")[1:3] for row in rows[1].splitlines()), strict=True)
    groups = [re.findall(r"`([^`]+)`", group) for cell in same for group in cell.split(";")]
    assert [[normalize(each) for each in group] for group in groups] == [[normalize(group[0])] * len(group) for group in groups]
    pairs = [pair for cell in different for pair in re.findall(r"`([^`]+)` and `([^`]+)`", cell)]
    assert len(groups) == 8 and len(pairs) == 11
    assert [pair for pair in pairs if exact_match(*pair)] == []


def squad(text: str) -> str:
    """Return what `normalize_answer` of SQuAD's script makes of a text."""
    without = "".join(each for each in text.lower() if each not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", without).split())


def test_text_without_numbers_is_normalized_as_by_the_script_of_squad() -> None:
    chance = random.Random(0)
    letters = string.ascii_letters + string.punctuation.replace("+", "").replace("#", "") + "   "
    for _ in range(2000):
        pieces = chance.choices(["the", "A", "an", "Paris", "don't", "co-op", *letters], k=chance.randrange(1, 12))
        text = chance.choice(["", " "]).join(pieces)
        if squad(text):
            assert normalize(text) == squad(text), text


def test_f1_of_text_without_numbers_is_that_of_squad() -> None:
    def script_f1(one: str, other: str) -> float:
        ours, theirs = squad(one).split(), squad(other).split()
        same = sum((Counter(ours) & Counter(theirs)).values())
        if not same:
            return 0.0
        precision, recall = same / len(ours), same / len(theirs)
        return 2 * precision * recall / (precision + recall)

    chance = random.Random(1)
    for _ in range(500):
        one, other = (
            " ".join(chance.choices(["the", "cat", "Cat,", "sat", "on", "mats", "a"], k=chance.randrange(1, 9))) for _ in range(2)
        )
        if squad(one) and squad(other):
            assert token_f1(one, other) == pytest.approx(script_f1(one, other))


def test_normalizing_twice_changes_nothing_more() -> None:
    for text in {each for pair in SAME for each in pair}:
        assert normalize(normalize(text)) == normalize(text), text


@pytest.mark.parametrize(
    ("one", "other", "f1"),
    [("6.5 Nm", "65 Nm", 0.5), ("\u6771\u4eac\u90fd", "\u6771\u4eac", 0.8), ("", "", 1.0), ("", "a b", 0.0), ("cat cat", "cat", 2 / 3)],
)
def test_f1_counts_shared_words(one: str, other: str, f1: float) -> None:
    assert token_f1(one, other) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("text", "accepted", "score"),
    [("It is Paris.", "Paris", 1), ("Parisian", "Paris", 0), ("165 km", "65 km", 0), ("-18", "18", 0), ("about 6.5 Nm, twice", "6.5 Nm", 1),
     ("6.5 nm", "6.5 Nm", 0), ("\u6771\u4eac\u90fd\u3067\u3059", "\u6771\u4eac", 1), ("anything", "", 0), ("", "x", 0), ("really?", "?", 0),
     ("x b c", "x c", 0), ("He said: New  York!", "new york", 1)],
)  # fmt: skip
def test_contained_words_are_whole_and_next_to_each_other(text: str, accepted: str, score: float) -> None:
    assert contains_words(text, accepted) == score


def test_a_number_of_any_size_keeps_its_value() -> None:
    chance = random.Random(2)
    for _ in range(2000):
        value = chance.choice([chance.randrange(10 ** chance.randrange(1, 13)), round(chance.uniform(0, 10**6), chance.randrange(1, 5))])
        sign = chance.choice(["", "-"])
        (grouped,), (plain,) = words(f"{sign}{value:,}"), words(f"{sign}{value}")
        assert grouped == plain
        assert parse_value(plain) == parse_value(f"{sign}{value}")


HOSTILE = [
    "1" * 100_000, "1," * 30_000, "1.1" * 30_000, "1'111" * 20_000, "-" * 100_000, "$" * 100_000, "1/" * 30_000, "a1-" * 100_000,
    "1 million " * 10_000,
    "minus " * 50_000, "\u00bd" * 30_000, "\u6771" * 30_000, "1\u00a0000" * 20_000, "e\u0301" * 100_000, " " * 100_000, "10:" * 30_000,
    "1e1" * 30_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:6]))
def test_long_text_is_normalized_in_linear_time(text: str) -> None:
    started = time.process_time()
    normalize(text)
    assert time.process_time() - started < 10


def test_values_that_are_no_numbers_are_none() -> None:
    assert [parse_value(word) for word in ("1/0", "10:30", "1.2.3", "abc", "", "1" * 5000, "12/05/2024")] == [None] * 7
