"""Which chat template vLLM uses for a base model, and whether it may show tools."""

import json
from pathlib import Path

import pytest

from deploy.local.environment import TOOLS_TEMPLATE
from shared.errors import TandemError
from shared.records.models.chat_template import ChatTemplateSources, is_harmony_model, read_chat_template

TOOLS = "{% for tool in tools %}{{ tool }}{% endfor %}{{ message.tool_calls }}"


def store(folder: Path, **files: object) -> Path:
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value))
    return folder


def test_a_model_has_the_template_of_its_tokenizer(tmp_path: Path) -> None:
    assert read_chat_template(store(tmp_path, tokenizer_config={"chat_template": "x"})) == ChatTemplateSources("x", "x")


def test_a_folder_without_a_template_or_no_folder_has_none(tmp_path: Path) -> None:
    assert read_chat_template(store(tmp_path, tokenizer_config={})) is read_chat_template(tmp_path / "nowhere") is None


def test_the_engines_template_takes_precedence(tmp_path: Path) -> None:
    folder = store(tmp_path, tokenizer_config={"chat_template": "x"})
    (tmp_path / "own.jinja").write_text("own")
    assert read_chat_template(folder, tmp_path / "own.jinja") == ChatTemplateSources("own", "own")
    with pytest.raises(TandemError, match=r"TANDEM_CHAT_TEMPLATE\) does not exist"):
        read_chat_template(folder, tmp_path / "other.jinja")


@pytest.mark.parametrize(("source", "shows"), [(TOOLS, True), ("{{ tools }}", False), ("{{ message.tool_calls }}", False), ("", False)])
def test_a_template_without_tools_or_calls_cannot_show_them(source: str, shows: bool) -> None:
    assert ChatTemplateSources("", source).may_show_tools == shows


def test_the_template_of_the_one_machine_stack_shows_tools() -> None:
    sources = read_chat_template(Path("nowhere"), TOOLS_TEMPLATE)
    assert sources
    assert sources.may_show_tools


def test_vllm_renders_the_chats_of_gpt_oss_itself(tmp_path: Path) -> None:
    assert not is_harmony_model(tmp_path)
    assert is_harmony_model(store(tmp_path, config={"model_type": "gpt_oss"}))
