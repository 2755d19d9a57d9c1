from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.eval_import import EvalImport
from ...models.eval_import_result import EvalImportResult
from ...types import Response


def _get_kwargs(
    *,
    body: EvalImport,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/evals/import",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | EvalImportResult | None:
    if response.status_code == 201:
        response_201 = EvalImportResult.from_dict(response.json())

        return response_201

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

    if response.status_code == 409:
        response_409 = ErrorResponse.from_dict(response.json())

        return response_409

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
) -> Response[ErrorResponse | EvalImportResult]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: EvalImport,
) -> Response[ErrorResponse | EvalImportResult]:
    """Import Eval

     Import an eval as OpenAI's API returns it, with its runs and their output items. All of it is
    imported, or nothing.

    Args:
        body (EvalImport): Body of `POST /v1/evals/import`: objects as OpenAI's API returns them.

            `models` names models here that replace those in the criteria: `{"gpt-4o":
            "smollm2-135m-instruct"}`. If one request
            cannot have all of it, send more with `eval_id`, the id that the eval got here, instead of
            `eval`. A `run_id` may then be the id that a
            run got here.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | EvalImportResult]
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
    body: EvalImport,
) -> ErrorResponse | EvalImportResult | None:
    """Import Eval

     Import an eval as OpenAI's API returns it, with its runs and their output items. All of it is
    imported, or nothing.

    Args:
        body (EvalImport): Body of `POST /v1/evals/import`: objects as OpenAI's API returns them.

            `models` names models here that replace those in the criteria: `{"gpt-4o":
            "smollm2-135m-instruct"}`. If one request
            cannot have all of it, send more with `eval_id`, the id that the eval got here, instead of
            `eval`. A `run_id` may then be the id that a
            run got here.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | EvalImportResult
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: EvalImport,
) -> Response[ErrorResponse | EvalImportResult]:
    """Import Eval

     Import an eval as OpenAI's API returns it, with its runs and their output items. All of it is
    imported, or nothing.

    Args:
        body (EvalImport): Body of `POST /v1/evals/import`: objects as OpenAI's API returns them.

            `models` names models here that replace those in the criteria: `{"gpt-4o":
            "smollm2-135m-instruct"}`. If one request
            cannot have all of it, send more with `eval_id`, the id that the eval got here, instead of
            `eval`. A `run_id` may then be the id that a
            run got here.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ErrorResponse | EvalImportResult]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: EvalImport,
) -> ErrorResponse | EvalImportResult | None:
    """Import Eval

     Import an eval as OpenAI's API returns it, with its runs and their output items. All of it is
    imported, or nothing.

    Args:
        body (EvalImport): Body of `POST /v1/evals/import`: objects as OpenAI's API returns them.

            `models` names models here that replace those in the criteria: `{"gpt-4o":
            "smollm2-135m-instruct"}`. If one request
            cannot have all of it, send more with `eval_id`, the id that the eval got here, instead of
            `eval`. A `run_id` may then be the id that a
            run got here.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ErrorResponse | EvalImportResult
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
