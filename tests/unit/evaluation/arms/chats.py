"""Training examples: chats with short answers."""

from shared.datasets import Example

RAG_PROMPT = """Answer the question from the numbered passages.

<passages>
[1] Pumps
A pump needs {torque} Nm.
</passages>

Question: {question}"""


def make_chat(question: str, answer: str, *roles: str, system: str | None = None) -> Example:
    """Return a chat of a question and an answer, or of these roles, with a system message in front."""
    messages = [{"role": role, "content": answer if role == "assistant" else question} for role in roles or ("user", "assistant")]
    first = [{"role": "system", "content": system}] if system else []
    return Example.model_validate({"messages": [*first, *messages]})


def make_chats(number: int, system: str | None = None) -> list[Example]:
    """Return chats with different questions, some in other scripts."""
    topics = ("pump", "Ventil", "ポンプ", "مضخة", "αντλία")
    return [make_chat(f"Which torque for {topics[each % 5]} {each}?", f"{each}.5 Nm", system=system) for each in range(number)]


def make_rag_chat(number: int, system: str | None = None) -> Example:
    """Return a chat whose question contains passages."""
    return make_chat(RAG_PROMPT.format(torque=number, question=f"Which torque for pump {number}?"), f"{number} Nm", system=system)
