"""Makes an example of a stored response: the prompt that the model had, and its answer, the only message that is learned."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.evaluation.datasets.distillation.chat_messages import IMAGE, SYSTEM, Message, list_functions, to_messages, to_reply
from services.evaluation.datasets.distillation.faults import BY_STATUS, Fault, LeftOut
from services.evaluation.datasets.distillation.passages import add_passages, has_own_template, list_passages, remove_numbers
from services.evaluation.datasets.distillation.read_responses import StoredTurn
from shared.contracts.datasets import ResponsesSpec
from shared.datasets.examples.chat import check_chat
from shared.datasets.text_lines import MAX_LINE_BYTES
from shared.validation.storable import find_unstorable


@dataclass(frozen=True)
class DistilledExample:
    """A line of a training file without its end, and the conversation that it is from: the messages before the answer, and the answer."""

    line: bytes
    prompt: Sequence[Message]
    reply: Message


def make_example(turn: StoredTurn, history: Sequence[Message], spec: ResponsesSpec) -> DistilledExample:
    """Return the example of a response. `history` are the messages of the turns before it.

    Raises:
        LeftOut: if it is none.
    """
    reply = _find_reply(turn)
    passages = list_passages(turn.body["output"])
    prompt = [*history, *to_messages(turn.input)]
    shown = prompt
    if spec.responses.passages == "drop":
        reply = remove_numbers(reply, len(passages))
    elif passages:
        if has_own_template(turn.body):
            raise LeftOut("own_template")
        shown = add_passages(prompt, passages)
    functions = list_functions(turn.body)
    chat = {"messages": list(_weigh([*_write_system(turn, spec), *shown], spec, reply)), **({"tools": functions} if functions else {})}
    if spec.responses.tools == "skip" and _has_tools(chat):
        raise LeftOut("tools")
    return DistilledExample(_write_line(chat), [message for message in prompt if message["role"] != SYSTEM], reply)


def to_history(turn: StoredTurn, spec: ResponsesSpec) -> list[Message]:
    """Return the messages of a turn as later turns have them: without its passages, instructions and tools."""
    output = turn.body["output"]
    count = len(list_passages(output)) if spec.responses.passages == "drop" else 0
    return [*to_messages(turn.input), *(remove_numbers(message, count) for message in to_messages(output))]


def _find_reply(turn: StoredTurn) -> Message:
    if turn.status != "completed":
        raise LeftOut(BY_STATUS.get(turn.status, "failed"))
    if (turn.body.get("grounding") or {}).get("abstained"):
        raise LeftOut("abstained")
    reply = to_reply(turn.body["output"])
    if reply is None:
        raise LeftOut("no_answer")
    return reply


def _write_system(turn: StoredTurn, spec: ResponsesSpec) -> list[Message]:
    """Return the system message: that of the dataset, or else that of the response, if it is kept."""
    own = turn.body.get("instructions") if spec.responses.instructions == "keep" else None
    instructions = spec.instructions or own
    return [{"role": SYSTEM, "content": instructions}] if instructions else []


def _weigh(prompt: Sequence[Message], spec: ResponsesSpec, reply: Message) -> Iterator[Message]:
    """Yield the messages of the example. What the dataset's instructions replace, or what is dropped, is not among them."""
    drops = spec.instructions or spec.responses.instructions == "drop"
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
