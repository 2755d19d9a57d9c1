"""Signs what is sent to an endpoint, as the Standard Webhooks specification (version 1, symmetric) and OpenAI have it.

The signature is the base64 of HMAC-SHA256 over `id.timestamp.body`. The key is the secret without `whsec_`, decoded from base64.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32  # the specification asks for 24 to 64


def new_secret() -> str:
    """Return a random secret: `whsec_` and 32 bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def mask(secret: str) -> str:
    """Return the hint that is shown in place of a secret."""
    return f"{PREFIX}...{secret[-4:]}"


def sign(signing_secrets: Sequence[str], id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers `webhook-id`, `webhook-timestamp` (seconds since 1970) and `webhook-signature`, with one signature per secret."""
    content = f"{id}.{timestamp}.".encode() + body
    signatures = [f"v1,{_signature(secret, content)}" for secret in signing_secrets]
    return {"webhook-id": id, "webhook-timestamp": str(timestamp), "webhook-signature": " ".join(signatures)}


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
