from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.list_store_files_filter import (
    ListStoreFilesFilter,
)
from ...models.list_store_files_order import (
    ListStoreFilesOrder,
)
from ...models.vector_store_file_page import VectorStoreFilePage
from ...types import UNSET, Response, Unset


def _get_kwargs(
    vector_store_id: str,
    *,
    limit: int | Unset = 20,
    order: ListStoreFilesOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    filter_: ListStoreFilesFilter | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order

    params["order"] = json_order

    params["after"] = after

    params["before"] = before

    json_filter_: str | Unset = UNSET
    if not isinstance(filter_, Unset):
        json_filter_ = filter_

    params["filter"] = json_filter_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/vector_stores/{vector_store_id}/files".format(
            vector_store_id=quote(str(vector_store_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | VectorStoreFilePage | None:
    if response.status_code == 200:
        response_200 = VectorStoreFilePage.from_dict(response.json())

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
) -> Response[ErrorResponse | VectorStoreFilePage]:
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
    limit: int | Unset = 20,
    order: ListStoreFilesOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    filter_: ListStoreFilesFilter | Unset = UNSET,
) -> Response[ErrorResponse | VectorStoreFilePage]:
    """List Store Files

     List the files in a vector store, most recently attached first.

    Args:
        vector_store_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListStoreFilesOrder | Unset): The order by creation time; `desc` is newest first.
            Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        filter_ (ListStoreFilesFilter | Unset): List only files with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | VectorStoreFilePage]
    """

    kwargs = _get_kwargs(
        vector_store_id=vector_store_id,
        limit=limit,
        order=order,
        after=after,
        before=before,
        filter_=filter_,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    vector_store_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListStoreFilesOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    filter_: ListStoreFilesFilter | Unset = UNSET,
) -> ErrorResponse | VectorStoreFilePage | None:
    """List Store Files

     List the files in a vector store, most recently attached first.

    Args:
        vector_store_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListStoreFilesOrder | Unset): The order by creation time; `desc` is newest first.
            Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        filter_ (ListStoreFilesFilter | Unset): List only files with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | VectorStoreFilePage
    """

    return sync_detailed(
        vector_store_id=vector_store_id,
        client=client,
        limit=limit,
        order=order,
        after=after,
        before=before,
        filter_=filter_,
    ).parsed


async def asyncio_detailed(
    vector_store_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListStoreFilesOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    filter_: ListStoreFilesFilter | Unset = UNSET,
) -> Response[ErrorResponse | VectorStoreFilePage]:
    """List Store Files

     List the files in a vector store, most recently attached first.

    Args:
        vector_store_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListStoreFilesOrder | Unset): The order by creation time; `desc` is newest first.
            Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        filter_ (ListStoreFilesFilter | Unset): List only files with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | VectorStoreFilePage]
    """

    kwargs = _get_kwargs(
        vector_store_id=vector_store_id,
        limit=limit,
        order=order,
        after=after,
        before=before,
        filter_=filter_,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    vector_store_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListStoreFilesOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    filter_: ListStoreFilesFilter | Unset = UNSET,
) -> ErrorResponse | VectorStoreFilePage | None:
    """List Store Files

     List the files in a vector store, most recently attached first.

    Args:
        vector_store_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListStoreFilesOrder | Unset): The order by creation time; `desc` is newest first.
            Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        filter_ (ListStoreFilesFilter | Unset): List only files with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | VectorStoreFilePage
    """

    return (
        await asyncio_detailed(
            vector_store_id=vector_store_id,
            client=client,
            limit=limit,
            order=order,
            after=after,
            before=before,
            filter_=filter_,
        )
    ).parsed
