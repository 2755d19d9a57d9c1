from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.list_eval_runs_order import ListEvalRunsOrder
from ...models.list_eval_runs_status import (
    ListEvalRunsStatus,
)
from ...models.run_page import RunPage
from ...types import UNSET, Response, Unset


def _get_kwargs(
    eval_id: str,
    *,
    limit: int | Unset = 20,
    order: ListEvalRunsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    status: ListEvalRunsStatus | Unset = UNSET,
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
        "url": "/v1/evals/{eval_id}/runs".format(
            eval_id=quote(str(eval_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | RunPage | None:
    if response.status_code == 200:
        response_200 = RunPage.from_dict(response.json())

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
) -> Response[ErrorResponse | RunPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    eval_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalRunsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    status: ListEvalRunsStatus | Unset = UNSET,
) -> Response[ErrorResponse | RunPage]:
    """List Eval Runs

     List the runs of an eval, oldest first; with `status`, only those with that status. If runs have
    many rows, pages are shorter.

    Args:
        eval_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalRunsOrder | Unset): The order by time; `asc` is oldest first. Default:
            'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        status (ListEvalRunsStatus | Unset): List only runs with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | RunPage]
    """

    kwargs = _get_kwargs(
        eval_id=eval_id,
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
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalRunsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    status: ListEvalRunsStatus | Unset = UNSET,
) -> ErrorResponse | RunPage | None:
    """List Eval Runs

     List the runs of an eval, oldest first; with `status`, only those with that status. If runs have
    many rows, pages are shorter.

    Args:
        eval_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalRunsOrder | Unset): The order by time; `asc` is oldest first. Default:
            'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        status (ListEvalRunsStatus | Unset): List only runs with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | RunPage
    """

    return sync_detailed(
        eval_id=eval_id,
        client=client,
        limit=limit,
        order=order,
        after=after,
        before=before,
        status=status,
    ).parsed


async def asyncio_detailed(
    eval_id: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalRunsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    status: ListEvalRunsStatus | Unset = UNSET,
) -> Response[ErrorResponse | RunPage]:
    """List Eval Runs

     List the runs of an eval, oldest first; with `status`, only those with that status. If runs have
    many rows, pages are shorter.

    Args:
        eval_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalRunsOrder | Unset): The order by time; `asc` is oldest first. Default:
            'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        status (ListEvalRunsStatus | Unset): List only runs with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | RunPage]
    """

    kwargs = _get_kwargs(
        eval_id=eval_id,
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
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListEvalRunsOrder | Unset = "asc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    status: ListEvalRunsStatus | Unset = UNSET,
) -> ErrorResponse | RunPage | None:
    """List Eval Runs

     List the runs of an eval, oldest first; with `status`, only those with that status. If runs have
    many rows, pages are shorter.

    Args:
        eval_id (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListEvalRunsOrder | Unset): The order by time; `asc` is oldest first. Default:
            'asc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        status (ListEvalRunsStatus | Unset): List only runs with this status.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | RunPage
    """

    return (
        await asyncio_detailed(
            eval_id=eval_id,
            client=client,
            limit=limit,
            order=order,
            after=after,
            before=before,
            status=status,
        )
    ).parsed
