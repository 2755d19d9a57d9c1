"""`/v1/fine_tuning/validate` and `/v1/fine_tuning/estimate`: check the files of a job and estimate what it takes, before there is one."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from services.generation.contracts.estimates import FineTuningEstimate, FineTuningEstimateCreate
from services.generation.contracts.validation import FineTuningValidation, FineTuningValidationCreate, ValidationEvent
from services.generation.dependencies import AnswersDep, InputsDep, JobsDep, ProjectDep
from services.generation.http import sse
from services.generation.http.relay import RelayResponse, run_until_disconnect
from services.generation.http.reply import Chunks, Reply
from services.generation.jobs.feasibility.count_tokens import CountingModel
from services.generation.jobs.files.check_files import find_files
from services.generation.jobs.training_limits import TrainingLimits, describe_template
from services.generation.jobs.validation import estimate, read_files, validate
from services.generation.serving.pool import ServedModel
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/fine_tuning", tags=["fine-tuning"], route_class=JsonRoute)
SCHEMA = "#/components/schemas/{model}"
# The schema of a stream is that of one event's data.
EVENT = ValidationEvent.model_json_schema(ref_template=SCHEMA, mode="serialization")
EVENTS = {"$ref": SCHEMA.format(model="ValidationEvent"), "$defs": {**EVENT.pop("$defs"), "ValidationEvent": EVENT}}
RESPONSES: dict[int | str, dict[str, Any]] = {200: {"model": FineTuningValidation, "content": {sse.CONTENT_TYPE: {"schema": EVENTS}}}}


@router.post("/validate", response_model=None, responses=RESPONSES)
async def validate_fine_tuning_files(
    body: FineTuningValidationCreate, request: Request, project: ProjectDep, answers: AnswersDep, jobs: JobsDep, inputs: InputsDep
) -> Response:
    """Check the files of a fine-tuning job without creating one: every problem of every line, and warnings about the whole files.

    With `model`, its engine counts the tokens of the examples, or of a sample of them. Large files take minutes; with `stream`, events
    tell how far the check is. It stops if the client disconnects.
    """
    model = None
    if body.model is not None:
        model = await _open_counter(
            await answers.open_model(project, body.model, request.headers), body.model, jobs.limits, body.method.max_length
        )
    validate.refuse_if_busy()
    sources = await run_in_threadpool(find_files, body.training_file, body.validation_file, inputs)
    validation = read_files.Validation(body.method.type, sources, inputs, model)
    if body.stream:
        return _stream(validate.stream(validation))
    found = await run_until_disconnect(request.receive, validate.run(validation))
    return JSONResponse(found.model_dump(mode="json"))


@router.post("/estimate")
async def estimate_fine_tuning(
    body: FineTuningEstimateCreate, request: Request, project: ProjectDep, answers: AnswersDep, jobs: JobsDep, inputs: InputsDep
) -> FineTuningEstimate:
    """Estimate parameters, memory, tokens, time and cost of a fine-tuning job, without creating one.

    With `training_file`, the files are checked as for a job, and the engine counts the tokens of its examples, or of a sample of them.
    """
    subject = await run_in_threadpool(estimate.check_request, body, project, jobs.models, jobs.limits)
    found = None
    if body.training_file is not None:
        served = await answers.open_model(project, body.model, request.headers)
        model = await _open_counter(served, body.model, jobs.limits, subject.max_length)
        validate.refuse_if_busy()
        sources = await run_in_threadpool(find_files, body.training_file, body.validation_file, inputs)
        validation = read_files.Validation(body.method.type, sources, inputs, model)
        found = await run_until_disconnect(request.receive, validate.run(validation))
    devices = await run_in_threadpool(jobs.store.list_devices, subject.base)
    return estimate.estimate(subject, found, devices, await run_in_threadpool(jobs.store.request_calibrations, devices))


async def _open_counter(served: ServedModel, name: str, limits: TrainingLimits, max_length: int | None) -> CountingModel:
    base = limits.bases.get(served.pool.base_model)
    model = CountingModel(name, served, limits.max_length, requested=max_length)
    return model if base is None else await run_in_threadpool(describe_template, model, base)


def _stream(events: AsyncGenerator[ValidationEvent, None]) -> RelayResponse:
    return RelayResponse(Reply(200, sse.HEADERS, _encode(events), events.aclose))


async def _encode(events: AsyncGenerator[ValidationEvent, None]) -> Chunks:
    async with aclosing(events):
        async for event in events:
            yield sse.encode_named(event.model_dump(mode="json"))
