from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.eval_page import EvalPage
from ...models.list_evals_order import ListEvalsOrder
from ...models.list_evals_order_by import ListEvalsOrderBy
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 20,
    order: ListEvalsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    order_by: ListEvalsOrderBy | Unset = "created_at",
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order

    params["order"] = json_order

    params["after"] = after

    params["before"] = before

    json_order_by: str | Unset = UNSET
    if not isinstance(order_by, Unset):
        json_order_by = order_by

    params["order_by"] = json_order_by

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/evals",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | EvalPage | None:
    if response.status_code == 200:
        response_200 = EvalPage.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ErrorResponse.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ErrorResponse.from_dict(response.json())

        return response_401

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
) -> Response[ErrorResponse | EvalPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    order_by: ListEvalsOrderBy | Unset = "created_at",
) -> Response[ErrorResponse | EvalPage]:
    """List Evals

     List the evals, oldest first.

    Args:
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalsOrder | Unset): The order by time; `asc` is oldest first. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        order_by (ListEvalsOrderBy | Unset): The time to sort by. Default: 'created_at'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | EvalPage]
    """

    kwargs = _get_kwargs(
        limit=limit,
        order=order,
        after=after,
        before=before,
        order_by=order_by,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    order_by: ListEvalsOrderBy | Unset = "created_at",
) -> ErrorResponse | EvalPage | None:
    """List Evals

     List the evals, oldest first.

    Args:
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalsOrder | Unset): The order by time; `asc` is oldest first. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        order_by (ListEvalsOrderBy | Unset): The time to sort by. Default: 'created_at'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | EvalPage
    """

    return sync_detailed(
        client=client,
        limit=limit,
        order=order,
        after=after,
        before=before,
        order_by=order_by,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    order_by: ListEvalsOrderBy | Unset = "created_at",
) -> Response[ErrorResponse | EvalPage]:
    """List Evals

     List the evals, oldest first.

    Args:
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalsOrder | Unset): The order by time; `asc` is oldest first. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        order_by (ListEvalsOrderBy | Unset): The time to sort by. Default: 'created_at'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | EvalPage]
    """

    kwargs = _get_kwargs(
        limit=limit,
        order=order,
        after=after,
        before=before,
        order_by=order_by,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    order_by: ListEvalsOrderBy | Unset = "created_at",
) -> ErrorResponse | EvalPage | None:
    """List Evals

     List the evals, oldest first.

    Args:
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalsOrder | Unset): The order by time; `asc` is oldest first. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        order_by (ListEvalsOrderBy | Unset): The time to sort by. Default: 'created_at'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | EvalPage
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            order=order,
            after=after,
            before=before,
            order_by=order_by,
        )
    ).parsed
