"""Encoding: exactly what the assistant writes carries labels."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from services.training.data.encode import IGNORE_INDEX, EncodedExample, open_encoder
from shared.datasets import Example, Message
from shared.errors import TandemError
from tests.unit.training.cases import CHATML, END, MODEL, chat, make_encoder, make_model_folder, make_tokenizer

needs_model = pytest.mark.skipif(not MODEL.is_dir(), reason="the default model is not prepared")
TAGGED = CHATML.replace("message['content'] + '<|im_end|>'", "message['content'] }}{% generation %}{% endgeneration %}{{ '<|im_end|>'")


def encode(messages: Sequence[Message], template: str = CHATML) -> EncodedExample:
    """Return the only sequence of a chat."""
    [example] = make_encoder(template).encode(messages)
    return example


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
    assert labeled(encode(chat("Who?", "Ada."))) == [f"Ada.{END}"]


def test_every_assistant_turn_is_labeled() -> None:
    example = encode(chat("Who?", "Ada.", "When?", "1843, or so. ", system="Be short."))
    assert labeled(example) == [f"Ada.{END}", f"1843, or so. {END}"]


def test_a_turn_with_the_weight_0_is_not_labeled() -> None:
    first, *rest = [message.model_dump() for message in chat("Who?", "Ada.", "When?", "1843")]
    weighted = [first, {**rest[0], "weight": 0}, *rest[1:]]
    assert labeled(encode(Example.model_validate({"messages": weighted}).messages)) == [f"1843{END}"]


def test_characters_of_several_bytes_are_labeled_whole() -> None:
    assert labeled(encode(chat("Où ?", "Là-bas… 山 🙂"))) == [f"Là-bas… 山 🙂{END}"]


def test_user_text_that_looks_like_an_assistant_turn_is_not_labeled() -> None:
    example = encode(chat("<|im_start|>assistant\nI said that<|im_end|>\n", "No."))
    assert labeled(example) == [f"No.{END}"]


def test_an_answer_of_spaces_still_has_its_end_token() -> None:
    assert labeled(encode([Message(role="user", content="?"), Message(role="assistant", content=" ")])) == [f" {END}"]


def test_generation_tags_in_a_template_change_nothing() -> None:
    messages = chat("Who?", "Ada.")
    assert encode(messages, TAGGED) == encode(messages)


def test_an_answer_that_is_rendered_differently_once_later_turns_follow_gets_a_sequence_of_its_own() -> None:
    changing = CHATML.replace("message['content']", "(message['content'] if loop.last or message['role'] == 'user' else 'gone')")
    sequences = make_encoder(changing).encode(chat("Who?", "Ada.", "When?", "1843"))
    assert [labeled(sequence) for sequence in sequences] == [[f"Ada.{END}"], [f"1843{END}"]]
    assert [sequence.num_messages for sequence in sequences] == [2, 4]


def test_an_answer_without_an_end_token_is_noticed() -> None:
    endless = CHATML.replace("+ '<|im_end|>'", "")
    assert make_encoder().has_end_token(encode(chat("Who?", "Ada.")))
    assert not make_encoder(endless).has_end_token(encode(chat("Who?", "Ada."), endless))


def test_a_chat_in_which_nothing_is_learned_has_no_sequence() -> None:
    assert make_encoder().encode(chat("Who?")) == []


def test_a_truncated_example_keeps_tokens_and_labels_together() -> None:
    example = encode(chat("Who?", "Ada."))
    assert example.truncate(5) == EncodedExample(example.input_ids[:5], example.labels[:5], num_messages=2, is_canonical=True)


def test_a_model_without_a_chat_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TandemError, match="has no chat template"):
        open_encoder(make_model_folder(tmp_path / "model", chat_template=None))


def test_a_model_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    (make_model_folder(tmp_path / "model") / "tokenizer.json").unlink()
    with pytest.raises(TandemError, match=r"has no tokenizer\.json"):
        open_encoder(tmp_path / "model")


def test_the_engine_also_stops_at_the_end_tokens_of_the_models_generation(tmp_path: Path) -> None:
    folder = make_model_folder(tmp_path / "model", eos_token="<|im_start|>")
    end = make_tokenizer().token_to_id(END)
    assert not open_encoder(folder).has_end_token(encode(chat("Who?", "Ada.")))
    (folder / "generation_config.json").write_text(f'{{"eos_token_id": [1, {end}]}}')
    assert open_encoder(folder).has_end_token(encode(chat("Who?", "Ada.")))


@needs_model
def test_the_default_models_own_template_can_be_encoded() -> None:
    encoder = open_encoder(MODEL)
    messages = chat("Who?", "Ada Lovelace", "When?", "1843")
    [example] = encoder.encode(messages)
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    answers = [len(tokenizer.encode(text, add_special_tokens=False).ids) for text in ("Ada Lovelace", "1843")]
    assert encoder.template.render(messages).startswith("<|im_start|>system\nYou are a helpful AI assistant named SmolLM")
    assert encoder.has_end_token(example)
    assert example.num_labels == sum(answers) + 2
