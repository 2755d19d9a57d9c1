"""Writes a response: turns the engine's chat chunks into OpenAI's response events, in their documented order and numbered from 0.

The response grows with its events. Does not know where the chunks come from.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from services.generation.contracts.grounding import Citation, Grounding, GroundingSummary
from services.generation.contracts.responses.response import InputTokensDetails, Response, ResponseCreate, ResponseError, Status, Usage
from services.generation.contracts.responses.tools import FILE_SEARCH
from services.generation.responses.items import Item, apply_include
from services.generation.responses.search_tool import SearchCall
from shared.contracts.search import SearchHit
from shared.ids import new_id
from shared.validation.shorten import shorten_message

Event = dict[str, Any]
INCOMPLETE_REASONS = {"length": "max_output_tokens", "content_filter": "content_filter"}  # by the engine's `finish_reason`


def new_response(request: ResponseCreate, status: Status = "in_progress") -> Response:
    """Return the response to `request` before it has any output."""
    names = (set(Response.model_fields) & set(ResponseCreate.model_fields)) - {"service_tier"}
    options = {name: getattr(request, name) for name in names}
    return Response(id=new_id("resp_"), created_at=int(time.time()), status=status, **options)


class ResponseWriter:
    """Writes one response. Its events show search results and log probabilities only if `include` names them; the response has all.

    `first_number` is the number of the first event.
    """

    def __init__(self, response: Response, include: Collection[str] = (), first_number: int = 0) -> None:
        self.response = response
        self._include = include
        self._next_number = first_number
        self._open_items: dict[str | int, Item] = {}
        self._search_calls: dict[int, SearchCall] = {}
        self._search_item: Item = {}
        self._finish_reason: str | None = None
        self._grounding: Grounding | None = None

    def begin(self) -> Iterator[Event]:
        """Yield the first events of the response."""
        yield self._response_event("response.created")
        if self.response.background:
            yield self._response_event("response.queued")
        self.response.status = "in_progress"
        yield self._response_event("response.in_progress")

    def begin_search(self, queries: Sequence[str]) -> Iterator[Event]:
        """Yield the first events of a search."""
        fields = {"id": new_id("fs_"), "type": "file_search_call", "status": "in_progress"}
        self._search_item = {**fields, "queries": list(queries), "results": None}
        yield self._add_item(self._search_item)
        for stage in ("in_progress", "searching"):
            yield self._event(f"response.file_search_call.{stage}", **self._item_place(self._search_item))

    def end_search(self, hits: Sequence[SearchHit]) -> Iterator[Event]:
        """Yield the last events of the search."""
        yield self._event("response.file_search_call.completed", **self._item_place(self._search_item))
        self._search_item["status"] = "completed"
        self._search_item["results"] = [_search_result(hit) for hit in hits]
        yield self._item_done(self._search_item)

    def write(self, chunk: dict[str, Any], *, offers_search: bool = False) -> Iterator[Event]:
        """Yield the events of one chunk of the engine's stream.

        If the call `offers_search`, the model's calls of it have no events: they are in `search_calls` until the round ends.
        """
        if usage := chunk.get("usage"):
            self.response.usage = _add_usage(self.response.usage, usage)
        for choice in chunk.get("choices") or ():
            self._finish_reason = choice.get("finish_reason") or self._finish_reason
            delta = choice.get("delta") or {}
            if delta.get("content"):
                yield from self._write_text(delta["content"], ((choice.get("logprobs") or {}).get("content")) or [])
            for call in delta.get("tool_calls") or ():
                if not (offers_search and self._write_search_call(call)):
                    yield from self._write_function_call(call)

    @property
    def text(self) -> str:
        """The text of this round's message so far."""
        return str(self._open_items["message"]["content"][0]["text"]) if "message" in self._open_items else ""

    @property
    def search_calls(self) -> list[SearchCall]:
        """The searches of this round; none if the model calls functions as well, since only the client can continue then."""
        has_functions = any(item["type"] == "function_call" for item in self._open_items.values())
        return [] if has_functions else list(self._search_calls.values())

    def end_round(self, grounding: Grounding | None = None) -> Iterator[Event]:
        """Yield the last events of every open item. `grounding` is what the round's text is based on, None without documents."""
        self._grounding = grounding or self._grounding
        for item in self._open_items.values():
            yield from self._end_message(item, grounding) if item["type"] == "message" else self._end_function_call(item)
        self._open_items.clear()
        self._search_calls.clear()

    def finish(self) -> Event:
        """Return the last event of a response whose rounds have all ended."""
        reason = INCOMPLETE_REASONS.get(self._finish_reason or "")
        self.response.status = "incomplete" if reason else "completed"
        self.response.completed_at = None if reason else int(time.time())
        self.response.incomplete_details = {"reason": reason} if reason else None
        if self._grounding:
            self.response.grounding = GroundingSummary(**self._grounding.model_dump(include=set(GroundingSummary.model_fields)))
        return self._response_event(f"response.{self.response.status}")

    def fail(self, code: str, message: str) -> Event:
        """Return the last event of a response that cannot be finished. Its output so far is kept."""
        for item in (*self._open_items.values(), self._search_item):
            if item.get("status") == "in_progress":
                item["status"] = "incomplete"
        self.response.status, self.response.error = "failed", ResponseError(code=code, message=shorten_message(message))
        return self._response_event("response.failed")

    def _write_text(self, text: str, logprobs: list[Any]) -> Iterator[Event]:
        if "message" not in self._open_items:
            yield from self._begin_message()
        item = self._open_items["message"]
        part = item["content"][0]
        part["text"] += text
        part["logprobs"] = [*part["logprobs"], *logprobs]
        yield self._event("response.output_text.delta", **self._part_place(item), delta=text, logprobs=logprobs)

    def _begin_message(self) -> Iterator[Event]:
        part: Item = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
        item: Item = {"id": new_id("msg_"), "type": "message", "role": "assistant", "status": "in_progress", "content": []}
        self._open_items["message"] = item
        yield self._add_item(item)
        item["content"] = [part]
        yield self._event("response.content_part.added", **self._part_place(item), part=dict(part))

    def _end_message(self, item: Item, grounding: Grounding | None) -> Iterator[Event]:
        part, place = item["content"][0], self._part_place(item)
        if grounding:
            part["annotations"] = _annotations(grounding)
            part["sentences"] = [sentence.model_dump(exclude={"choice"}) for sentence in grounding.sentences]
        for number, annotation in enumerate(part["annotations"]):
            yield self._event("response.output_text.annotation.added", **place, annotation_index=number, annotation=annotation)
        yield self._event("response.output_text.done", **place, text=part["text"], logprobs=part["logprobs"])
        yield self._event("response.content_part.done", **place, part=part)
        item["status"] = "incomplete" if self._finish_reason in INCOMPLETE_REASONS else "completed"
        yield self._item_done(item)

    def _write_search_call(self, delta: dict[str, Any]) -> bool:
        """Keep a part of a search call; False if it belongs to another function."""
        index, function = delta["index"], delta.get("function") or {}
        if index not in self._search_calls and function.get("name") != FILE_SEARCH:
            return False
        call = self._search_calls.get(index) or SearchCall(delta.get("id") or new_id("call_"))
        self._search_calls[index] = replace(call, arguments=call.arguments + (function.get("arguments") or ""))
        return True

    def _write_function_call(self, delta: dict[str, Any]) -> Iterator[Event]:
        index, function = delta["index"], delta.get("function") or {}
        if index not in self._open_items:
            names = {"call_id": delta.get("id") or new_id("call_"), "name": function.get("name", ""), "arguments": ""}
            self._open_items[index] = {"id": new_id("fc_"), "type": "function_call", "status": "in_progress", **names}
            yield self._add_item(self._open_items[index])
        item = self._open_items[index]
        if arguments := function.get("arguments"):
            item["arguments"] += arguments
            yield self._event("response.function_call_arguments.delta", **self._item_place(item), delta=arguments)

    def _end_function_call(self, item: Item) -> Iterator[Event]:
        fields = {"name": item["name"], "arguments": item["arguments"]}
        yield self._event("response.function_call_arguments.done", **self._item_place(item), **fields)
        item["status"] = "completed"
        yield self._item_done(item)

    def _add_item(self, item: Item) -> Event:
        self.response.output.append(item)
        return self._event("response.output_item.added", output_index=len(self.response.output) - 1, item=dict(item))

    def _item_done(self, item: Item) -> Event:
        shown = apply_include(item, self._include)
        return self._event("response.output_item.done", output_index=self.response.output.index(item), item=shown)

    def _item_place(self, item: Item) -> dict[str, Any]:
        return {"item_id": item["id"], "output_index": self.response.output.index(item)}

    def _part_place(self, item: Item) -> dict[str, Any]:
        return {**self._item_place(item), "content_index": 0}

    def _response_event(self, type: str) -> Event:
        body = self.response.model_dump(mode="json")
        return self._event(type, response={**body, "output": [apply_include(item, self._include) for item in body["output"]]})

    def _event(self, type: str, **fields: Any) -> Event:
        event = {"type": type, "sequence_number": self._next_number, **fields}
        self._next_number += 1
        return event


def _search_result(hit: SearchHit) -> dict[str, Any]:
    text = "\n".join(part.text for part in hit.content)
    fields = {"file_id": hit.file_id, "filename": hit.filename, "score": hit.score, "attributes": hit.attributes or {}}
    return {**fields, "text": text, "vector_store_id": hit.vector_store_id, "chunk": hit.chunk.model_dump()}


def _annotations(grounding: Grounding) -> list[dict[str, Any]]:
    """Return a file citation for each span of the text that is based on a passage, in the order of the text."""
    spans = [(span.end, citation) for citation in grounding.citations for span in citation.spans]
    return [_annotation(citation, end) for end, citation in sorted(spans, key=lambda each: (each[0], each[1].index))]


def _annotation(citation: Citation, index: int) -> dict[str, Any]:
    """Return a file citation; `index` is the end of the marker or sentence that is based on the file."""
    place = {"passage": citation.index, "chunk_id": citation.chunk_id, "chunk": citation.chunk.model_dump()}
    return {"type": "file_citation", "file_id": citation.file_id, "filename": citation.filename, "index": index, **place}


def _add_usage(total: Usage | None, usage: dict[str, Any]) -> Usage:
    """Return the sum of `total`, the tokens of earlier rounds, and the engine's `usage` of this one."""
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    input_tokens, output_tokens = usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0)
    if total:
        cached += total.input_tokens_details.cached_tokens
        input_tokens, output_tokens = input_tokens + total.input_tokens, output_tokens + total.output_tokens
    details = InputTokensDetails(cached_tokens=cached)
    total_tokens = input_tokens + output_tokens
    return Usage(input_tokens=input_tokens, input_tokens_details=details, output_tokens=output_tokens, total_tokens=total_tokens)
