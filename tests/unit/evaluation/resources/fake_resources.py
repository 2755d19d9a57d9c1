"""An API with vector stores, datasets and fine-tuning jobs that make progress whenever somebody looks at them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.errors import NotFound, Unavailable

STORES, DATASETS, TRAINING = "/v1/vector_stores", "/v1/datasets", "/v1/fine_tuning/jobs"
PREFIXES = {STORES: "vs_", DATASETS: "dset_", TRAINING: "ftjob-"}


@dataclass
class FakeResources:
    """What was made, by path and id. A dataset waits until `run_dataset` runs it; `datasets_fail` says with which error.

    After `dies_after` calls, every call fails, as if the worker had lost its network. `hangs` keeps fine-tuning jobs running.
    """

    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    calls: int = 0
    dies_after: int | None = None
    datasets_fail: dict[str, Any] | None = None
    broken_files: int = 0
    hangs: bool = False
    now: int = 1_900_000_000
    cancelled: list[str] = field(default_factory=list)

    def of(self, path: str) -> list[dict[str, Any]]:
        """Return the resources of a kind, oldest first."""
        return [each for each in self.made.values() if each["path"] == path]

    def run_dataset(self, dataset_id: str) -> None:
        """Run a dataset as a worker would."""
        dataset = self.made[dataset_id]
        if dataset["status"] != "queued":
            return
        if self.datasets_fail:
            dataset.update(status="failed", error=self.datasets_fail)
            return
        split = dataset["body"].get("split") or {"train": 0.6, "validation": 0.1, "questions": 0.3}
        names = {"training_file": "train", "validation_file": "validation", "questions_file": "questions"}
        result = {name: f"file-{part}-of-{dataset_id}" if split[part] else None for name, part in names.items()}
        documents = {part: round(30 * share) for part, share in split.items()}
        dataset.update(status="succeeded", result={**result, "documents": documents, "warnings": ["Read them."]})

    async def call(self, method: str, path: str, *, body: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """Answer a request; the dying one is carried out, but its response is lost."""
        self.calls += 1
        if self.dies_after is not None and self.calls > self.dies_after:
            raise Unavailable("The network is down.")
        response = self._answer(method, path, body, params or {})
        if self.calls == self.dies_after:
            raise Unavailable("The network is down.")
        return response

    def _answer(self, method: str, path: str, body: Any, params: Mapping[str, Any]) -> Any:
        if method == "POST" and path in PREFIXES:
            return self._create(path, body)
        if path in PREFIXES:
            return self._list(path, params)
        if path.endswith("/cancel"):
            self.cancelled.append(path.split("/")[-2])
            return {}
        return self._look(path)

    def _create(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        id = f"{PREFIXES[path]}{len(self.made) + 1}"
        self.made[id] = {"id": id, "path": path, "body": body, "created_at": self.now, "metadata": body["metadata"], "status": "queued"}
        if path == TRAINING:
            self.made[id].update(
                {name: body[name] for name in ("model", "training_file", "validation_file", "seed")}, method=body.get("method")
            )
        return self.made[id]

    def _list(self, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        newest = self.of(path)[::-1]
        start = [each["id"] for each in newest].index(params["after"]) + 1 if "after" in params else 0
        page = newest[start : start + 2]  # small pages, so that there are several
        return {"data": page, "has_more": start + 2 < len(newest), "last_id": page[-1]["id"] if page else None}

    def _look(self, path: str) -> dict[str, Any]:
        kind, id = path.rsplit("/", 1)
        if kind == "/v1/models":
            name = id.replace("%3A", ":")
            if name not in self.models:
                raise NotFound(f"There is no model '{name}'.")
            return {"id": name, "job": self.models[name]}
        if id not in self.made:
            raise NotFound(f"There is no '{id}'.")
        resource = self.made[id]
        if kind == STORES:
            resource["looks"] = resource.get("looks", 0) + 1
            total = len(resource["body"]["file_ids"])
            waiting = max(0, total - resource["looks"])
            failed = 0 if waiting else self.broken_files
            counts = {"in_progress": waiting, "completed": total - waiting - failed, "failed": failed, "total": total}
            return {**resource, "file_counts": counts}
        if kind == TRAINING and not self.hangs and resource["status"] == "queued":
            resource["status"] = "running"
        elif kind == TRAINING and not self.hangs and resource["status"] == "running":
            resource.update(status="succeeded", fine_tuned_model=f"ft:base:{id}")
            self.models[f"ft:base:{id}"] = id
        return resource
