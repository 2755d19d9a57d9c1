"""With the chat templates of seven families, each answer is trained after exactly the tokens that the engine gets as its prompt."""

from datetime import datetime

import pytest

from services.training.data.chat_format import ChatTemplateError
from services.training.data.encode import IGNORE_INDEX, EncodedExample
from shared.datasets import Example, Message
from tests.unit.training.cases import chat
from tests.unit.training.data.chat_templates import FAMILIES, LLAMA_3, MISTRAL, QWEN_2_5, QWEN_3, Family

CHAT = chat("Who?", "Ada.", "When?", "1843 🙂", system="Be short.")
families = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)


def answers_of(example: EncodedExample) -> list[tuple[list[int], list[int]]]:
    """Return each stretch of labels, after the tokens before it."""
    found, labels = list[tuple[list[int], list[int]]](), [*example.labels, IGNORE_INDEX]
    for position, label in enumerate(labels):
        if label != IGNORE_INDEX and labels[position - 1] == IGNORE_INDEX:
            end = labels.index(IGNORE_INDEX, position)
            found.append((example.input_ids[:position], labels[position:end]))
    return found


def tokenize(family: Family, text: str) -> list[int]:
    dated = text.replace("{date}", datetime.now().astimezone().strftime("%Y-%m-%d"))
    return family.make_tokenizer().encode(dated, add_special_tokens=False).ids


def trained(family: Family, messages: list[Message]) -> list[str]:
    """Return the text of every answer that is learned."""
    tokenizer = family.make_tokenizer()
    sequences = family.make_encoder().encode(messages)
    return [tokenizer.decode(labels, skip_special_tokens=False) for sequence in sequences for _, labels in answers_of(sequence)]


@families
def test_every_answer_follows_the_tokens_of_its_prompt_and_ends_with_the_engines_end_token(family: Family) -> None:
    encoder = family.make_encoder()
    sequences = encoder.encode(CHAT)
    served = [(tokenize(family, prompt), tokenize(family, answer)) for prompt, answer in zip(family.prompts, family.answers, strict=True)]
    assert [answer for sequence in sequences for answer in answers_of(sequence)] == served
    assert len(sequences) == family.num_sequences
    assert all(encoder.has_end_token(sequence) for sequence in sequences)


@families
def test_labels_are_the_tokens_at_their_positions(family: Family) -> None:
    for sequence in family.make_encoder().encode(CHAT):
        assert len(sequence.labels) == len(sequence.input_ids)
        assert all(label in (IGNORE_INDEX, token) for label, token in zip(sequence.labels, sequence.input_ids, strict=True))


@families
def test_a_sequence_that_is_canonical_is_one_tokenization_of_its_messages(family: Family) -> None:
    encoder = family.make_encoder()
    for sequence in encoder.encode(CHAT):
        rendered = encoder.template.render(CHAT[: sequence.num_messages])
        assert (tokenize(family, rendered) == sequence.input_ids) == sequence.is_canonical


@families
def test_a_chat_of_one_turn_without_a_system_message_is_one_sequence(family: Family) -> None:
    messages = chat("Où ?", "Là-bas… 山")
    [sequence] = family.make_encoder().encode(messages)
    assert sequence.is_canonical
    assert trained(family, messages)[0].endswith("Là-bas… 山" + (family.end or family.eos))


@families
def test_only_answers_without_the_weight_0_are_trained(family: Family) -> None:
    weighted = [{**message.model_dump(), "weight": 0} if message.content.startswith("1843") else message.model_dump() for message in CHAT]
    messages = list(Example.model_validate({"messages": weighted}).messages)
    assert trained(family, list(messages)) == [family.answers[0]]


def test_thinking_is_trained_where_the_model_writes_it_and_left_out_of_later_prompts_as_in_the_engine() -> None:
    messages = chat("Who?", "<think>\nA poet's daughter.\n</think>\n\nAda.", "When?", "<think>\nNotes.\n</think>\n\n1843")
    assert trained(QWEN_3, messages) == [
        "<think>\nA poet's daughter.\n</think>\n\nAda.<|im_end|>",
        "<think>\nNotes.\n</think>\n\n1843<|im_end|>",
    ]
    [_, last] = QWEN_3.make_encoder().encode(messages)
    assert "poet" not in QWEN_3.make_tokenizer().decode(last.input_ids)


def test_mistrals_system_message_is_in_every_prompt_although_complete_chats_drop_it() -> None:
    [first, second] = MISTRAL.make_encoder().encode(CHAT)
    assert not first.is_canonical
    assert not second.is_canonical
    assert (first.num_messages, second.num_messages) == (3, 5)
    assert [sequence.is_canonical for sequence in MISTRAL.make_encoder().encode(chat("Who?", "Ada.", "When?", "1843"))] == [True]


def test_a_short_question_and_answer_that_are_part_of_the_templates_marks_are_found() -> None:
    assert trained(MISTRAL, chat("I", "s", system="Be short.")) == ["s</s>"]


def test_a_token_never_spans_prompt_and_answer() -> None:
    messages = chat("Who?", "\nAda.", "When?", "1843")
    [first, second] = QWEN_2_5.make_encoder().encode(messages)
    assert trained(QWEN_2_5, messages) == ["\nAda.<|im_end|>", "1843<|im_end|>"]
    assert not first.is_canonical
    assert second.is_canonical


def test_spaces_that_a_template_trims_are_not_trained() -> None:
    assert trained(LLAMA_3, chat("Who?", "\n Ada. \n")) == ["Ada.<|eot_id|>"]


@pytest.mark.parametrize(
    "prompt",
    [
        "{{ '<think>' if add_generation_prompt }}",
        "{{ '<think>' if add_generation_prompt else '!' }}",
        "{{ 'Answer: ' if add_generation_prompt else messages[-1].content }}",
    ],
)
def test_a_template_whose_answers_do_not_continue_their_prompts_is_refused(prompt: str) -> None:
    family = Family("{{ messages | map(attribute='content') | join('|') }}" + prompt, "", "<|im_end|>", (), ("", ""), ("", ""))
    with pytest.raises(ChatTemplateError, match="does not show an answer as a continuation of its prompt"):
        family.make_encoder().encode(chat("Who?", "Ada."))


def test_an_answer_that_the_template_drops_is_refused() -> None:
    family = Family("{{ messages[0].content }}", "", "<|im_end|>", (), ("", ""), ("", ""))
    with pytest.raises(ChatTemplateError, match="does not show an answer as a continuation of its prompt"):
        family.make_encoder().encode(chat("Who?", "Ada."))
