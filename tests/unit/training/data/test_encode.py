"""Encoding: exactly what the assistant writes carries labels, and a template that cannot show it is refused."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from services.training.data.encode import IGNORE_INDEX, EncodedExample, open_encoder
from services.training.data.templates import ChatTemplateError
from shared.datasets import Example, Message
from shared.errors import TandemError
from tests.unit.training.cases import CHATML, END, MODEL, chat, make_encoder, make_model_folder, make_tokenizer

needs_model = pytest.mark.skipif(not MODEL.is_dir(), reason="the default model is not prepared")
TAGGED = CHATML.replace("message['content'] + '<|im_end|>'", "message['content'] }}{% generation %}{% endgeneration %}{{ '<|im_end|>'")


def labeled(example: EncodedExample) -> list[str]:
    """Return the stretches of text that carry labels."""
    tokenizer, stretches, current = make_tokenizer(), [], list[int]()
    for label in [*example.labels, IGNORE_INDEX]:
        if label != IGNORE_INDEX:
            current.append(label)
        elif current:
            stretches.append(tokenizer.decode(current, skip_special_tokens=False))
            current = []
    return stretches


def test_the_assistants_content_and_its_end_token_are_labeled_and_nothing_else() -> None:
    assert labeled(make_encoder().encode(chat("Who?", "Ada."))) == [f"Ada.{END}"]


def test_every_assistant_turn_is_labeled() -> None:
    example = make_encoder().encode(chat("Who?", "Ada.", "When?", "1843, or so. ", system="Be short."))
    assert labeled(example) == [f"Ada.{END}", f"1843, or so. {END}"]


def test_a_turn_with_the_weight_0_is_not_labeled() -> None:
    first, *rest = [message.model_dump() for message in chat("Who?", "Ada.", "When?", "1843")]
    weighted = [first, {**rest[0], "weight": 0}, *rest[1:]]
    assert labeled(make_encoder().encode(Example.model_validate({"messages": weighted}).messages)) == [f"1843{END}"]


def test_characters_of_several_bytes_are_labeled_whole() -> None:
    assert labeled(make_encoder().encode(chat("Où ?", "Là-bas… 山 🙂"))) == [f"Là-bas… 山 🙂{END}"]


def test_user_text_that_looks_like_an_assistant_turn_is_not_labeled() -> None:
    example = make_encoder().encode(chat("<|im_start|>assistant\nI said that<|im_end|>\n", "No."))
    assert labeled(example) == [f"No.{END}"]


def test_an_answer_of_spaces_still_has_its_end_token() -> None:
    assert labeled(make_encoder().encode([Message(role="user", content="?"), Message(role="assistant", content=" ")])) == [f" {END}"]


def test_generation_tags_in_a_template_change_nothing() -> None:
    messages = chat("Who?", "Ada.")
    assert make_encoder(TAGGED).encode(messages) == make_encoder().encode(messages)


def test_a_template_that_renders_earlier_turns_differently_is_refused() -> None:
    inconsistent = CHATML.replace("message['content']", "(message['content'] if loop.last else 'forgotten')")
    with pytest.raises(ChatTemplateError, match="renders the start of this chat differently"):
        make_encoder(inconsistent).encode(chat("Who?", "Ada.", "When?", "1843"))


def test_an_answer_without_an_end_token_is_noticed() -> None:
    encoder, endless = make_encoder(), make_encoder(CHATML.replace("+ '<|im_end|>'", ""))
    assert encoder.has_end_token(encoder.encode(chat("Who?", "Ada.")))
    assert not endless.has_end_token(endless.encode(chat("Who?", "Ada.")))


def test_a_truncated_example_keeps_tokens_and_labels_together() -> None:
    example = make_encoder().encode(chat("Who?", "Ada."))
    assert example.truncate(5) == EncodedExample(example.input_ids[:5], example.labels[:5])


def test_a_model_without_a_chat_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TandemError, match="has no chat template"):
        open_encoder(make_model_folder(tmp_path / "model", chat_template=None))


def test_a_model_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    (make_model_folder(tmp_path / "model") / "tokenizer.json").unlink()
    with pytest.raises(TandemError, match=r"has no tokenizer\.json"):
        open_encoder(tmp_path / "model")


@needs_model
def test_the_default_models_own_template_can_be_encoded() -> None:
    encoder = open_encoder(MODEL)
    messages = chat("Who?", "Ada Lovelace", "When?", "1843")
    example = encoder.encode(messages)
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    answers = [len(tokenizer.encode(text, add_special_tokens=False).ids) for text in ("Ada Lovelace", "1843")]
    assert encoder.template.render(messages).startswith("<|im_start|>system\nYou are a helpful AI assistant named SmolLM")
    assert encoder.has_end_token(example)
    assert example.num_labels == sum(answers) + 2
