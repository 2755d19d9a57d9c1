"""What an example is made of, the same for a stored response and a stored chat completion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.evaluation.datasets.distillation.chat_messages import IMAGE, ROLES, Message, list_functions, to_messages, to_reply
from services.evaluation.datasets.distillation.faults import BY_FINISH_REASON, BY_STATUS, LeftOut
from services.evaluation.datasets.distillation.passages import has_own_template, list_citations, list_passages
from services.evaluation.datasets.distillation.read_completions import StoredChat
from services.evaluation.datasets.distillation.read_responses import StoredTurn
from services.evaluation.datasets.grounded_form import ShownPassage

Turn = StoredTurn | StoredChat
MESSAGE_FIELDS = ("role", "content", "name", "tool_calls", "tool_call_id")  # those that a training file has
REPLY_FIELDS = ("role", "content", "tool_calls")
TEXT_PARTS = ("text", "input_text", "output_text", "refusal")  # as the engine takes them


@dataclass(frozen=True)
class Answer:
    """An answer: the messages that asked for it, without the passages; what the model wrote; the passages that it was shown.

    `instructions` are those outside of the messages. `has_own_template` says that the passages had another form than the built-in one.
    """

    prompt: Sequence[Message]
    reply: Message
    passages: Sequence[ShownPassage]
    has_own_template: bool
    functions: Sequence[Mapping[str, Any]]
    instructions: str | None = None


def read_answer(turn: Turn) -> Answer:
    """Return what an example is made of.

    Raises:
        LeftOut: if there is no complete answer.
    """
    return _read_response(turn) if isinstance(turn, StoredTurn) else _read_completion(turn)


def _read_response(turn: StoredTurn) -> Answer:
    if turn.status != "completed":
        raise LeftOut(BY_STATUS.get(turn.status, "failed"))
    output = turn.body["output"]
    reply = _check(to_reply(output), turn.body.get("grounding"))
    own_template = has_own_template(turn.body.get("tools", ()))
    instructions = turn.body.get("instructions")
    return Answer(to_messages(turn.input), reply, list_passages(output), own_template, list_functions(turn.body), instructions)


def _read_completion(chat: StoredChat) -> Answer:
    """Return the first choice as the answer."""
    choice: Mapping[str, Any] = next(iter(chat.body["choices"]), {"message": {}})
    if fault := BY_FINISH_REASON.get(choice.get("finish_reason")):
        raise LeftOut(fault)
    written = _select(choice["message"], REPLY_FIELDS)
    has_answer = (written.get("content") or "").strip() or written.get("tool_calls")
    reply = _check(written if has_answer else None, chat.body)
    own_template = has_own_template([chat.request.get("retrieval") or {}])
    functions = chat.request.get("tools") or ()
    return Answer([_clean(message) for message in chat.messages], reply, list_citations(chat.body), own_template, functions)


def _check(reply: Message | None, grounding: Mapping[str, Any] | None) -> Message:
    if (grounding or {}).get("abstained"):
        raise LeftOut("abstained")
    if reply is None:
        raise LeftOut("no_answer")
    return reply


def _clean(message: Mapping[str, Any]) -> Message:
    """Return a message with the fields of a training file. An image loses its bytes: it cannot be trained, but must be seen."""
    fields = _select(message, MESSAGE_FIELDS)
    role = ROLES.get(fields["role"], fields["role"])
    return {**fields, "role": role, "content": _join_parts(fields.get("content"))}


def _select(message: Mapping[str, Any], names: Sequence[str]) -> Message:
    return {name: value for name, value in message.items() if name in names and (value or name == "content")}


def _join_parts(content: Any) -> Any:
    """Return the text of parts, joined as the engine joins them, if all of them are text."""
    if not isinstance(content, list):
        return content
    texts = [_read_text(part) for part in content]
    return "\n".join(text or "" for text in texts) if None not in texts else [{"type": IMAGE}]


def _read_text(part: Any) -> str | None:
    """Return the text of a part, which the engine also takes as a bare string; None if it is something else."""
    if isinstance(part, dict):
        return (part.get("text") or part.get("refusal") or "") if part.get("type") in TEXT_PARTS else None
    return str(part)
