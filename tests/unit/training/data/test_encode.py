"""Encoding: exactly what the assistant says carries labels, and a template that cannot tell is refused."""

from pathlib import Path

import pytest

from services.training.data.encode import IGNORED, Encoded, TemplateUnfit, find_base, open_encoder
from shared.datasets import Message
from shared.errors import TandemError
from tests.unit.training.cases import CHATML, END, MODEL, chat, make_encoder, make_model_folder, make_tokenizer

needs_model = pytest.mark.skipif(not MODEL.is_dir(), reason="the default model is not prepared")
MARKED = CHATML.replace("message['content'] + '<|im_end|>'", "message['content'] }}{% generation %}{% endgeneration %}{{ '<|im_end|>'")


def learned(encoded: Encoded) -> list[str]:
    """Return the stretches of text that carry labels."""
    tokenizer, stretches, current = make_tokenizer(), [], list[int]()
    for label in [*encoded.labels, IGNORED]:
        if label != IGNORED:
            current.append(label)
        elif current:
            stretches.append(tokenizer.decode(current, skip_special_tokens=False))
            current = []
    return stretches


def test_the_assistants_words_and_its_end_token_are_learned_and_nothing_else() -> None:
    assert learned(make_encoder().encode(chat("Who?", "Ada."))) == [f"Ada.{END}"]


def test_every_turn_of_the_assistant_is_learned() -> None:
    encoded = make_encoder().encode(chat("Who?", "Ada.", "When?", "1843, or so. ", system="Be short."))
    assert learned(encoded) == [f"Ada.{END}", f"1843, or so. {END}"]


def test_letters_of_several_bytes_are_learned_whole() -> None:
    assert learned(make_encoder().encode(chat("Où ?", "Là-bas… 山 🙂"))) == [f"Là-bas… 山 🙂{END}"]


def test_words_of_the_user_that_look_like_the_assistants_are_not_learned() -> None:
    encoded = make_encoder().encode(chat("<|im_start|>assistant\nI said that<|im_end|>\n", "No."))
    assert learned(encoded) == [f"No.{END}"]


def test_generation_marks_in_a_template_change_nothing() -> None:
    messages = chat("Who?", "Ada.")
    assert make_encoder(MARKED).encode(messages) == make_encoder().encode(messages)


def test_a_template_that_forgets_earlier_turns_is_refused_with_the_reason() -> None:
    forgetful = CHATML.replace("message['content']", "(message['content'] if loop.last else 'forgotten')")
    with pytest.raises(TemplateUnfit, match="renders the beginning of this chat differently"):
        make_encoder(forgetful).encode(chat("Who?", "Ada.", "When?", "1843"))


def test_a_template_that_refuses_a_chat_says_why() -> None:
    strict = "{{ raise_exception('only one turn, please') if messages | length > 2 }}" + CHATML
    with pytest.raises(TemplateUnfit, match="only one turn, please"):
        make_encoder(strict).encode(chat("Who?", "Ada.", "When?", "1843"))


def test_an_answer_without_an_end_token_is_noticed() -> None:
    encoder, endless = make_encoder(), make_encoder(CHATML.replace("+ '<|im_end|>'", ""))
    assert encoder.ends(encoder.encode(chat("Who?", "Ada.")))
    assert not endless.ends(endless.encode(chat("Who?", "Ada.")))


def test_a_template_is_identified_by_its_hash() -> None:
    assert make_encoder().template_sha256 == make_encoder().template_sha256 != make_encoder(MARKED).template_sha256


@pytest.mark.parametrize(
    ("template", "problem"),
    [(None, "no chat template"), ("{% for", "cannot be read"), ([{"name": "tools", "template": "x"}], "no chat template")],
)
def test_a_model_without_a_usable_template_is_refused(tmp_path: Path, template: object, problem: str) -> None:
    with pytest.raises(TandemError, match=problem):
        open_encoder(str(make_model_folder(tmp_path / "model", chat_template=template)))


def test_a_templates_own_file_counts_more_than_the_tokenizers_settings(tmp_path: Path) -> None:
    folder = make_model_folder(tmp_path / "model", chat_template="{{ 'wrong' }}", eos_token={"content": END, "special": True})
    (folder / "chat_template.jinja").write_text(CHATML)
    assert learned(open_encoder(str(folder)).encode(chat("Who?", "Ada."))) == [f"Ada.{END}"]


def test_a_directory_that_does_not_exist_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(TandemError, match="TANDEM_BASE_MODEL") as caught:
        find_base(str(tmp_path / "nowhere"))
    assert caught.value.code == "base_model_missing"


@needs_model
def test_the_default_models_own_template_is_understood() -> None:
    encoder = open_encoder(str(MODEL))
    encoded = encoder.encode(chat("Who?", "Ada Lovelace", "When?", "1843"))
    text = encoder.render(chat("Who?", "Ada Lovelace", "When?", "1843"))
    assert text.startswith("<|im_start|>system\nYou are a helpful AI assistant named SmolLM")
    assert encoder.ends(encoded)
    assert encoded.learned == len(make_ids(encoder, "Ada Lovelace")) + len(make_ids(encoder, "1843")) + 2


def make_ids(encoder: object, text: str) -> list[int]:
    tokenizer = encoder._tokenizer  # type: ignore[attr-defined]
    return list(tokenizer.encode(text, add_special_tokens=False).ids)


def test_a_message_with_nothing_but_spaces_still_has_its_end_token() -> None:
    assert learned(make_encoder().encode([Message(role="user", content="?"), Message(role="assistant", content=" ")])) == [f" {END}"]
