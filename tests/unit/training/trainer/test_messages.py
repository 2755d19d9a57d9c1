"""Messages between the training process and the worker."""

from services.training.trainer.messages import Message, format_message, parse_message


def test_a_message_is_parsed_as_it_was_sent() -> None:
    message = Message("progress", {"step": 3, "train_loss": 0.5})
    assert parse_message(format_message(message)) == message


def test_what_libraries_print_is_not_a_message() -> None:
    for line in ("Loading weights: 100%", "", "[1, 2]", '{"kind": "other"}', '"progress"', '{"step": 1}', "{broken"):
        assert parse_message(line) is None
