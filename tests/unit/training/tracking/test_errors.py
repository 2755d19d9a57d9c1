"""What a tracker's library raised, as an event shows it."""

import pytest

from services.training.tracking.errors import describe_error, hide_credentials

SECRETS = {"WANDB_API_KEY": "0123456789abcdef", "MLFLOW_TRACKING_PASSWORD": "geheim!", "SHORT_TOKEN": "is", "HOME": "/home/me"}


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("Not found"), "ValueError: Not found."),
        (ValueError("First line.\nSecond line."), "ValueError: First line."),
        (ValueError(), "ValueError."),
        (OSError(2, "No such file"), "FileNotFoundError: [Errno 2] No such file."),
        (ValueError("key 0123456789abcdef of /home/me is geheim!"), "ValueError: key … of /home/me is …"),
        (ValueError("http://me:geheim@host:80/api and https://token@host"), "ValueError: http://host:80/api and https://host."),
        (ValueError("http://me:p@ss@host/api"), "ValueError: http://host/api."),
        (ValueError("x" * 1000), f"ValueError: {'x' * 287}…"),
    ],
)
def test_an_error_is_one_line_without_credentials(error: Exception, text: str) -> None:
    assert describe_error(error, SECRETS) == text


def test_an_address_without_credentials_stays_as_it_is() -> None:
    assert hide_credentials("http://mlflow.example:5000/#/experiments/1?a=b@c", {}) == "http://mlflow.example:5000/#/experiments/1?a=b@c"
