"""Requests a question and its answer from a model, in a form that constrained decoding guarantees. Knows nothing of what is kept."""

import json
import re
from dataclasses import dataclass
from typing import Any

from services.evaluation.datasets.sources.documents import Passage
from services.evaluation.datasets.sources.split import QuestionRequest
from shared.contracts.datasets import Difficulty, Kind

MAX_TOKENS = 160
KINDS: dict[Kind, str] = {
    "fact": "asks for a fact: a thing, a place, a part, a material, a rule.",
    "number": "asks for a number, a date or an amount. The answer has its unit.",
    "name": "asks for a name: of a person, an organization, a place or a product.",
    "list": "asks for two or more things that belong together. The answer separates them by commas.",
    "why": "begins with 'Why'. The answer is the reason, in a few words.",
    "yes_no": "can be answered with yes or no. The answer is 'yes' or 'no'.",
}
DIFFICULTIES: dict[Difficulty, str] = {
    "easy": "Use the words of the passage.",
    "medium": "Use some words of the passage and some of your own.",
    "hard": "Use other words than the passage, except for names.",
}
EXAMPLE = """Passage, from 'Harbor guide \u203a Ferries':
The ferry Kestrel leaves Port Amble at 6:40 and carries 32 cars. In winter it sails on weekdays only, because the pier ices over."""
EXAMPLES: dict[Kind, tuple[str, str]] = {
    "fact": ("on weekdays only", "When does the ferry Kestrel sail in winter?"),
    "number": ("32 cars", "How many cars does the ferry Kestrel carry?"),
    "name": ("Port Amble", "From which harbor does the ferry Kestrel leave?"),
    "list": ("6:40, Port Amble", "When and from where does the ferry Kestrel leave?"),
    "why": ("the pier ices over", "Why does the ferry Kestrel sail on weekdays only in winter?"),
    "yes_no": ("no", "Does the ferry Kestrel sail on weekends in winter?"),
}
SCHEMA = {
    "type": "object",
    "properties": {
        "answer": {"type": "string", "minLength": 1, "maxLength": 160},
        "question": {"type": "string", "minLength": 8, "maxLength": 300},
    },
    "required": ["answer", "question"],
    "additionalProperties": False,
}
YES_NO_SCHEMA = {**SCHEMA, "properties": {**SCHEMA["properties"], "answer": {"enum": ["yes", "no"]}}}  # type: ignore[dict-item]
LIST_MARK = re.compile(r"[,;\n\u3001\uff0c\uff1b]|\band\b")


@dataclass(frozen=True)
class Proposal:
    """A question and its answer, as a model wrote them."""

    question: str
    answer: str


def build_proposal_request(request: QuestionRequest, model: str) -> dict[str, Any]:
    """Return the body of a chat completion that proposes a question. An example of the same kind is shown first."""
    answer, question = EXAMPLES[request.kind]
    return {
        "model": model,
        "messages": [
            {"role": "user", "content": _write_prompt(EXAMPLE, request.kind, request.difficulty)},
            {"role": "assistant", "content": json.dumps({"answer": answer, "question": question})},
            {"role": "user", "content": _write_prompt(show_passage(request.passage), request.kind, request.difficulty)},
        ],
        "temperature": 0,  # what differs is the passage, the kind and the difficulty
        "max_tokens": MAX_TOKENS,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "question", "strict": True, "schema": YES_NO_SCHEMA if request.kind == "yes_no" else SCHEMA},
        },
    }


def show_passage(passage: Passage) -> str:
    """Return a passage as prompts of this room show it."""
    return f"Passage, from '{passage.heading or passage.filename}':\n{passage.text.strip()}"


def _write_prompt(passage: str, kind: Kind, difficulty: Difficulty) -> str:
    copied = "" if kind == "yes_no" else " Copy the answer from the passage, word for word, in at most 12 words."
    return (
        f"{passage}\n\nWrite one question about this passage, and its answer, as JSON. The question {KINDS[kind]}{copied} The question "
        "names what it is about, so that it can be understood without the passage, and does not mention the passage. It does not "
        f"contain the answer. {DIFFICULTIES[difficulty]}"
    )


def parse_proposal(text: str) -> Proposal | None:
    """Return the proposal in a model's reply, or None. Text around the JSON is ignored, because some servers do not constrain."""
    start, end = text.find("{"), text.rfind("}")
    try:
        fields = json.loads(text[start : end + 1])
        question, answer = " ".join(fields["question"].split()), " ".join(fields["answer"].split())
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return Proposal(question, answer) if question and answer else None


def observe_kind(requested: Kind, proposal: Proposal) -> Kind:
    """Return the kind of a question, as far as it can be seen: what is not of the requested kind is a `fact`."""
    answer = proposal.answer
    seen: dict[Kind, bool] = {
        "number": any(character.isnumeric() for character in answer),
        "name": any(character.isupper() or (character.isalpha() and not character.islower()) for character in answer),
        "list": len([item for item in LIST_MARK.split(answer) if item.strip()]) > 1,
    }
    return requested if seen.get(requested, True) else "fact"
