"""A base model whose chat template begins an answer differently in a prompt than in a complete chat, as that of DeepSeek's R1 does."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.errors.wording import faults
from shared.datasets.examples.answers import NOT_CONTINUED
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.serving import serving
from tests.unit.generation.conftest import FrontDoor
from tests.unit.generation.routes.test_estimate import PAIRS
from tests.unit.generation.routes.test_refused_alike import ESTIMATE, JOBS, VALIDATE, refuse
from tests.unit.generation.routes.test_validate_tokens import GOOD, line


class ThinkingEngine(FakeEngine):
    """An engine whose prompts begin the thinking of an answer. A token is a letter."""

    def __init__(self, begins: str = "<think>\n") -> None:
        super().__init__()
        self.begins = begins
        self.asked: list[str] = []

    def app(self) -> Starlette:
        """Return the server, which reads tokens as text, too."""
        app = super().app()
        app.router.routes.append(Route("/detokenize", self._detokenize, methods=["POST"]))
        return app

    async def _tokenize(self, request: Request) -> Response:
        self.asked.append("tokenize")
        fields = await request.json()
        text = "".join(f"<{message['role']}>{message['content']}<end>" for message in fields["messages"])
        tokens = [ord(letter) for letter in text + (f"<assistant>{self.begins}" if fields["add_generation_prompt"] else "")]
        return JSONResponse({"count": len(tokens), "max_model_len": self.context_length, "tokens": tokens})

    async def _detokenize(self, request: Request) -> Response:
        self.asked.append("detokenize")
        return JSONResponse({"prompt": "".join(chr(token) for token in (await request.json())["tokens"])})


class MuteEngine(ThinkingEngine):
    """The same engine, which cannot read tokens as text."""

    async def _detokenize(self, _: Request) -> Response:
        return JSONResponse({"detail": "Not Found"}, 404)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "base"
    folder.mkdir()
    return write_config(folder, model_type="llama")


def write_config(base: Path, model_type: str) -> Path:
    (base / "config.json").write_text(f'{{"model_type": "{model_type}", "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 1000}}')
    return base


@pytest.fixture
def opened(base: Path, open_front_door: FrontDoor) -> Any:
    """Return what opens a client of a front door with such an engine."""

    @contextmanager
    def start(engine: FakeEngine) -> Iterator[httpx.Client]:
        with ExitStack() as stack:
            engine_url = stack.enter_context(serving(engine.app()))
            url = stack.enter_context(open_front_door({"base_model": str(base)}, engine_url=engine_url))
            yield stack.enter_context(httpx.Client(base_url=url, timeout=20))

    return start


def test_a_job_is_refused_at_creation_with_the_workers_words_and_the_lines(opened: Any, retrieval: FakeRetrieval) -> None:
    content = GOOD + line("And you?", "<think>\nNone.\n</think>\n\nTwo.")
    body = {"training_file": retrieval.add_file(content)}
    with opened(ThinkingEngine()) as http:
        refused = refuse(http, JOBS, **body)
        assert refuse(http, ESTIMATE, **body) == refused
        report = http.post(VALIDATE, json={"model": "tiny", **body}).json()["training_file"]
    assert refused[1:] == ("training_file", "invalid_training_file")
    assert refused[0].startswith(f"Line 1: {NOT_CONTINUED}\nLine 2: ")
    assert "Line 13" not in refused[0]
    assert [(each["line"], each["code"]) for each in report["problems"]] == [(number, "chat_template") for number in range(1, 13)]
    assert report["tokens"]["counted"] == 13
    assert faults(NOT_CONTINUED[0].upper() + NOT_CONTINUED[1:]) == []


def test_a_validation_file_and_preference_pairs_are_refused_as_well(opened: Any, retrieval: FakeRetrieval) -> None:
    good = b"".join(line(f"How many arms has robot {number}?", "<think>\n\n</think>\n\nTwo.") for number in range(12))
    files = {"training_file": retrieval.add_file(good), "validation_file": retrieval.add_file(good + GOOD)}
    with opened(ThinkingEngine()) as http:
        assert refuse(http, JOBS, **files)[0].startswith(f"Line 13: {NOT_CONTINUED}")
        pairs = refuse(http, JOBS, training_file=retrieval.add_file(PAIRS), method={"type": "dpo"})
    assert pairs[0].startswith(f"Line 1: {NOT_CONTINUED}")


@pytest.mark.parametrize("engine", [MuteEngine(), ThinkingEngine(begins="")], ids=["mute", "fit"])
def test_an_engine_that_cannot_say_it_and_a_template_that_fits_refuse_nothing(
    opened: Any, retrieval: FakeRetrieval, engine: ThinkingEngine
) -> None:
    with opened(engine) as http:
        assert http.post(JOBS, json={"model": "tiny", "training_file": retrieval.add_file(GOOD)}).status_code == 200
    expected = {"tokenize": 24, "detokenize": 0} if engine.begins == "" else {"tokenize": 24}
    assert {name: engine.asked.count(name) for name in expected} == expected


def test_a_model_whose_chats_the_engine_renders_otherwise_is_not_refused(opened: Any, base: Path, retrieval: FakeRetrieval) -> None:
    write_config(base, "gpt_oss")
    with opened(ThinkingEngine()) as http:
        assert http.post(JOBS, json={"model": "tiny", "training_file": retrieval.add_file(GOOD)}).status_code == 200
