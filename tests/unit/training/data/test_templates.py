"""Chat templates render as Hugging Face defines it, and a template that refuses a chat says why."""

import json
from pathlib import Path

import pytest

from services.training.data.chat_format import ChatTemplateError
from services.training.data.harmony import Harmony
from services.training.data.templates import ChatTemplate, open_template
from shared.errors import TandemError
from tests.unit.training.cases import CHATML, END, chat, make_model_folder

TOOL = {"function": {"name": "find", "unknown": 1}, "type": "function"}


def make_template(source: str = CHATML) -> ChatTemplate:
    return ChatTemplate(source, {"eos_token": END})


def test_a_generation_prompt_ends_where_the_answer_begins() -> None:
    assert make_template().render(chat("Who?"), add_generation_prompt=True).endswith(f"{END}\n<|im_start|>assistant\n")


def test_a_template_that_refuses_a_chat_says_why() -> None:
    strict = make_template("{{ raise_exception('only one turn, please') if messages | length > 2 }}" + CHATML)
    with pytest.raises(ChatTemplateError, match="only one turn, please"):
        strict.render(chat("Who?", "Ada.", "When?", "1843"))


def test_a_template_that_is_not_valid_jinja_is_refused() -> None:
    with pytest.raises(TandemError, match="not valid") as caught:
        make_template("{% for")
    assert caught.value.code == "base_model_unfit"


def test_json_in_a_template_is_not_escaped() -> None:
    assert make_template("{{ {'a': 'é<'} | tojson }}").render([]) == '{"a": "é<"}'


def test_a_template_that_writes_the_date_is_recognized() -> None:
    assert make_template("{{ strftime_now('%Y') }}").is_date_dependent
    assert not make_template().is_date_dependent


def test_a_template_is_identified_by_its_hash() -> None:
    assert make_template().sha256 == make_template().sha256 != make_template(CHATML + " ").sha256


def test_a_template_file_takes_precedence_over_the_tokenizers_settings(tmp_path: Path) -> None:
    folder = make_model_folder(tmp_path / "model", chat_template="{{ 'wrong' }}", eos_token={"content": END, "special": True})
    (folder / "chat_template.jinja").write_text(CHATML)
    template = open_template(folder)
    assert template
    assert template.sha256 == make_template().sha256
    assert template.eos_token == END


@pytest.mark.parametrize("stored", [None, [{"name": "tools", "template": "x"}]])
def test_a_model_without_a_default_template_has_none(tmp_path: Path, stored: object) -> None:
    assert open_template(make_model_folder(tmp_path / "model", chat_template=stored)) is None


def test_of_several_templates_the_default_is_used(tmp_path: Path) -> None:
    stored = [{"name": "tools", "template": "x"}, {"name": "default", "template": CHATML}]
    template = open_template(make_model_folder(tmp_path / "model", chat_template=stored))
    assert template
    assert template.sha256 == make_template().sha256


def test_a_processors_template_takes_precedence_over_the_tokenizers(tmp_path: Path) -> None:
    folder = make_model_folder(tmp_path / "model", chat_template="{{ 'wrong' }}")
    (folder / "chat_template.json").write_text(json.dumps({"chat_template": CHATML}))
    template = open_template(folder)
    assert template
    assert template.render(chat("Who?")) == make_template().render(chat("Who?"))


@pytest.mark.parametrize("names", [("default", "tool_use"), ("tool_use", "default")])
def test_chats_with_tools_have_the_template_for_them(tmp_path: Path, names: tuple[str, str]) -> None:
    sources = {"default": "{{ tools is none }}", "tool_use": "{{ tools | tojson }}"}
    stored = [{"name": name, "template": sources[name]} for name in names]
    template = open_template(make_model_folder(tmp_path / "model", chat_template=stored))
    assert template
    assert template.render([]) == "True"
    assert json.loads(template.render([], [TOOL])) == [
        {"type": "function", "function": {"name": "find", "description": None, "parameters": None}}
    ]


def test_a_template_file_for_tools_is_used_too(tmp_path: Path) -> None:
    folder = make_model_folder(tmp_path / "model", chat_template=None)
    (folder / "chat_template.jinja").write_text("plain")
    (folder / "additional_chat_templates").mkdir()
    (folder / "additional_chat_templates" / "tool_use.jinja").write_text("tools")
    template = open_template(folder)
    assert template
    assert (template.render([]), template.render([], [TOOL])) == ("plain", "tools")


def test_a_processors_template_is_not_used_for_chats_with_tools(tmp_path: Path) -> None:
    folder = make_model_folder(tmp_path / "model", chat_template="the tokenizer's")
    (folder / "chat_template.json").write_text(json.dumps({"chat_template": "the processor's"}))
    template = open_template(folder)
    assert template
    assert (template.render([]), template.render([], [TOOL])) == ("the processor's", "the tokenizer's")


def test_gpt_oss_has_the_template_that_the_engine_uses_in_place_of_its_own(tmp_path: Path) -> None:
    template = open_template(make_model_folder(tmp_path / "model", {"model_type": "gpt_oss"}))
    assert template
    assert isinstance(template, Harmony)
    assert template.sha256 == Harmony("").sha256
    assert template.is_date_dependent


def test_special_tokens_that_only_one_model_has_are_known_to_its_template(tmp_path: Path) -> None:
    source = "{{ bos_token }}{{ image_token }}{{ mask_token }}{{ tools is none }}"
    folder = make_model_folder(tmp_path / "model", chat_template=source, bos_token="<s>", extra_special_tokens={"image_token": "<i>"})
    template = open_template(folder)
    assert template
    assert template.render([]) == "<s><i>True"
