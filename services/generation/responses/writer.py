"""A response while it is written: the events in their documented order, and the response they add up to.

Takes the engine's chat chunks in, gives OpenAI's response events out, numbered from 0. Knows nothing of where chunks come from.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from services.generation.responses.items import shown
from services.generation.responses.search_tool import Call
from shared.contracts.chat import Basis, Citation, Grounding
from shared.contracts.responses import SEARCH, Failure, InputTokensDetails, Response, Usage
from shared.contracts.search import SearchHit
from shared.ids import new_id

Event = dict[str, Any]
STOPPED = {"length": "max_output_tokens", "content_filter": "content_filter"}


class Draft:
    """One response. Of what is searched and how likely each word was, `include` says what is told; the response itself has everything.

    `grounding`, where it is set before a round ends, is what the text rests on. `first` is the number of the first event. Where
    `is_offered`, calls of the search are not told but kept in `calls`.
    """

    def __init__(self, response: Response, include: Collection[str] = (), first: int = 0) -> None:
        self.response = response
        self.grounding: Grounding | None = None
        self.searches = 0
        self.is_offered = False
        self._include = include
        self._number = first
        self._begun = False
        self._open: dict[str | int, dict[str, Any]] = {}
        self._calls: dict[int, Call] = {}
        self._searching: dict[str, Any] = {}
        self._stopped: str | None = None

    def begin(self) -> Iterator[Event]:
        """Yield the first events, once."""
        if self._begun:
            return
        self._begun = True
        yield self._whole("response.created")
        if self.response.background:
            yield self._whole("response.queued")
        self.response.status = "in_progress"
        yield self._whole("response.in_progress")

    def search(self, queries: Sequence[str]) -> Iterator[Event]:
        """Yield the events with which a search begins."""
        named = {"id": new_id("fs_"), "type": "file_search_call", "status": "in_progress"}
        self._searching = {**named, "queries": list(queries), "results": None}
        self.searches += 1
        yield self._add(self._searching)
        for stage in ("in_progress", "searching"):
            yield self._event(f"response.file_search_call.{stage}", **self._at(self._searching))

    def found(self, hits: Sequence[SearchHit]) -> Iterator[Event]:
        """Yield the events with which the search ends."""
        yield self._event("response.file_search_call.completed", **self._at(self._searching))
        self._searching["status"] = "completed"
        self._searching["results"] = [_result(hit) for hit in hits]
        yield self._done(self._searching)

    @property
    def said(self) -> str:
        """The text of the message that is being written."""
        return str(self._open["message"]["content"][0]["text"]) if "message" in self._open else ""

    @property
    def calls(self) -> list[Call]:
        """The searches that the model asks for; none where it calls functions at the same time, which only the client can answer."""
        return [] if any(item["type"] == "function_call" for item in self._open.values()) else list(self._calls.values())

    def take(self, chunk: dict[str, Any]) -> Iterator[Event]:
        """Yield the events that one chunk of the engine's stream stands for."""
        if usage := chunk.get("usage"):
            self.response.usage = _sum(self.response.usage, usage)
        for choice in chunk.get("choices") or ():
            self._stopped = choice.get("finish_reason") or self._stopped
            delta = choice.get("delta") or {}
            if delta.get("content"):
                yield from self._say(delta["content"], ((choice.get("logprobs") or {}).get("content")) or [])
            for call in delta.get("tool_calls") or ():
                yield from self._call(call)

    def end_round(self) -> Iterator[Event]:
        """Yield the events with which every open item ends."""
        for item in list(self._open.values()):
            yield from self._end_message(item) if item["type"] == "message" else self._end_call(item)
        self._open.clear()
        self._calls.clear()

    def finish(self) -> Iterator[Event]:
        """Yield the last events: every open item ends, then the response."""
        yield from self.end_round()
        reason = STOPPED.get(self._stopped or "")
        self.response.status = "incomplete" if reason else "completed"
        self.response.grounding = Basis(**self.grounding.model_dump(include=set(Basis.model_fields))) if self.grounding else None
        self.response.incomplete_details = {"reason": reason} if reason else None
        yield self._close()

    def fail(self, code: str, message: str) -> Iterator[Event]:
        """Yield the last event of a response that cannot be finished; what was said stays in it."""
        for item in (*self._open.values(), self._searching):
            if item.get("status") == "in_progress":
                item["status"] = "incomplete"
        self.response.status, self.response.error = "failed", Failure(code=code, message=message)
        yield self._close()

    def _say(self, text: str, logprobs: list[Any]) -> Iterator[Event]:
        if "message" not in self._open:
            part: dict[str, Any] = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
            item: dict[str, Any] = {"id": new_id("msg_"), "type": "message", "role": "assistant", "status": "in_progress", "content": []}
            self._open["message"] = item
            yield self._add(item)
            item["content"] = [part]
            yield self._event("response.content_part.added", **self._place(item), part=dict(part))
        item = self._open["message"]
        part = item["content"][0]
        part["text"] += text
        part["logprobs"] = [*part["logprobs"], *logprobs]
        yield self._event("response.output_text.delta", **self._place(item), delta=text, logprobs=logprobs)

    def _end_message(self, item: dict[str, Any]) -> Iterator[Event]:
        part = item["content"][0]
        self._align(part)
        for number, annotation in enumerate(part["annotations"]):
            added = {"annotation_index": number, "annotation": annotation}
            yield self._event("response.output_text.annotation.added", **self._place(item), **added)
        yield self._event("response.output_text.done", **self._place(item), text=part["text"], logprobs=part["logprobs"])
        yield self._event("response.content_part.done", **self._place(item), part=part)
        item["status"] = "incomplete" if self._stopped in STOPPED else "completed"
        yield self._done(item)

    def _align(self, part: dict[str, Any]) -> None:
        if self.grounding is None:
            return
        rests = [(span.end, citation) for citation in self.grounding.citations for span in citation.spans]
        part["annotations"] = [_annotation(citation, end) for end, citation in sorted(rests, key=lambda each: (each[0], each[1].index))]
        part["sentences"] = [sentence.model_dump(exclude={"choice"}) for sentence in self.grounding.sentences]

    def _call(self, call: dict[str, Any]) -> Iterator[Event]:
        function = call.get("function") or {}
        if self._is_search(call["index"], function):
            made = self._calls.setdefault(call["index"], Call(call.get("id") or new_id("call_")))
            made.arguments += function.get("arguments") or ""
            return
        if call["index"] not in self._open:
            names = {"call_id": call.get("id") or new_id("call_"), "name": function.get("name", ""), "arguments": ""}
            item = {"id": new_id("fc_"), "type": "function_call", "status": "in_progress", **names}
            self._open[call["index"]] = item
            yield self._add(item)
        item = self._open[call["index"]]
        if delta := function.get("arguments"):
            item["arguments"] += delta
            yield self._event("response.function_call_arguments.delta", **self._at(item), delta=delta)

    def _is_search(self, index: int, function: dict[str, Any]) -> bool:
        return index in self._calls or (self.is_offered and function.get("name") == SEARCH)

    def _end_call(self, item: dict[str, Any]) -> Iterator[Event]:
        told = {"name": item["name"], "arguments": item["arguments"]}
        yield self._event("response.function_call_arguments.done", **self._at(item), **told)
        item["status"] = "completed"
        yield self._done(item)

    def _add(self, item: dict[str, Any]) -> Event:
        self.response.output.append(item)
        return self._event("response.output_item.added", output_index=len(self.response.output) - 1, item=dict(item))

    def _done(self, item: dict[str, Any]) -> Event:
        return self._event("response.output_item.done", output_index=self.response.output.index(item), item=shown(item, self._include))

    def _at(self, item: dict[str, Any]) -> dict[str, Any]:
        return {"item_id": item["id"], "output_index": self.response.output.index(item)}

    def _place(self, item: dict[str, Any]) -> dict[str, Any]:
        return {**self._at(item), "content_index": 0}

    def _close(self) -> Event:
        self.response.completed_at = int(time.time()) if self.response.status == "completed" else None
        return self._whole(f"response.{self.response.status}")

    def _whole(self, type: str) -> Event:
        body = self.response.model_dump(mode="json")
        return self._event(type, response={**body, "output": [shown(item, self._include) for item in body["output"]]})

    def _event(self, type: str, **fields: Any) -> Event:
        event = {"type": type, "sequence_number": self._number, **fields}
        self._number += 1
        return event


def _result(hit: SearchHit) -> dict[str, Any]:
    text = "\n".join(part.text for part in hit.content)
    about = {"file_id": hit.file_id, "filename": hit.filename, "score": hit.score, "attributes": hit.attributes or {}}
    return {**about, "text": text, "vector_store_id": hit.vector_store_id, "chunk": hit.chunk.model_dump()}


def _annotation(citation: Citation, index: int) -> dict[str, Any]:
    """Return a file citation; `index` is where in the text the marker or sentence ends that rests on the file."""
    place = {"passage": citation.index, "chunk_id": citation.chunk_id, "chunk": citation.chunk.model_dump()}
    return {"type": "file_citation", "file_id": citation.file_id, "filename": citation.filename, "index": index, **place}


def _sum(before: Usage | None, given: dict[str, Any]) -> Usage:
    """Return the tokens of the engine's answers so far, the one `given` included."""
    cached = (given.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    taken, made = given.get("prompt_tokens", 0), given.get("completion_tokens", 0)
    if before:
        cached += before.input_tokens_details.cached_tokens
        taken, made = taken + before.input_tokens, made + before.output_tokens
    details = InputTokensDetails(cached_tokens=cached)
    return Usage(input_tokens=taken, input_tokens_details=details, output_tokens=made, total_tokens=taken + made)
