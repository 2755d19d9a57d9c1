from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.item_page import ItemPage
from ...models.list_input_items_include_item import (
    ListInputItemsIncludeItem,
)
from ...models.list_input_items_order import (
    ListInputItemsOrder,
)
from ...types import UNSET, Response, Unset


def _get_kwargs(
    response_id: str,
    *,
    limit: int | Unset = 20,
    order: ListInputItemsOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    include: list[ListInputItemsIncludeItem] | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order

    params["order"] = json_order

    params["after"] = after

    params["before"] = before

    json_include: list[str] | Unset = UNSET
    if not isinstance(include, Unset):
        json_include = []
        for include_item_data in include:
            include_item: str = include_item_data
            json_include.append(include_item)

    params["include"] = json_include

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/responses/{response_id}/input_items".format(
            response_id=quote(str(response_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | ItemPage | None:
    if response.status_code == 200:
        response_200 = ItemPage.from_dict(response.json())

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
) -> Response[ErrorResponse | ItemPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    response_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListInputItemsOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    include: list[ListInputItemsIncludeItem] | Unset = UNSET,
) -> Response[ErrorResponse | ItemPage]:
    """List Input Items

     List the input items of a stored response, last first. `include` has no effect: items are always
    complete.

    Args:
        response_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListInputItemsOrder | Unset): The order by creation time; `desc` is newest first.
            Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        include (list[ListInputItemsIncludeItem] | Unset): Has no effect: items are always
            complete.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ItemPage]
    """

    kwargs = _get_kwargs(
        response_id=response_id,
        limit=limit,
        order=order,
        after=after,
        before=before,
        include=include,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    response_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListInputItemsOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    include: list[ListInputItemsIncludeItem] | Unset = UNSET,
) -> ErrorResponse | ItemPage | None:
    """List Input Items

     List the input items of a stored response, last first. `include` has no effect: items are always
    complete.

    Args:
        response_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListInputItemsOrder | Unset): The order by creation time; `desc` is newest first.
            Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        include (list[ListInputItemsIncludeItem] | Unset): Has no effect: items are always
            complete.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ItemPage
    """

    return sync_detailed(
        response_id=response_id,
        client=client,
        limit=limit,
        order=order,
        after=after,
        before=before,
        include=include,
    ).parsed


async def asyncio_detailed(
    response_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListInputItemsOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    include: list[ListInputItemsIncludeItem] | Unset = UNSET,
) -> Response[ErrorResponse | ItemPage]:
    """List Input Items

     List the input items of a stored response, last first. `include` has no effect: items are always
    complete.

    Args:
        response_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListInputItemsOrder | Unset): The order by creation time; `desc` is newest first.
            Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        include (list[ListInputItemsIncludeItem] | Unset): Has no effect: items are always
            complete.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ItemPage]
    """

    kwargs = _get_kwargs(
        response_id=response_id,
        limit=limit,
        order=order,
        after=after,
        before=before,
        include=include,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    response_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListInputItemsOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    include: list[ListInputItemsIncludeItem] | Unset = UNSET,
) -> ErrorResponse | ItemPage | None:
    """List Input Items

     List the input items of a stored response, last first. `include` has no effect: items are always
    complete.

    Args:
        response_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListInputItemsOrder | Unset): The order by creation time; `desc` is newest first.
            Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        include (list[ListInputItemsIncludeItem] | Unset): Has no effect: items are always
            complete.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ItemPage
    """

    return (
        await asyncio_detailed(
            response_id=response_id,
            client=client,
            limit=limit,
            order=order,
            after=after,
            before=before,
            include=include,
        )
    ).parsed
