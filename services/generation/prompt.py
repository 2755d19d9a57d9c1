"""Writes the prompt: numbered passages before the question, in the last user message (or the completion's prompt).

Text from documents is data. The control tokens of chat templates are neutralised in it, so that a document cannot open
a system turn; a document can still say "ignore the question" in plain words, which no rewriting prevents.
"""

import re
from collections.abc import Sequence
from typing import Any

from services.generation.asked import COMPLETIONS, Asked
from shared.contracts.search import SearchHit
from shared.errors import InvalidRequest

ARROW = " \u203a "
INSTRUCTION = "Answer the question from the numbered passages."
# `<|im_start|>` and its kind (ChatML, Llama 3, Phi; DeepSeek with full-width bars), Gemma's turns, Llama 2's and Mistral's marks.
CONTROL = re.compile(
    r"<(?=[|\uff5c][^\s<>|\uff5c]{1,64}[|\uff5c]>)|<(?=/?(?:s|bos|eos|pad|unk|start_of_turn|end_of_turn)>)|<(?=</?SYS>>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])"
)


def question(asked: Asked) -> str:
    """Return the user's words: the text of the last user message, or the prompt.

    Raises:
        InvalidRequest: there is none.
    """
    if asked.path == COMPLETIONS:
        return _not_blank(asked.fields.get("prompt"), "prompt", "With 'retrieval', 'prompt' must be one string that is not empty.")
    content = _messages(asked)[_last_user(asked)].get("content")
    return _not_blank(_text(content), "messages", "With 'retrieval', the last user message must have text.")


def write(asked: Asked, hits: Sequence[SearchHit]) -> dict[str, Any]:
    """Return the call's fields as the engine gets them, with `hits` in front of the question; without hits the question alone."""
    fields = {name: value for name, value in asked.fields.items() if name != "retrieval"}
    if not hits:
        return fields
    text = f"{INSTRUCTION}\n\n{passages(hits)}\n\nQuestion: {question(asked)}"
    if asked.path == COMPLETIONS:
        return {**fields, "prompt": text}
    messages, last = list(_messages(asked)), _last_user(asked)
    messages[last] = {**messages[last], "content": _replaced(messages[last]["content"], text)}
    return {**fields, "messages": messages}


def passages(hits: Sequence[SearchHit]) -> str:
    """Return the passages, numbered from 1, each under its title and headings."""
    return "\n\n".join(f"{_heading(number, hit)}\n{neutralise(_words(hit))}" for number, hit in enumerate(hits, start=1))


def neutralise(text: str) -> str:
    """Return `text` with a space in every control token, so that no tokenizer takes it for one."""
    return CONTROL.sub(lambda match: f"{match.group()} ", text)


def _heading(number: int, hit: SearchHit) -> str:
    title, path = hit.chunk.title or "", hit.chunk.heading_path
    parts = [title, *(path[1:] if path[:1] == [title] else path)]
    return f"[{number}] {neutralise(ARROW.join(part for part in parts if part))}".rstrip()


def _words(hit: SearchHit) -> str:
    return "\n".join(part.text for part in hit.content)


def _messages(asked: Asked) -> list[Any]:
    messages = asked.fields.get("messages")
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise InvalidRequest("'messages' must be a list of messages.", param="messages")
    return messages


def _last_user(asked: Asked) -> int:
    numbers = [number for number, message in enumerate(_messages(asked)) if message.get("role") == "user"]
    if not numbers:
        raise InvalidRequest("With 'retrieval', 'messages' needs a message with the role 'user'.", param="messages")
    return numbers[-1]


def _is_text(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "text"


def _text(content: Any) -> Any:
    if not isinstance(content, list):
        return content
    return "\n".join(str(part.get("text", "")) for part in content if _is_text(part))


def _replaced(content: Any, text: str) -> Any:
    """Return the message's content with its text replaced; what else it holds (pictures) stays."""
    if not isinstance(content, list):
        return text
    return [*(part for part in content if not _is_text(part)), {"type": "text", "text": text}]


def _not_blank(text: Any, param: str, problem: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise InvalidRequest(problem, param=param)
    return text
