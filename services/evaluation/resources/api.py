"""Tandem's API as this room uses it: resources that were made for a job are found again by their metadata, and waited for.

Metadata is what makes creation repeatable: a worker that dies between a request and its note of the id finds the resource, and makes no
second one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.errors import TandemError
from shared.workers.job_context import JobContext
from shared.workers.retry import retry

POLL_SECONDS = 1.0
ENDED = ("succeeded", "failed", "cancelled")

Resource = dict[str, Any]
RunJob = Callable[[str], None]


class Api(Protocol):
    """What this room needs of Tandem's API."""

    async def call(self, method: str, path: str, *, body: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """Send a request with JSON, and return the JSON of the response."""
        ...


@dataclass(frozen=True)
class Maker:
    """Makes resources for the job of `context`. `run_dataset` runs a dataset's job in this process, unless another worker has it.

    Without it, the only worker would wait forever for a dataset that waits for a worker.
    """

    api: Api
    context: JobContext
    run_dataset: RunJob
    retry_seconds: float
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    async def get(self, path: str) -> Resource:
        """Return a resource."""
        resource: Resource = await retry(lambda: self.api.call("GET", path), self.retry_seconds)
        return resource

    async def find_or_create(self, path: str, body: Resource, role: str) -> Resource:
        """Return the resource of this job with this role, from an earlier attempt or new. Its metadata name both."""
        metadata = {"comparison": self.context.job.id, "role": role}

        async def attempt() -> Resource:
            # Looked for again after a failure, because the request that failed may have made it.
            return await self._find(path, metadata) or await self._create(path, {**body, "metadata": metadata})

        return await retry(attempt, self.retry_seconds)

    async def _create(self, path: str, body: Resource) -> Resource:
        created: Resource = await self.api.call("POST", path, body=body)
        self.context.add_event(f"Created '{created['id']}'.", data={"role": body["metadata"]["role"], "id": created["id"]})
        return created

    async def _find(self, path: str, metadata: Mapping[str, str]) -> Resource | None:
        """Return the newest resource with this metadata that is not older than the job."""
        params: dict[str, Any] = {"limit": 100}
        while True:
            page = await self.api.call("GET", path, params=params)
            for resource in page["data"]:
                if resource["created_at"] < self.context.job.created_at:
                    return None
                if resource.get("metadata") == metadata:
                    return dict(resource)
            if not page["has_more"]:
                return None
            params["after"] = page["last_id"]

    async def wait(self, path: str, stage: str, run_job: RunJob | None = None) -> Resource:
        """Return a job once it has ended, and show its progress as `stage`. `run_job` runs it here, if no worker has it or its worker died.

        Raises:
            TandemError: if it failed or was canceled; the message has its reason.
            JobInterrupted: if this job was canceled too.
        """
        helper: asyncio.Task[None] | None = None
        while (job := await self.get(path))["status"] not in ENDED:
            if run_job and (helper is None or helper.done()):
                helper = asyncio.create_task(asyncio.to_thread(run_job, job["id"]))
            self.context.report_progress(f"{stage}: {job.get('stage') or job['status']}", 0)
            await self.sleep(POLL_SECONDS)
        if job["status"] != "succeeded":
            await asyncio.to_thread(self.context.renew_lease)  # it may have been canceled together with this job
            self.context.raise_if_interrupted()
            raise _describe_end(job)
        return job

    async def cancel(self, path: str) -> None:
        """Cancel a job that was made for this one, unless it has ended or is gone."""
        try:
            await self.api.call("POST", f"{path}/cancel")
        except TandemError:
            return


def _describe_end(job: Resource) -> TandemError:
    error = job.get("error") or {}
    reason = f" and failed: {error['message']}" if error.get("message") else " and was canceled."
    return TandemError(f"'{job['id']}' was made for this comparison{reason}", code=error.get("code") or "resource_failed")
