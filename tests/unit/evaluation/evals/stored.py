"""Stored chat completions and responses, as the front door stores them, and sources of runs that select them."""

from typing import Any

from shared.records.chat_completions import ChatCompletionMessage, StoredChatCompletion
from shared.records.database import Database
from shared.records.responses import StoredResponse
from tests.unit.evaluation.evals.cases import complete, respond

Body = dict[str, Any]


def store_completion(database: Database, number: int, metadata: dict[str, str] | None = None, **fields: Any) -> None:
    row = {"id": f"chatcmpl-{number}", "project_id": "default", "created_at": number, "model": "big"}
    request = {"model": fields.get("model", "big"), "temperature": 0.3}
    messages = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": f"Question {number}?"}]
    with database.session() as session:
        session.add(
            StoredChatCompletion(
                **{**row, "metadata_": metadata, "request": request, "body": complete(f"Answer {number}", created=number), **fields}
            )
        )
        session.flush()
        for position, content in enumerate(messages):
            id = f"{number}-{position}"
            session.add(ChatCompletionMessage(completion_id=f"chatcmpl-{number}", number=position, id=id, content=content))


def store_response(database: Database, number: int, after: int | None = None, status: str = "completed", **body: Any) -> None:
    message = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": f"Question {number}?"}]}
    answer = respond(f"Answer {number}", **{"created_at": number, "instructions": None, **body})
    previous = None if after is None else f"resp_{after}"
    row = {"id": f"resp_{number}", "project_id": "default", "created_at": number, "status": status, "input": [message]}
    with database.session() as session:
        session.add(StoredResponse(**row, previous_id=previous, body={**answer, "id": f"resp_{number}"}))


def completions(**filters: Any) -> Body:
    return {"type": "completions", "source": {"type": "stored_completions", **filters}}


def responses(**filters: Any) -> Body:
    return {"type": "responses", "source": {"type": "responses", **filters}}
