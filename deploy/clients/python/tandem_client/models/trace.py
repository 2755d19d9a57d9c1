from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.trace_hit import TraceHit
    from ..models.trace_timings_ms import TraceTimingsMs


T = TypeVar("T", bound="Trace")


@_attrs_define
class Trace:
    """How an answer was made.

    `question` is the user's question, `query` the text that was searched; `context_tokens` is the number of tokens of
    the passages.
    `prompt_sha256` is the hash of the body that the engine got, null if no engine was called. `timings_ms` is the time
    of each step.

        Attributes:
            question (str):
            query (str):
            hits (list[TraceHit]):
            context_tokens (int):
            prompt_sha256 (None | str):
            timings_ms (TraceTimingsMs):
    """

    question: str
    query: str
    hits: list[TraceHit]
    context_tokens: int
    prompt_sha256: None | str
    timings_ms: TraceTimingsMs
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        question = self.question

        query = self.query

        hits = []
        for hits_item_data in self.hits:
            hits_item = hits_item_data.to_dict()
            hits.append(hits_item)

        context_tokens = self.context_tokens

        prompt_sha256: None | str
        prompt_sha256 = self.prompt_sha256

        timings_ms = self.timings_ms.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "question": question,
                "query": query,
                "hits": hits,
                "context_tokens": context_tokens,
                "prompt_sha256": prompt_sha256,
                "timings_ms": timings_ms,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.trace_hit import TraceHit  # noqa: PLC0415
        from ..models.trace_timings_ms import TraceTimingsMs  # noqa: PLC0415

        d = dict(src_dict)
        question = d.pop("question")

        query = d.pop("query")

        hits = []
        _hits = d.pop("hits")
        for hits_item_data in _hits:
            hits_item = TraceHit.from_dict(hits_item_data)

            hits.append(hits_item)

        context_tokens = d.pop("context_tokens")

        def _parse_prompt_sha256(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        prompt_sha256 = _parse_prompt_sha256(d.pop("prompt_sha256"))

        timings_ms = TraceTimingsMs.from_dict(d.pop("timings_ms"))

        trace = cls(
            question=question,
            query=query,
            hits=hits,
            context_tokens=context_tokens,
            prompt_sha256=prompt_sha256,
            timings_ms=timings_ms,
        )

        trace.additional_properties = d
        return trace

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
