from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.list_stored_messages_order import (
    ListStoredMessagesOrder,
)
from ...models.stored_message_page import StoredMessagePage
from ...types import UNSET, Response, Unset


def _get_kwargs(
    completion_id: str,
    *,
    limit: int | Unset = 20,
    order: ListStoredMessagesOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order

    params["order"] = json_order

    params["after"] = after

    params["before"] = before

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/chat/completions/{completion_id}/messages".format(
            completion_id=quote(str(completion_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | StoredMessagePage | None:
    if response.status_code == 200:
        response_200 = StoredMessagePage.from_dict(response.json())

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

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[ErrorResponse | StoredMessagePage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    completion_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListStoredMessagesOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
) -> Response[ErrorResponse | StoredMessagePage]:
    """List Stored Messages

     List the messages of the request of a stored chat completion, in their order.

    Args:
        completion_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListStoredMessagesOrder | Unset): The order in the conversation; `desc` is last
            first. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | StoredMessagePage]
    """

    kwargs = _get_kwargs(
        completion_id=completion_id,
        limit=limit,
        order=order,
        after=after,
        before=before,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    completion_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListStoredMessagesOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
) -> ErrorResponse | StoredMessagePage | None:
    """List Stored Messages

     List the messages of the request of a stored chat completion, in their order.

    Args:
        completion_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListStoredMessagesOrder | Unset): The order in the conversation; `desc` is last
            first. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | StoredMessagePage
    """

    return sync_detailed(
        completion_id=completion_id,
        client=client,
        limit=limit,
        order=order,
        after=after,
        before=before,
    ).parsed


async def asyncio_detailed(
    completion_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListStoredMessagesOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
) -> Response[ErrorResponse | StoredMessagePage]:
    """List Stored Messages

     List the messages of the request of a stored chat completion, in their order.

    Args:
        completion_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListStoredMessagesOrder | Unset): The order in the conversation; `desc` is last
            first. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | StoredMessagePage]
    """

    kwargs = _get_kwargs(
        completion_id=completion_id,
        limit=limit,
        order=order,
        after=after,
        before=before,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    completion_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListStoredMessagesOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
) -> ErrorResponse | StoredMessagePage | None:
    """List Stored Messages

     List the messages of the request of a stored chat completion, in their order.

    Args:
        completion_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListStoredMessagesOrder | Unset): The order in the conversation; `desc` is last
            first. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | StoredMessagePage
    """

    return (
        await asyncio_detailed(
            completion_id=completion_id,
            client=client,
            limit=limit,
            order=order,
            after=after,
            before=before,
        )
    ).parsed
