"""Stored responses as rows. `item.input` has the instructions and the whole conversation, `item.output_text` the answer."""

from collections.abc import Iterator, Sequence

from services.evaluation.datasets.distillation.chat_messages import to_messages
from services.evaluation.datasets.distillation.read_responses import ResponseReader, StoredTurn
from services.evaluation.evals.rows.filters import matches_body
from services.evaluation.evals.rows.row import Row
from services.evaluation.evals.sampling.shapes import read_shape
from shared.contracts.evals.data_sources import Responses

ANSWERED = ("completed", "incomplete")
MAX_TURNS = 500  # of a conversation, as for responses


def read_response_rows(reader: ResponseReader, source: Responses, after: tuple[int, str] | None) -> Iterator[Row]:
    """Yield the responses that the source selects behind `after`, newest first. Those that failed have no answer and are left out."""
    for window in reader.read(after):
        for turn in window.turns:
            if turn.status in ANSWERED and matches_body(source, turn.body):
                yield _to_row(turn, _read_history(reader, turn))


def _read_history(reader: ResponseReader, turn: StoredTurn) -> list[StoredTurn]:
    """Return the turns before this one, oldest first, as far as they are still stored."""
    turns, previous = list[StoredTurn](), turn.previous_id
    while previous is not None and len(turns) < MAX_TURNS:
        earlier = reader.find(previous)
        if earlier is None:
            break
        turns.append(earlier)
        previous = earlier.previous_id
    return turns[::-1]


def _to_row(turn: StoredTurn, earlier: Sequence[StoredTurn]) -> Row:
    body = {**turn.body, "status": turn.status}
    history = [message for each in earlier for message in to_messages([*each.input, *each.body["output"]])]
    instructions = [{"role": "system", "content": body["instructions"]}] if body.get("instructions") else []
    messages, shape = [*instructions, *history, *to_messages(turn.input)], read_shape(body)
    item = {
        "id": turn.id,
        "created_at": body["created_at"],
        "model": body["model"],
        "metadata": body.get("metadata") or {},
        "instructions": body.get("instructions"),
        "input": messages,
        "output": shape["output"],
        "output_text": shape["output_text"],
        "tools": body.get("tools") or [],
    }
    return Row(item, {**body, "input": messages}, sum(each.size for each in (turn, *earlier)))
