from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.search_request import SearchRequest
from ...models.search_results import SearchResults
from ...types import Response


def _get_kwargs(
    vector_store_id: str,
    *,
    body: SearchRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/vector_stores/{vector_store_id}/search".format(
            vector_store_id=quote(str(vector_store_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | SearchResults | None:
    if response.status_code == 200:
        response_200 = SearchResults.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ErrorResponse.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = ErrorResponse.from_dict(response.json())

        return response_404

    if response.status_code == 408:
        response_408 = ErrorResponse.from_dict(response.json())

        return response_408

    if response.status_code == 413:
        response_413 = ErrorResponse.from_dict(response.json())

        return response_413

    if response.status_code == 429:
        response_429 = ErrorResponse.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = ErrorResponse.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = ErrorResponse.from_dict(response.json())

        return response_503

    if response.status_code == 504:
        response_504 = ErrorResponse.from_dict(response.json())

        return response_504

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorResponse | SearchResults]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    vector_store_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SearchRequest,
) -> Response[ErrorResponse | SearchResults]:
    """Search Vector Store

     Search a vector store, or several, for the chunks that answer a query best.

    Args:
        vector_store_id (str):
        body (SearchRequest): Body of `POST /v1/vector_stores/{id}/search`.

            If there are several queries, each is searched separately, and a chunk has its best score.
            With `rewrite_query` a language model turns
            them into search queries first.

            Extensions: `search_mode`; `fusion` for a hybrid search; `rerank`; `diversity` (maximal
            marginal relevance: 0 for the most relevant
            hits, towards 1 for hits that differ most from each other, in the order of their
            selection); `vector_store_ids` (more stores of the
            project); `group_by_file` (one hit per file, with its best chunks as its content);
            `context_window` (adds the text of that many chunks
            before and after each hit; if chunks are parts of larger ones, of the chunks that are
            searched); `explain` (how each score was
            computed); `explain_file` (why this file is not among the hits).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | SearchResults]
    """

    kwargs = _get_kwargs(
        vector_store_id=vector_store_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    vector_store_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SearchRequest,
) -> ErrorResponse | SearchResults | None:
    """Search Vector Store

     Search a vector store, or several, for the chunks that answer a query best.

    Args:
        vector_store_id (str):
        body (SearchRequest): Body of `POST /v1/vector_stores/{id}/search`.

            If there are several queries, each is searched separately, and a chunk has its best score.
            With `rewrite_query` a language model turns
            them into search queries first.

            Extensions: `search_mode`; `fusion` for a hybrid search; `rerank`; `diversity` (maximal
            marginal relevance: 0 for the most relevant
            hits, towards 1 for hits that differ most from each other, in the order of their
            selection); `vector_store_ids` (more stores of the
            project); `group_by_file` (one hit per file, with its best chunks as its content);
            `context_window` (adds the text of that many chunks
            before and after each hit; if chunks are parts of larger ones, of the chunks that are
            searched); `explain` (how each score was
            computed); `explain_file` (why this file is not among the hits).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | SearchResults
    """

    return sync_detailed(
        vector_store_id=vector_store_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    vector_store_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SearchRequest,
) -> Response[ErrorResponse | SearchResults]:
    """Search Vector Store

     Search a vector store, or several, for the chunks that answer a query best.

    Args:
        vector_store_id (str):
        body (SearchRequest): Body of `POST /v1/vector_stores/{id}/search`.

            If there are several queries, each is searched separately, and a chunk has its best score.
            With `rewrite_query` a language model turns
            them into search queries first.

            Extensions: `search_mode`; `fusion` for a hybrid search; `rerank`; `diversity` (maximal
            marginal relevance: 0 for the most relevant
            hits, towards 1 for hits that differ most from each other, in the order of their
            selection); `vector_store_ids` (more stores of the
            project); `group_by_file` (one hit per file, with its best chunks as its content);
            `context_window` (adds the text of that many chunks
            before and after each hit; if chunks are parts of larger ones, of the chunks that are
            searched); `explain` (how each score was
            computed); `explain_file` (why this file is not among the hits).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | SearchResults]
    """

    kwargs = _get_kwargs(
        vector_store_id=vector_store_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    vector_store_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: SearchRequest,
) -> ErrorResponse | SearchResults | None:
    """Search Vector Store

     Search a vector store, or several, for the chunks that answer a query best.

    Args:
        vector_store_id (str):
        body (SearchRequest): Body of `POST /v1/vector_stores/{id}/search`.

            If there are several queries, each is searched separately, and a chunk has its best score.
            With `rewrite_query` a language model turns
            them into search queries first.

            Extensions: `search_mode`; `fusion` for a hybrid search; `rerank`; `diversity` (maximal
            marginal relevance: 0 for the most relevant
            hits, towards 1 for hits that differ most from each other, in the order of their
            selection); `vector_store_ids` (more stores of the
            project); `group_by_file` (one hit per file, with its best chunks as its content);
            `context_window` (adds the text of that many chunks
            before and after each hit; if chunks are parts of larger ones, of the chunks that are
            searched); `explain` (how each score was
            computed); `explain_file` (why this file is not among the hits).

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | SearchResults
    """

    return (
        await asyncio_detailed(
            vector_store_id=vector_store_id,
            client=client,
            body=body,
        )
    ).parsed
