from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.list_eval_output_items_order import (
    ListEvalOutputItemsOrder,
)
from ...models.list_eval_output_items_status import (
    ListEvalOutputItemsStatus,
)
from ...models.output_item_page import OutputItemPage
from ...types import UNSET, Response, Unset


def _get_kwargs(
    eval_id: str,
    run_id: str,
    *,
    limit: int | Unset = 20,
    order: ListEvalOutputItemsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    status: ListEvalOutputItemsStatus | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order

    params["order"] = json_order

    params["after"] = after

    params["before"] = before

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status

    params["status"] = json_status

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/evals/{eval_id}/runs/{run_id}/output_items".format(
            eval_id=quote(str(eval_id), safe=""),
            run_id=quote(str(run_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | OutputItemPage | None:
    if response.status_code == 200:
        response_200 = OutputItemPage.from_dict(response.json())

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
) -> Response[ErrorResponse | OutputItemPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    eval_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalOutputItemsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    status: ListEvalOutputItemsStatus | Unset = UNSET,
) -> Response[ErrorResponse | OutputItemPage]:
    """List Eval Output Items

     List the output items of a run that have been graded, in the order of the data; with `status`, only
    those with that status.

    If items are large, a page has fewer than `limit`, and `has_more` is true.

    Args:
        eval_id (str):
        run_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalOutputItemsOrder | Unset): `asc` is the order of the data. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        status (ListEvalOutputItemsStatus | Unset): List only output items with this status.
            `error` is an extension.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | OutputItemPage]
    """

    kwargs = _get_kwargs(
        eval_id=eval_id,
        run_id=run_id,
        limit=limit,
        order=order,
        after=after,
        before=before,
        status=status,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    eval_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalOutputItemsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    status: ListEvalOutputItemsStatus | Unset = UNSET,
) -> ErrorResponse | OutputItemPage | None:
    """List Eval Output Items

     List the output items of a run that have been graded, in the order of the data; with `status`, only
    those with that status.

    If items are large, a page has fewer than `limit`, and `has_more` is true.

    Args:
        eval_id (str):
        run_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalOutputItemsOrder | Unset): `asc` is the order of the data. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        status (ListEvalOutputItemsStatus | Unset): List only output items with this status.
            `error` is an extension.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | OutputItemPage
    """

    return sync_detailed(
        eval_id=eval_id,
        run_id=run_id,
        client=client,
        limit=limit,
        order=order,
        after=after,
        before=before,
        status=status,
    ).parsed


async def asyncio_detailed(
    eval_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalOutputItemsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    status: ListEvalOutputItemsStatus | Unset = UNSET,
) -> Response[ErrorResponse | OutputItemPage]:
    """List Eval Output Items

     List the output items of a run that have been graded, in the order of the data; with `status`, only
    those with that status.

    If items are large, a page has fewer than `limit`, and `has_more` is true.

    Args:
        eval_id (str):
        run_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalOutputItemsOrder | Unset): `asc` is the order of the data. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        status (ListEvalOutputItemsStatus | Unset): List only output items with this status.
            `error` is an extension.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | OutputItemPage]
    """

    kwargs = _get_kwargs(
        eval_id=eval_id,
        run_id=run_id,
        limit=limit,
        order=order,
        after=after,
        before=before,
        status=status,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    eval_id: str,
    run_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalOutputItemsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    status: ListEvalOutputItemsStatus | Unset = UNSET,
) -> ErrorResponse | OutputItemPage | None:
    """List Eval Output Items

     List the output items of a run that have been graded, in the order of the data; with `status`, only
    those with that status.

    If items are large, a page has fewer than `limit`, and `has_more` is true.

    Args:
        eval_id (str):
        run_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalOutputItemsOrder | Unset): `asc` is the order of the data. Default: 'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        status (ListEvalOutputItemsStatus | Unset): List only output items with this status.
            `error` is an extension.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | OutputItemPage
    """

    return (
        await asyncio_detailed(
            eval_id=eval_id,
            run_id=run_id,
            client=client,
            limit=limit,
            order=order,
            after=after,
            before=before,
            status=status,
        )
    ).parsed
