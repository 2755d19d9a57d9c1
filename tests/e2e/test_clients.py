"""Stock clients against the real stack: the `openai` SDK of this environment, LangChain and LlamaIndex in the one they need."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openai import AsyncOpenAI, BadRequestError, NotFoundError, OpenAI
from pydantic import BaseModel

from tests.e2e.stack import Stack

pytestmark = pytest.mark.timeout(600)
HERE = Path(__file__).parent / "clients"
CACHE = Path(__file__).parents[2] / ".tandem" / "cache" / "clients"
QUESTION = "Under which code name was the Tarnwick 6 developed?"
SHORT: dict[str, Any] = {"temperature": 0, "max_tokens": 8}
# Answers that end before `max_tokens`, as the SDK's helpers for whole answers require.
CHOICE: dict[str, Any] = {"extra_body": {"structured_outputs": {"choice": ["Sandpiper", "Heron"]}}, "temperature": 0}
BIRD = {"type": "object", "properties": {"bird": {"enum": ["Sandpiper", "Heron"]}}, "required": ["bird"], "additionalProperties": False}
EMBEDDER = "all-MiniLM-L6-v2"
MESSAGES: Any = [{"role": "user", "content": QUESTION}]


class Mass(BaseModel):
    kg: int


def test_the_sdk_chats_plain_streamed_and_with_its_helpers(client: OpenAI, base: str) -> None:
    plain = client.chat.completions.create(model=base, messages=MESSAGES, **CHOICE).choices[0].message.content
    usage: Any = {"include_usage": True}
    seen = list(client.chat.completions.create(model=base, messages=MESSAGES, stream=True, stream_options=usage, **CHOICE))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in seen if chunk.choices) == plain
    assert seen[-1].usage is not None
    with client.chat.completions.stream(model=base, messages=MESSAGES, **CHOICE) as stream:
        kinds = [event.type for event in stream]
        assert stream.get_final_completion().choices[0].message.content == plain
    assert {"chunk", "content.delta", "content.done"} <= set(kinds)
    raw = client.chat.completions.with_raw_response.create(model=base, messages=MESSAGES, **CHOICE)
    assert raw.headers["x-request-id"]
    assert raw.parse().choices[0].message.content == plain


def test_the_sdk_gets_what_a_schema_asks_for(client: OpenAI, base: str) -> None:
    parsed = client.chat.completions.parse(model=base, messages=MESSAGES, response_format=Mass, temperature=0, max_tokens=40)
    assert isinstance(parsed.choices[0].message.parsed, Mass)


def test_the_sdk_completes_texts(client: OpenAI, base: str) -> None:
    plain = client.completions.create(model=base, prompt="A buoy is", **SHORT).choices[0].text
    streamed = client.completions.create(model=base, prompt="A buoy is", stream=True, **SHORT)
    assert "".join(chunk.choices[0].text for chunk in streamed) == plain


def test_the_sdk_reads_responses_plain_and_by_its_stream_helper(client: OpenAI, base: str, store: str) -> None:
    tools: Any = [{"type": "file_search", "vector_store_ids": [store], "max_num_results": 2}]
    text: Any = {"format": {"type": "json_schema", "name": "bird", "schema": BIRD, "strict": True}}
    asked: dict[str, Any] = {"model": base, "input": QUESTION, "tools": tools, "text": text, "temperature": 0, "max_output_tokens": 40}
    plain = client.responses.create(**asked)
    with client.responses.stream(**asked) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert kinds[0] == "response.created"
    assert "response.output_text.delta" in kinds
    assert final.output_text == plain.output_text != ""
    assert client.responses.retrieve(plain.id).output_text == plain.output_text


def test_the_sdk_works_asynchronously_with_many_calls_immediately(stack: Stack, base: str) -> None:
    async def ask() -> list[str]:
        async with AsyncOpenAI(base_url=stack.base_url, api_key="none", max_retries=0, timeout=300) as client:

            async def streamed(number: int) -> str:
                messages: Any = [{"role": "user", "content": f"Count to {number}."}]
                chunks = await client.chat.completions.create(model=base, messages=messages, stream=True, **SHORT)
                return "".join([chunk.choices[0].delta.content or "" async for chunk in chunks if chunk.choices])

            return await asyncio.gather(*(streamed(number) for number in range(8)))

    assert all(asyncio.run(ask()))


def test_the_sdk_embeds_lists_models_and_raises_its_own_errors(client: OpenAI, base: str) -> None:
    assert len(client.embeddings.create(model=EMBEDDER, input=["one", "two"]).data[1].embedding) == 384
    assert client.models.retrieve(base).id == base
    with pytest.raises(NotFoundError) as unknown:
        client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    assert unknown.value.code == "model_not_found"
    with pytest.raises(BadRequestError) as too_long:
        client.chat.completions.create(model=base, messages=[{"role": "user", "content": "word " * 5000}])
    assert too_long.value.code == "context_length_exceeded"


@pytest.fixture(scope="session")
def their_python() -> str:
    """A separate environment: LlamaIndex needs an older `openai` than this project's."""
    requirements = HERE / "requirements.txt"
    uv, python, done = Path(sys.executable).with_name("uv"), CACHE / "bin" / "python", CACHE / "requirements.txt"
    if not done.exists() or done.read_bytes() != requirements.read_bytes():
        for command in (
            ["venv", "--quiet", "--clear", "--python", sys.executable, str(CACHE)],
            ["pip", "install", "--quiet", "--no-deps", "--python", str(python), "--requirement", str(requirements)],
        ):
            made = subprocess.run([uv, *command], capture_output=True, text=True, timeout=300, check=False)
            if made.returncode:
                pytest.skip(f"LangChain and LlamaIndex cannot be installed here: {made.stderr.strip()[-300:]}")
        done.write_bytes(requirements.read_bytes())
    return str(python)


def answers_of(python: str, script: str, *arguments: str) -> dict[str, Any]:
    quiet = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANGSMITH_TRACING": "false"}
    done = subprocess.run([python, HERE / script, *arguments], capture_output=True, text=True, timeout=300, env=quiet, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def test_langchain_chats_streams_cites_and_embeds(their_python: str, stack: Stack, base: str, store: str) -> None:
    said = answers_of(their_python, "ask_langchain.py", stack.base_url, base, store, QUESTION)
    assert said["invoked"] == said["streamed"] == said["awaited"] == said["batched"][0] != ""
    assert said["tokens"] == 8
    without, with_documents = said["read"]
    assert with_documents > without + 50
    assert said["items"]
    assert [len(vector) for vector in said["texts"]] == [384, 384]
    assert said["query"] == pytest.approx(said["texts"][0], abs=0.01)


def test_llamaindex_chats_streams_and_completes(their_python: str, stack: Stack, base: str, store: str) -> None:
    said = answers_of(their_python, "ask_llamaindex.py", stack.base_url, base, store, QUESTION)
    assert said["chatted"] == said["streamed"] == said["awaited"] != ""
    assert "overview.md" in said["cited"]
    assert said["completed"] == said["completed_by_stream"] != ""
