from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rerank_document import RerankDocument


T = TypeVar("T", bound="RerankRequest")


@_attrs_define
class RerankRequest:
    """Body of `POST /v1/rerank`.

    `top_n` is the maximum number of results; 0 or null returns all. If `return_documents` is false, the results have no
    documents.
    Documents are truncated to `max_tokens_per_doc` tokens and the query to `max_tokens_per_query`; 0 means what the
    model's context window
    allows.

        Attributes:
            query (str):
            documents (list[RerankDocument | str]):
            model (None | str | Unset):
            top_n (int | None | Unset):
            return_documents (bool | Unset):  Default: True.
            max_tokens_per_doc (int | Unset):  Default: 0.
            max_tokens_per_query (int | Unset):  Default: 0.
    """

    query: str
    documents: list[RerankDocument | str]
    model: None | str | Unset = UNSET
    top_n: int | None | Unset = UNSET
    return_documents: bool | Unset = True
    max_tokens_per_doc: int | Unset = 0
    max_tokens_per_query: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        from ..models.rerank_document import RerankDocument  # noqa: PLC0415

        query = self.query

        documents = []
        for documents_item_data in self.documents:
            documents_item: dict[str, Any] | str
            if isinstance(documents_item_data, RerankDocument):
                documents_item = documents_item_data.to_dict()
            else:
                documents_item = documents_item_data
            documents.append(documents_item)

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        else:
            model = self.model

        top_n: int | None | Unset
        if isinstance(self.top_n, Unset):
            top_n = UNSET
        else:
            top_n = self.top_n

        return_documents = self.return_documents

        max_tokens_per_doc = self.max_tokens_per_doc

        max_tokens_per_query = self.max_tokens_per_query

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "query": query,
                "documents": documents,
            }
        )
        if model is not UNSET:
            field_dict["model"] = model
        if top_n is not UNSET:
            field_dict["top_n"] = top_n
        if return_documents is not UNSET:
            field_dict["return_documents"] = return_documents
        if max_tokens_per_doc is not UNSET:
            field_dict["max_tokens_per_doc"] = max_tokens_per_doc
        if max_tokens_per_query is not UNSET:
            field_dict["max_tokens_per_query"] = max_tokens_per_query

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rerank_document import RerankDocument  # noqa: PLC0415

        d = dict(src_dict)
        query = d.pop("query")

        documents = []
        _documents = d.pop("documents")
        for documents_item_data in _documents:

            def _parse_documents_item(data: object) -> RerankDocument | str:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    documents_item_type_1 = RerankDocument.from_dict(data)

                    return documents_item_type_1
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(RerankDocument | str, data)

            documents_item = _parse_documents_item(documents_item_data)

            documents.append(documents_item)

        def _parse_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        def _parse_top_n(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        top_n = _parse_top_n(d.pop("top_n", UNSET))

        return_documents = d.pop("return_documents", UNSET)

        max_tokens_per_doc = d.pop("max_tokens_per_doc", UNSET)

        max_tokens_per_query = d.pop("max_tokens_per_query", UNSET)

        rerank_request = cls(
            query=query,
            documents=documents,
            model=model,
            top_n=top_n,
            return_documents=return_documents,
            max_tokens_per_doc=max_tokens_per_doc,
            max_tokens_per_query=max_tokens_per_query,
        )

        return rerank_request
