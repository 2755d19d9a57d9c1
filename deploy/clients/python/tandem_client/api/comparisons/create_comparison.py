from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.comparison import Comparison
from ...models.comparison_create import ComparisonCreate
from ...models.error_response import ErrorResponse
from ...types import Response


def _get_kwargs(
    *,
    body: ComparisonCreate,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/comparisons",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Comparison | ErrorResponse | None:
    if response.status_code == 200:
        response_200 = Comparison.from_dict(response.json())

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

    if response.status_code == 504:
        response_504 = ErrorResponse.from_dict(response.json())

        return response_504

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Comparison | ErrorResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ComparisonCreate,
) -> Response[Comparison | ErrorResponse]:
    """Create Comparison

     Create a comparison: check its questions, vector stores and models, then ask every question with
    every arm.

    Args:
        body (ComparisonCreate): Body of `POST /v1/comparisons`.

            `questions_file` is JSONL or CSV (see the documentation). `model` is a fine-tuned model,
            or a base model for a comparison without
            fine-tuning. `arms` defaults to all standard arms that the inputs allow. If you send
            `documents` instead of questions, a model and
            vector stores, these are made from the documents first. They are ordinary resources, and
            they remain. With `documents`, a base model
            in `model` is the one that is fine-tuned; by default, that is the first of `GET
            /v1/models`. The response names it in `base_model`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Comparison | ErrorResponse]
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
    body: ComparisonCreate,
) -> Comparison | ErrorResponse | None:
    """Create Comparison

     Create a comparison: check its questions, vector stores and models, then ask every question with
    every arm.

    Args:
        body (ComparisonCreate): Body of `POST /v1/comparisons`.

            `questions_file` is JSONL or CSV (see the documentation). `model` is a fine-tuned model,
            or a base model for a comparison without
            fine-tuning. `arms` defaults to all standard arms that the inputs allow. If you send
            `documents` instead of questions, a model and
            vector stores, these are made from the documents first. They are ordinary resources, and
            they remain. With `documents`, a base model
            in `model` is the one that is fine-tuned; by default, that is the first of `GET
            /v1/models`. The response names it in `base_model`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Comparison | ErrorResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ComparisonCreate,
) -> Response[Comparison | ErrorResponse]:
    """Create Comparison

     Create a comparison: check its questions, vector stores and models, then ask every question with
    every arm.

    Args:
        body (ComparisonCreate): Body of `POST /v1/comparisons`.

            `questions_file` is JSONL or CSV (see the documentation). `model` is a fine-tuned model,
            or a base model for a comparison without
            fine-tuning. `arms` defaults to all standard arms that the inputs allow. If you send
            `documents` instead of questions, a model and
            vector stores, these are made from the documents first. They are ordinary resources, and
            they remain. With `documents`, a base model
            in `model` is the one that is fine-tuned; by default, that is the first of `GET
            /v1/models`. The response names it in `base_model`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Comparison | ErrorResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: ComparisonCreate,
) -> Comparison | ErrorResponse | None:
    """Create Comparison

     Create a comparison: check its questions, vector stores and models, then ask every question with
    every arm.

    Args:
        body (ComparisonCreate): Body of `POST /v1/comparisons`.

            `questions_file` is JSONL or CSV (see the documentation). `model` is a fine-tuned model,
            or a base model for a comparison without
            fine-tuning. `arms` defaults to all standard arms that the inputs allow. If you send
            `documents` instead of questions, a model and
            vector stores, these are made from the documents first. They are ordinary resources, and
            they remain. With `documents`, a base model
            in `model` is the one that is fine-tuned; by default, that is the first of `GET
            /v1/models`. The response names it in `base_model`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Comparison | ErrorResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
