import json
from typing import Any

import pytest

from services.retrieval.uploads.expiry import read_expiry
from shared.errors import InvalidRequest


def test_both_ways_of_sending_it_mean_the_same() -> None:
    assert read_expiry({}) is None
    assert read_expiry({"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}) == 3600
    assert read_expiry({"expires_after": '{"anchor": "created_at", "seconds": 2592000}'}) == 2592000


def test_null_is_the_same_as_not_sent() -> None:
    assert read_expiry({"expires_after": "null"}) is None
    assert read_expiry({"expires_after": "null", "expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}) == 3600


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"expires_after[anchor]": "created_at"}, "expires_after[seconds]"),
        ({"expires_after[seconds]": "3600"}, "expires_after[anchor]"),
        ({"expires_after[anchor]": "created_at", "expires_after[seconds]": "3599"}, "expires_after[seconds]"),
        ({"expires_after[anchor]": "created_at", "expires_after[seconds]": "9" * 5000}, "expires_after[seconds]"),
        ({"expires_after[anchor]": "created_at", "expires_after[seconds]": "²"}, "expires_after[seconds]"),
        ({"expires_after": "{}", "expires_after[seconds]": "3600"}, "expires_after"),
    ],
)
def test_wrong_keys_are_refused_under_their_own_name(fields: dict[str, str], param: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_expiry(fields)
    assert caught.value.param == param


@pytest.mark.parametrize(
    ("value", "param"),
    [
        ([], "expires_after"),
        (3600, "expires_after"),
        ({}, "expires_after.anchor"),
        ({"anchor": "created_at"}, "expires_after.seconds"),
        ({"anchor": "created_at", "seconds": True}, "expires_after.seconds"),
        ({"anchor": "created_at", "seconds": "3600"}, "expires_after.seconds"),
        ({"anchor": "created_at", "seconds": 3600.5}, "expires_after.seconds"),
        ({"anchor": "created_at", "seconds": 2592001}, "expires_after.seconds"),
        ({"anchor": "last_active_at", "seconds": 3600}, "expires_after.anchor"),
        ({"anchor": "created_at", "seconds": 3600, "days": 1}, "expires_after.days"),
    ],
)
def test_wrong_json_is_refused_with_the_path_of_the_field(value: Any, param: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_expiry({"expires_after": json.dumps(value)})
    assert caught.value.param == param


@pytest.mark.parametrize(
    ("seconds", "problem", "code"),
    [
        ("5", "must be between 3600 and 2592000; got 5.", "integer_below_min_value"),
        ("-5", "must be between 3600 and 2592000; got -5.", "integer_below_min_value"),
        ("2592001", "must be between 3600 and 2592000; got 2592001.", "integer_above_max_value"),
        ("soon", 'must be an integer; got the string "soon".', "invalid_type"),
    ],
)
def test_wrong_seconds_have_the_same_error_in_both_forms(seconds: str, problem: str, code: str) -> None:
    parts = {"expires_after[anchor]": "created_at", "expires_after[seconds]": seconds}
    value = json.dumps({"anchor": "created_at", "seconds": seconds if seconds == "soon" else int(seconds)})
    for fields, param in ((parts, "expires_after[seconds]"), ({"expires_after": value}, "expires_after.seconds")):
        with pytest.raises(InvalidRequest) as caught:
            read_expiry(fields)
        assert (caught.value.message, caught.value.param, caught.value.code) == (f"'{param}' {problem}", param, code)


@pytest.mark.parametrize("text", ["", "{", "[" * 4000, '{"anchor": "created_at", "seconds": NaN}', '{"\\ud83d": 1}', '{"\\u0000": 1}'])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="must be a JSON object"):
        read_expiry({"expires_after": text})
