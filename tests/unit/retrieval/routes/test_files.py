import base64
from collections.abc import Callable
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


@pytest.mark.parametrize("form", [bytes, base64.b64encode])
def test_the_metrics_of_a_job_are_read_as_a_script_for_openai_reads_them(client: OpenAI, form: Callable[[bytes], bytes]) -> None:
    text = b"step,train_loss\n1,2.5\n"
    purpose: Any = "fine-tune-results"
    file = client.files.create(file=("step_metrics.csv", form(text)), purpose=purpose)
    assert [each.id for each in client.files.list(purpose=purpose)] == [file.id]
    content = client.files.content(file.id)
    decoded = base64.b64decode(content.text.encode("utf-8")) if form is base64.b64encode else content.read()
    assert (client.files.retrieve(file.id).purpose, decoded) == (purpose, text)
