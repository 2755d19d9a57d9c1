from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.stored_completion import StoredCompletion
from ...models.stored_completion_update import StoredCompletionUpdate
from ...types import Response


def _get_kwargs(
    completion_id: str,
    *,
    body: StoredCompletionUpdate,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/chat/completions/{completion_id}".format(
            completion_id=quote(str(completion_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | StoredCompletion | None:
    if response.status_code == 200:
        response_200 = StoredCompletion.from_dict(response.json())

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
) -> Response[ErrorResponse | StoredCompletion]:
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
    body: StoredCompletionUpdate,
) -> Response[ErrorResponse | StoredCompletion]:
    """Update Stored Completion

     Replace the metadata of a stored chat completion. Nothing else of it can be changed.

    Args:
        completion_id (str):
        body (StoredCompletionUpdate): Body of `POST /v1/chat/completions/{completion_id}`: the
            new metadata, which replaces the old. Null deletes it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | StoredCompletion]
    """

    kwargs = _get_kwargs(
        completion_id=completion_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    completion_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: StoredCompletionUpdate,
) -> ErrorResponse | StoredCompletion | None:
    """Update Stored Completion

     Replace the metadata of a stored chat completion. Nothing else of it can be changed.

    Args:
        completion_id (str):
        body (StoredCompletionUpdate): Body of `POST /v1/chat/completions/{completion_id}`: the
            new metadata, which replaces the old. Null deletes it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | StoredCompletion
    """

    return sync_detailed(
        completion_id=completion_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    completion_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: StoredCompletionUpdate,
) -> Response[ErrorResponse | StoredCompletion]:
    """Update Stored Completion

     Replace the metadata of a stored chat completion. Nothing else of it can be changed.

    Args:
        completion_id (str):
        body (StoredCompletionUpdate): Body of `POST /v1/chat/completions/{completion_id}`: the
            new metadata, which replaces the old. Null deletes it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | StoredCompletion]
    """

    kwargs = _get_kwargs(
        completion_id=completion_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    completion_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: StoredCompletionUpdate,
) -> ErrorResponse | StoredCompletion | None:
    """Update Stored Completion

     Replace the metadata of a stored chat completion. Nothing else of it can be changed.

    Args:
        completion_id (str):
        body (StoredCompletionUpdate): Body of `POST /v1/chat/completions/{completion_id}`: the
            new metadata, which replaces the old. Null deletes it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | StoredCompletion
    """

    return (
        await asyncio_detailed(
            completion_id=completion_id,
            client=client,
            body=body,
        )
    ).parsed
