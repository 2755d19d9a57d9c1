from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.response_create import ResponseCreate
from ...models.response_object import ResponseObject
from ...types import Response


def _get_kwargs(
    *,
    body: ResponseCreate,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/responses",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | ResponseObject | None:
    if response.status_code == 200:
        response_200 = ResponseObject.from_dict(response.json())

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
) -> Response[ErrorResponse | ResponseObject]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ResponseCreate,
) -> Response[ErrorResponse | ResponseObject]:
    """Create Response

     Create a response. `previous_response_id` continues a conversation, and the tool `file_search`
    answers from documents.

    With `background`, the call returns immediately. Retrieve, stream or cancel the response by its id.

    Args:
        body (ResponseCreate): Body of `POST /v1/responses`.

            `user`, `safety_identifier`, `prompt_cache_key`, `prompt_cache_retention` and
            `service_tier` are accepted for compatibility and
            returned; they have no effect.
            `seed` is an extension: as far as it can, the engine gives the same answer to the same
            request with the same seed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ResponseObject]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: ResponseCreate,
) -> ErrorResponse | ResponseObject | None:
    """Create Response

     Create a response. `previous_response_id` continues a conversation, and the tool `file_search`
    answers from documents.

    With `background`, the call returns immediately. Retrieve, stream or cancel the response by its id.

    Args:
        body (ResponseCreate): Body of `POST /v1/responses`.

            `user`, `safety_identifier`, `prompt_cache_key`, `prompt_cache_retention` and
            `service_tier` are accepted for compatibility and
            returned; they have no effect.
            `seed` is an extension: as far as it can, the engine gives the same answer to the same
            request with the same seed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ResponseObject
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ResponseCreate,
) -> Response[ErrorResponse | ResponseObject]:
    """Create Response

     Create a response. `previous_response_id` continues a conversation, and the tool `file_search`
    answers from documents.

    With `background`, the call returns immediately. Retrieve, stream or cancel the response by its id.

    Args:
        body (ResponseCreate): Body of `POST /v1/responses`.

            `user`, `safety_identifier`, `prompt_cache_key`, `prompt_cache_retention` and
            `service_tier` are accepted for compatibility and
            returned; they have no effect.
            `seed` is an extension: as far as it can, the engine gives the same answer to the same
            request with the same seed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | ResponseObject]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: ResponseCreate,
) -> ErrorResponse | ResponseObject | None:
    """Create Response

     Create a response. `previous_response_id` continues a conversation, and the tool `file_search`
    answers from documents.

    With `background`, the call returns immediately. Retrieve, stream or cancel the response by its id.

    Args:
        body (ResponseCreate): Body of `POST /v1/responses`.

            `user`, `safety_identifier`, `prompt_cache_key`, `prompt_cache_retention` and
            `service_tier` are accepted for compatibility and
            returned; they have no effect.
            `seed` is an extension: as far as it can, the engine gives the same answer to the same
            request with the same seed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | ResponseObject
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
