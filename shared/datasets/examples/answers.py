"""Finds the answer in a chat that a chat template has rendered: what follows the prompt. Knows nothing of how chats are rendered."""

from collections.abc import Sequence

from shared.datasets.examples.example import ExampleMessage, Message

NOT_CONTINUED = (
    "the base model's chat template does not show an answer as a continuation of its prompt, so the model cannot be trained on what it "
    "will generate; train another base model."
)


def find_answer(prompt: str, chat: str, messages: Sequence[Message]) -> str | None:
    """Return what the assistant writes after `prompt` in the last of `messages`, which are rendered as `chat`.

    It is None if the template begins the answer differently in a complete chat than in a prompt, or does not show the answer or its calls.
    """
    answer = chat[len(prompt) :] if chat.startswith(prompt) else _find_after_question(prompt, chat, messages[-2:])
    return answer if answer.strip() and all(name in answer for name in list_calls(messages[-1])) else None


def list_calls(message: Message) -> list[str]:
    """Return the names of the functions that a message calls."""
    return [call.function.name for call in message.tool_calls] if isinstance(message, ExampleMessage) else []


def _find_after_question(prompt: str, chat: str, messages: Sequence[Message]) -> str:
    """Return the answer in a chat that does not begin with its prompt, but is the same from the question on; an empty string if it is not.

    Mistral Nemo's template shows the system message in a prompt, and drops it from a chat that ends with an answer.
    """
    question, content = messages[0].content.strip(), messages[-1].content.strip()
    if not question or question not in prompt:
        return ""
    answer = chat.rpartition(prompt[prompt.rfind(question) :])[2]
    return answer if answer.lstrip().startswith(content) else ""
