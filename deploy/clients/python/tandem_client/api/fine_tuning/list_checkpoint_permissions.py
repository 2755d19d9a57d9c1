from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.checkpoint_permission_page import CheckpointPermissionPage
from ...models.error_response import ErrorResponse
from ...models.list_checkpoint_permissions_order import (
    ListCheckpointPermissionsOrder,
)
from ...types import UNSET, Response, Unset


def _get_kwargs(
    fine_tuned_model_checkpoint: str,
    *,
    limit: int | Unset = 20,
    order: ListCheckpointPermissionsOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    project_id: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_order: str | Unset = UNSET
    if not isinstance(order, Unset):
        json_order = order

    params["order"] = json_order

    params["after"] = after

    params["before"] = before

    params["project_id"] = project_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions".format(
            fine_tuned_model_checkpoint=quote(
                str(fine_tuned_model_checkpoint), safe=""
            ),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CheckpointPermissionPage | ErrorResponse | None:
    if response.status_code == 200:
        response_200 = CheckpointPermissionPage.from_dict(response.json())

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
) -> Response[CheckpointPermissionPage | ErrorResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    fine_tuned_model_checkpoint: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListCheckpointPermissionsOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    project_id: str | Unset = UNSET,
) -> Response[CheckpointPermissionPage | ErrorResponse]:
    """List Checkpoint Permissions

     List which other projects may use a fine-tuned model of this project, newest first.

    Args:
        fine_tuned_model_checkpoint (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListCheckpointPermissionsOrder | Unset):  Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        project_id (str | Unset): List only the permission of this project.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CheckpointPermissionPage | ErrorResponse]
    """

    kwargs = _get_kwargs(
        fine_tuned_model_checkpoint=fine_tuned_model_checkpoint,
        limit=limit,
        order=order,
        after=after,
        before=before,
        project_id=project_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    fine_tuned_model_checkpoint: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListCheckpointPermissionsOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    project_id: str | Unset = UNSET,
) -> CheckpointPermissionPage | ErrorResponse | None:
    """List Checkpoint Permissions

     List which other projects may use a fine-tuned model of this project, newest first.

    Args:
        fine_tuned_model_checkpoint (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListCheckpointPermissionsOrder | Unset):  Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        project_id (str | Unset): List only the permission of this project.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CheckpointPermissionPage | ErrorResponse
    """

    return sync_detailed(
        fine_tuned_model_checkpoint=fine_tuned_model_checkpoint,
        client=client,
        limit=limit,
        order=order,
        after=after,
        before=before,
        project_id=project_id,
    ).parsed


async def asyncio_detailed(
    fine_tuned_model_checkpoint: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListCheckpointPermissionsOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    project_id: str | Unset = UNSET,
) -> Response[CheckpointPermissionPage | ErrorResponse]:
    """List Checkpoint Permissions

     List which other projects may use a fine-tuned model of this project, newest first.

    Args:
        fine_tuned_model_checkpoint (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListCheckpointPermissionsOrder | Unset):  Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        project_id (str | Unset): List only the permission of this project.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CheckpointPermissionPage | ErrorResponse]
    """

    kwargs = _get_kwargs(
        fine_tuned_model_checkpoint=fine_tuned_model_checkpoint,
        limit=limit,
        order=order,
        after=after,
        before=before,
        project_id=project_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    fine_tuned_model_checkpoint: str,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 20,
    order: ListCheckpointPermissionsOrder | Unset = "desc",
    after: str | Unset = UNSET,
    before: str | Unset = UNSET,
    project_id: str | Unset = UNSET,
) -> CheckpointPermissionPage | ErrorResponse | None:
    """List Checkpoint Permissions

     List which other projects may use a fine-tuned model of this project, newest first.

    Args:
        fine_tuned_model_checkpoint (str):
        limit (int | Unset): The maximum number of items on the page. Default: 20.
        order (ListCheckpointPermissionsOrder | Unset):  Default: 'desc'.
        after (str | Unset): The id of the last item on the previous page.
        before (str | Unset): The id of the first item on the next page.
        project_id (str | Unset): List only the permission of this project.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CheckpointPermissionPage | ErrorResponse
    """

    return (
        await asyncio_detailed(
            fine_tuned_model_checkpoint=fine_tuned_model_checkpoint,
            client=client,
            limit=limit,
            order=order,
            after=after,
            before=before,
            project_id=project_id,
        )
    ).parsed
