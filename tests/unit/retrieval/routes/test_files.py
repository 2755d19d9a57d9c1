from typing import Any

import openai
import pytest
from openai import OpenAI


def test_an_upload_can_expire(client: OpenAI) -> None:
    text: Any = ("a.txt", b"a")
    file = client.files.create(file=text, purpose="assistants", expires_after={"anchor": "created_at", "seconds": 3600})
    assert file.expires_at == file.created_at + 3600
    assert client.files.retrieve(file.id).expires_at == file.expires_at
    assert client.files.create(file=text, purpose="assistants").expires_at is None
    batch = client.files.create(file=text, purpose="batch")
    assert batch.expires_at == batch.created_at + 30 * 86400
    for wrong in ({"anchor": "created_at", "seconds": 60}, {"anchor": "last_active_at", "seconds": 3600}, {"anchor": "created_at"}):
        with pytest.raises(openai.BadRequestError, match="expires_after"):
            client.files.create(file=text, purpose="assistants", expires_after=wrong)  # type: ignore[arg-type]
