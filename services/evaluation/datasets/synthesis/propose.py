"""Requests a question and its answer from a model, in a form that constrained decoding guarantees. Knows nothing of what is kept."""

import json
import re
from dataclasses import dataclass
from typing import Any

from services.evaluation.datasets.sources.documents import Passage
from services.evaluation.datasets.sources.split import QuestionRequest
from services.evaluation.datasets.synthesis.candidates import find_candidates
from shared.contracts.datasets import Difficulty, Kind

MAX_TOKENS = 120
RULES = (
    "Write questions about passages, with their answers, as JSON. Copy the answer from the passage, word for word, in at most 12 words. "
    "The question names what it is about, so that it can be understood without the passage. It does not mention the passage, and does "
    "not contain the answer."
)
KINDS: dict[Kind, str] = {
    "fact": "Ask for a fact: a thing, a place, a part, a material, a rule.",
    "number": "Ask for a number, a date or an amount. The answer has its unit.",
    "name": "Ask for the name of a person, an organization, a place or a product.",
    "list": "Ask for two or more things that belong together. The answer separates them by commas.",
    "why": "Ask why. The answer is the reason.",
    "yes_no": "Ask what can be answered with yes or no.",
}
DIFFICULTIES: dict[Difficulty, str] = {
    "easy": "Use the words of the passage.",
    "medium": "Use some words of the passage and some of your own.",
    "hard": "Use other words than the passage, except for names.",
}
EXAMPLE = """Passage, from 'Harbor guide \u203a Ferries':
The ferry Kestrel leaves Port Amble at 6:40 and carries 32 cars. In winter it sails on weekdays only, because the pier ices over."""
EXAMPLE_NAMES = ("Kestrel", "Port Amble")
EXAMPLES: dict[Kind, tuple[str, str]] = {
    "fact": ("on weekdays only", "When does the ferry Kestrel sail in winter?"),
    "number": ("32 cars", "How many cars does the ferry Kestrel carry?"),
    "name": ("Port Amble", "From which harbor does the ferry Kestrel leave?"),
    "list": ("6:40, Port Amble", "When and from where does the ferry Kestrel leave?"),
    "why": ("the pier ices over", "Why does the ferry Kestrel sail on weekdays only in winter?"),
    "yes_no": ("no", "Does the ferry Kestrel sail on weekends in winter?"),
}
LIST_MARK = re.compile(r"[,;\n\u3001\uff0c\uff1b]|\band\b")


@dataclass(frozen=True)
class Proposal:
    """A question and its answer, as a model wrote them."""

    question: str
    answer: str


def build_proposal_request(request: QuestionRequest, model: str) -> dict[str, Any]:
    """Return the body of a chat completion that proposes a question. An example of the same kind is shown first.

    What all requests have in common comes first, so that an engine with a prefix cache computes it once.
    """
    answer, question = EXAMPLES[request.kind]
    return {
        "model": model,
        "messages": [
            {"role": "user", "content": f"{RULES}\n\n{EXAMPLE}\n\n{KINDS[request.kind]}"},
            {"role": "assistant", "content": json.dumps({"answer": answer, "question": question})},
            {"role": "user", "content": f"{show_passage(request.passage)}\n\n{KINDS[request.kind]} {DIFFICULTIES[request.difficulty]}"},
        ],
        "temperature": 0,  # what differs is the passage, the kind and the difficulty
        "max_tokens": MAX_TOKENS,
        "response_format": {"type": "json_schema", "json_schema": {"name": "question", "strict": True, "schema": _make_schema(request)}},
    }


def _make_schema(request: QuestionRequest) -> dict[str, Any]:
    """Return the schema of a proposal. The answer comes first, so that the question is asked for it."""
    choices = ["yes", "no"] if request.kind == "yes_no" else find_candidates(request.passage.text, request.kind)
    answer = {"type": "string", "enum": choices} if choices else {"type": "string", "minLength": 1, "maxLength": 120}
    return {
        "type": "object",
        "properties": {"answer": answer, "question": {"type": "string", "minLength": 8, "maxLength": 200}},
        "required": ["answer", "question"],
        "additionalProperties": False,
    }


def show_passage(passage: Passage) -> str:
    """Return a passage as prompts of this room show it."""
    return f"Passage, from '{passage.heading or passage.filename}':\n{passage.text.strip()}"


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
