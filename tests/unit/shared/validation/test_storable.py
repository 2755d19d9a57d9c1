"""What a model wrote can be stored."""

from typing import Any

import pytest

from shared.validation.storable import find_unstorable, make_storable

FFFD = "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("a\0b\ud83d c", f"a{FFFD}b? c"),
        ({"k\0": [1, "é", None, 2.5, True]}, {f"k{FFFD}": [1, "é", None, 2.5, True]}),
        ([{"text": "😀"}, []], [{"text": "😀"}, []]),
    ],
)
def test_text_loses_what_a_database_refuses_and_nothing_else(value: Any, stored: Any) -> None:
    assert make_storable(value) == stored
    assert find_unstorable(make_storable(value)) is None
