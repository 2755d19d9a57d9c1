"""Makes an example of a stored answer: the prompt that the model had, and its answer, the only message that is learned."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.evaluation.datasets.distillation.chat_messages import IMAGE, SYSTEM, Message, to_messages
from services.evaluation.datasets.distillation.faults import Fault, LeftOut
from services.evaluation.datasets.distillation.passages import add_passages, list_passages, remove_numbers
from services.evaluation.datasets.distillation.read_answer import Answer, Turn, read_answer
from services.evaluation.datasets.distillation.read_responses import StoredTurn
from shared.contracts.datasets import AnswersSpec
from shared.datasets.examples.chat import check_chat
from shared.datasets.text_lines import MAX_LINE_BYTES
from shared.validation.storable import find_unstorable


@dataclass(frozen=True)
class DistilledExample:
    """A line of a training file without its end, and the conversation that it is from: the messages before the answer, and the answer."""

    line: bytes
    prompt: Sequence[Message]
    reply: Message


def make_example(turn: Turn, history: Sequence[Message], spec: AnswersSpec) -> DistilledExample:
    """Return the example of an answer. `history` are the messages of the turns before it.

    Raises:
        LeftOut: if it is none.
    """
    answer = read_answer(turn)
    prompt, reply = [*history, *answer.prompt], answer.reply
    shown = prompt
    if spec.chosen.passages == "drop":
        reply = remove_numbers(reply, len(answer.passages))
    elif answer.passages:
        if answer.has_own_template:
            raise LeftOut("own_template")
        shown = add_passages(prompt, answer.passages)
    messages = list(_weigh([*_write_system(answer, spec), *shown], spec, reply))
    chat = {"messages": messages, **({"tools": list(answer.functions)} if answer.functions else {})}
    if spec.chosen.tools == "skip" and _has_tools(chat):
        raise LeftOut("tools")
    return DistilledExample(_write_line(chat), [message for message in prompt if message["role"] != SYSTEM], reply)


def to_history(turn: StoredTurn, spec: AnswersSpec) -> list[Message]:
    """Return the messages of a turn as later turns have them: without its passages, instructions and tools."""
    output = turn.body["output"]
    count = len(list_passages(output)) if spec.chosen.passages == "drop" else 0
    return [*to_messages(turn.input), *(remove_numbers(message, count) for message in to_messages(output))]


def _write_system(answer: Answer, spec: AnswersSpec) -> list[Message]:
    """Return the system message: that of the dataset, or else that of the answer, if it is kept."""
    own = answer.instructions if spec.chosen.instructions == "keep" else None
    instructions = spec.instructions or own
    return [{"role": SYSTEM, "content": instructions}] if instructions else []


def _weigh(prompt: Sequence[Message], spec: AnswersSpec, reply: Message) -> Iterator[Message]:
    """Yield the messages of the example. What the dataset's instructions replace, or what is dropped, is not among them."""
    drops = spec.instructions or spec.chosen.instructions == "drop"
    for number, message in enumerate(prompt):
        is_own = number == 0 and spec.instructions
        if message["role"] == SYSTEM and drops and not is_own:
            continue
        yield {**message, "weight": 0} if message["role"] == "assistant" else message
    yield reply


def _write_line(chat: dict[str, Any]) -> bytes:
    if find_unstorable(chat) is not None or next(check_chat(chat), None) is not None:
        raise LeftOut(_find_cause(chat))
    line = json.dumps(chat, ensure_ascii=False).encode()
    if len(line) >= MAX_LINE_BYTES:
        raise LeftOut("not_trainable")
    return line


def _find_cause(chat: dict[str, Any]) -> Fault:
    """Return what a chat has that cannot be trained."""
    messages = chat["messages"]
    if any(part["type"] == IMAGE for message in messages if isinstance(message["content"], list) for part in message["content"]):
        return "images"
    return "tools" if _has_tools(chat) else "not_trainable"


def _has_tools(chat: dict[str, Any]) -> bool:
    return "tools" in chat or any(message.get("tool_calls") or message["role"] == "tool" for message in chat["messages"])
