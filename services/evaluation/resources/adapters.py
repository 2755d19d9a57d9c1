"""Trains adapters through fine-tuning jobs: the one that a comparison is about, and the same with other seeds."""

import asyncio
from urllib.parse import quote

from services.evaluation.resources.api import Maker, Resource
from shared.contracts.comparisons import ComparisonSpec
from shared.errors import InvalidRequest, NotFound

PATH = "/v1/fine_tuning/jobs"
NUM_SEEDS = 2**31
SETTINGS = ("model", "training_file", "validation_file", "method")


async def train_adapter(spec: ComparisonSpec, validation_file: str | None, maker: Maker) -> ComparisonSpec:
    """Return the spec with the adapter that was trained from its training file as the model."""
    body = {"model": spec.base_model, "training_file": spec.training_file, "validation_file": validation_file, "seed": spec.seed}
    job = await maker.find_or_create(PATH, body, "adapter")
    spec = note_job(spec, job["id"])
    maker.context.save_spec(spec.model_dump(mode="json"))
    ended = await maker.wait(f"{PATH}/{job['id']}", "training the adapter")
    return spec.model_copy(update={"model": ended["fine_tuned_model"]})


async def train_seeds(spec: ComparisonSpec, maker: Maker) -> tuple[ComparisonSpec, list[str]]:
    """Train `spec.seeds - 1` more adapters like `spec.model`, with other seeds; return the spec with their jobs, and their names.

    Raises:
        InvalidRequest: if the job that trained the model cannot be found.
        TandemError: if a job fails.
    """
    if spec.seeds == 1 or spec.model is None:
        return spec, []
    first = await _find_job(spec.model, maker)
    settings = {name: first.get(name) for name in SETTINGS}
    jobs = []
    for number in range(1, spec.seeds):
        body = {**settings, "seed": (first["seed"] + number) % NUM_SEEDS}
        job = await _find_trained(spec, body, maker) or await maker.find_or_create(PATH, body, f"seed {number}")
        spec = note_job(spec, job["id"])
        maker.context.save_spec(spec.model_dump(mode="json"))
        jobs.append(job["id"])
    stages = [(f"{PATH}/{job_id}", f"training seed {number} of {spec.seeds}") for number, job_id in enumerate(jobs, start=2)]
    return spec, [(await maker.wait(path, stage))["fine_tuned_model"] for path, stage in stages]


async def _find_trained(spec: ComparisonSpec, body: Resource, maker: Maker) -> Resource | None:
    """Return the job that trained this adapter for the comparison that this one extends; None if it or its adapter is gone.

    The answers of the adapter were kept, so another one must not take its place.
    """
    for job_id in spec.fine_tuning_jobs if spec.extends else ():
        try:
            job = await maker.get(f"{PATH}/{job_id}")
            if job["status"] == "succeeded" and all(job.get(name) == value for name, value in body.items()):
                await maker.get(f"/v1/models/{quote(job['fine_tuned_model'], safe='')}")
                return job
        except NotFound:
            continue
    return None


async def _find_job(model: str, maker: Maker) -> Resource:
    """Return the fine-tuning job that trained a model."""
    try:
        described = await maker.get(f"/v1/models/{quote(model, safe='')}")
        return await maker.get(f"{PATH}/{described['job']}")
    except (NotFound, KeyError) as error:
        problem = f"The fine-tuning job of '{model}' cannot be found, so it cannot be repeated with other seeds. Set 'seeds' to 1."
        raise InvalidRequest(problem, param="seeds") from error


def note_job(spec: ComparisonSpec, job_id: str) -> ComparisonSpec:
    """Return the spec with a fine-tuning job that was made for it."""
    return spec.model_copy(update={"fine_tuning_jobs": list(dict.fromkeys([*spec.fine_tuning_jobs, job_id]))})


async def cancel_jobs(spec: ComparisonSpec, maker: Maker) -> None:
    """Cancel what was started for a comparison and has not ended."""
    paths = [f"{PATH}/{job_id}" for job_id in spec.fine_tuning_jobs]
    if spec.dataset_id:
        paths.append(f"/v1/datasets/{spec.dataset_id}")
    await asyncio.gather(*(maker.cancel(path) for path in paths))
