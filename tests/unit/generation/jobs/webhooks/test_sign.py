import base64

import pytest
from openai import InvalidWebhookSignatureError, OpenAI

from services.generation.jobs.webhooks.sign import mask, new_secret, sign

BODY = '{"id":"evt_1","type":"fine_tuning.job.succeeded","data":{"id":"ftjob-ü"}}'.encode()


def test_the_signature_is_that_of_the_standards_example() -> None:
    """The secret, the message and the signature are those in the specification's reference tests."""
    headers = sign(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330")


def verify(secret: str, body: bytes, headers: dict[str, str]) -> None:
    OpenAI(api_key="none").webhooks.verify_signature(body, headers, secret=secret, tolerance=10**12)


def test_the_sdk_verifies_each_of_the_secrets_and_nothing_that_was_changed() -> None:
    old, new = new_secret(), new_secret()
    headers = sign([new, old], "wh_1", 5, BODY)
    for secret in (old, new):
        verify(secret, BODY, headers)
    for secret, body, changed in (
        (new_secret(), BODY, {}),
        (new, BODY.replace(b"succeeded", b"failed"), {}),
        (new, BODY, {"webhook-id": "wh_2"}),
        (new, BODY, {"webhook-timestamp": "6"}),
    ):
        with pytest.raises(InvalidWebhookSignatureError):
            verify(secret, body, {**headers, **changed})


def test_a_secret_is_32_bytes_in_base64_and_its_hint_shows_four_characters() -> None:
    secret = new_secret()
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    assert mask(secret) == f"whsec_...{secret[-4:]}"
