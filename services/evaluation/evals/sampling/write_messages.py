"""The messages that a model is asked about a row, as a chat completion has them. Roles stay as they were sent."""

from typing import Any

from services.evaluation.evals.sampling.message_content import Message, read_messages
from shared.contracts.evals.data_sources import InputMessages, ItemReference
from shared.graders.outcome import GradingFailed
from shared.graders.sample import Sample
from shared.graders.scoring.model import write_message
from shared.graders.template import Scope, find_paths, look_up

SHOWN = 80


def write_messages(source: InputMessages, item: dict[str, Any]) -> list[Message]:
    """Return the messages of a row.

    Raises:
        GradingFailed: if a template names what the row does not have, or the field that is referred to holds no messages.
    """
    scope = Scope(item, Sample())
    if isinstance(source, ItemReference):
        name = source.item_reference.strip().removeprefix("{{").removesuffix("}}").strip()
        return read_messages(_look_up(name, scope), name)
    return [{**write_message(message, scope), "role": message.role} for message in source.template]


def _look_up(name: str, scope: Scope) -> Any:
    placeholder = f"{{{{{name}}}}}"
    found = list(find_paths(placeholder))
    if len(found) != 1 or found[0][0] != placeholder or found[0][1][0] != "item":
        problem = f"'item_reference' must be a field such as 'item.messages'; got '{name[:SHOWN]}'."
        raise GradingFailed("invalid_variable_error", problem)
    return look_up(found[0][1], name, scope)
