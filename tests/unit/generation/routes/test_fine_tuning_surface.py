"""Fine-tuning checked against the installed `openai` package: every method, parameter, field and status of its types.

What is not served yet is listed here by name. These tests fail with a version of the package that has more, and as soon as something that
is listed is served: then its line is deleted.
"""

import warnings
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from openai import BadRequestError, OpenAI, omit
from openai.resources.fine_tuning import FineTuning, alpha, checkpoints, jobs
from openai.types import fine_tuning as sdk_types
from openai.types.fine_tuning import checkpoints as checkpoint_types
from openai.types.fine_tuning import fine_tuning_job
from openai.types.fine_tuning.jobs import FineTuningJobCheckpoint, fine_tuning_job_checkpoint
from sqlalchemy import delete, update

from services.generation.contracts import fine_tuning as contracts
from services.generation.contracts.fine_tuning import FineTuningJob, FineTuningJobEvent
from services.generation.contracts.models import CheckpointPermission
from shared.contracts.fine_tuning import DpoHyperparameters, DpoMethod, Hyperparameters, JobError, Method, SupervisedMethod
from shared.contracts.integrations import WandbIntegration, WandbOptions
from shared.contracts.paging import Page
from shared.contracts.wire import DeleteResponse
from shared.records.database import Database
from shared.records.jobs import Job
from shared.records.models.adapters import Adapter
from shared.records.projects import ApiKey, Project
from tests.fake_retrieval import FakeRetrieval
from tests.sdk_types import check, field_paths, sent_paths

NOT_ENDPOINTS = {"with_raw_response", "with_streaming_response"}
MODEL = "ft:tiny:default:none:12345678"
# Parameters that are refused, with everything below them, and a body that has them.
WANDB: Any = [{"type": "wandb", "wandb": {"project": "support", "entity": "red", "name": "first", "tags": ["a"]}}]
PARAMETERS_NOT_SERVED: dict[str, dict[str, Any]] = {
    "method.reinforcement": {"method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "multi"}}}},
}
# Fields that no response has.
FIELDS_NOT_SERVED = {"method.reinforcement"}
# OpenAI's documentation has it for a job that was paused; the SDK's type does not.
STATUSES_BESIDE_THE_SDK = {"paused"}
LINES = b'{"messages": [{"role": "user", "content": "How many arms?"}, {"role": "assistant", "content": "Two."}]}\n' * 12
PAIRS = b"".join(
    b'{"input": {"messages": [{"role": "user", "content": "How many arms has octopus %d?"}], "tools": [], "parallel_tool_calls": true}, '
    b'"preferred_output": [{"role": "assistant", "content": "Eight."}], '
    b'"non_preferred_output": [{"role": "assistant", "content": "Two."}]}\n' % number
    for number in range(12)
)
HYPERPARAMETERS = {"n_epochs": 2, "batch_size": 4, "learning_rate_multiplier": 1.5}
SAME_FIELDS: dict[Any, Any] = {
    sdk_types.FineTuningJob: FineTuningJob,
    sdk_types.FineTuningJobEvent: FineTuningJobEvent,
    FineTuningJobCheckpoint: contracts.FineTuningJobCheckpoint,
    fine_tuning_job_checkpoint.Metrics: contracts.CheckpointMetrics,
    sdk_types.SupervisedMethod: SupervisedMethod,
    sdk_types.SupervisedHyperparameters: Hyperparameters,
    sdk_types.DpoMethod: DpoMethod,
    sdk_types.DpoHyperparameters: DpoHyperparameters,
    fine_tuning_job.Hyperparameters: Hyperparameters,
    fine_tuning_job.Method: Method,
    fine_tuning_job.Error: JobError,
    sdk_types.FineTuningJobWandbIntegrationObject: WandbIntegration,
    sdk_types.FineTuningJobWandbIntegration: WandbOptions,
    checkpoint_types.PermissionCreateResponse: CheckpointPermission,
    checkpoint_types.PermissionListResponse: CheckpointPermission,
    checkpoint_types.PermissionRetrieveResponse: Page[CheckpointPermission],
    checkpoint_types.PermissionDeleteResponse: DeleteResponse,
}


@pytest.fixture
def training_file(retrieval: FakeRetrieval, database: Database) -> str:
    return retrieval.add_file(LINES)


@pytest.fixture
def job_id(sdk: OpenAI, training_file: str) -> str:
    return sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file).id


@pytest.fixture
def shared_model(database: Database) -> Iterator[str]:
    """A model, and the projects `red` and `blue` to share it with."""
    with database.session() as session:
        session.add(Adapter(name=MODEL, project_id="default", base="tiny", job_id="ftjob-1", manifest={}, created_at=7))
        for name in ("red", "blue"):
            session.merge(Project(id=name, created_at=1))
            session.flush()
            session.add(ApiKey(sha256=name, project_id=name, created_at=1))
    yield MODEL
    with database.session() as session:
        session.execute(delete(ApiKey))


def methods(resource: Any, prefix: str) -> set[str]:
    """Return the methods of a resource that call an endpoint, and not the resources below it."""
    own = {name for name, value in vars(resource).items() if not name.startswith("_") and callable(value)}
    return {f"{prefix}.{name}" for name in own - NOT_ENDPOINTS}


def sdk_methods() -> set[str]:
    return (
        methods(jobs.Jobs, "jobs")
        | methods(jobs.Checkpoints, "jobs.checkpoints")
        | methods(checkpoints.Permissions, "checkpoints.permissions")
        | methods(alpha.Graders, "alpha.graders")
        | methods(FineTuning, "")
    )


def call_permissions(sdk: OpenAI, model: str) -> dict[str, Any]:
    permissions = sdk.fine_tuning.checkpoints.permissions.with_raw_response
    created = check(permissions.create(model, project_ids=["red"]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        retrieved = permissions.retrieve(model)
    return {
        "checkpoints.permissions.create": created,
        "checkpoints.permissions.list": check(permissions.list(model)),
        "checkpoints.permissions.retrieve": check_whole(retrieved),
        "checkpoints.permissions.delete": check(permissions.delete(created.data[0].id, fine_tuned_model_checkpoint=model)),
    }


def check_whole(raw: Any) -> Any:
    """Check strictly a page that the SDK has as one type."""
    parsed, wire = raw.parse(), raw.http_response.json()
    assert parsed.data
    return type(parsed).model_validate(wire, strict=True)


def call_served(sdk: OpenAI, training_file: str, shared_model: str) -> dict[str, Any]:
    """Call every method that is served; return the results, which have the SDK's types."""
    of_jobs, of_graders = sdk.fine_tuning.jobs.with_raw_response, sdk.fine_tuning.alpha.graders.with_raw_response
    grader: Any = {"type": "string_check", "name": "same", "operation": "eq", "input": "{{sample.output_text}}", "reference": "Two."}
    created = check(of_jobs.create(model="tiny", training_file=training_file))
    return {
        "jobs.create": created,
        "jobs.retrieve": check(of_jobs.retrieve(created.id)),
        "jobs.list": check(of_jobs.list()),
        "jobs.list_events": check(of_jobs.list_events(created.id)),
        "jobs.checkpoints.list": sdk.fine_tuning.jobs.checkpoints.list(created.id),  # it has none yet: see test_checkpoints.py
        "jobs.pause": sdk.fine_tuning.jobs.pause(created.id),  # its status is not among those of the SDK's type
        "jobs.resume": check(of_jobs.resume(created.id)),
        "jobs.cancel": check(of_jobs.cancel(created.id)),
        **call_permissions(sdk, shared_model),
        "alpha.graders.run": check(of_graders.run(grader=grader, model_sample="Two.")),
        "alpha.graders.validate": check(of_graders.validate(grader=grader)),
    }


def test_every_method_of_the_sdk_works(sdk: OpenAI, training_file: str, shared_model: str) -> None:
    served = call_served(sdk, training_file, shared_model)
    assert len(sdk_methods()) == 14
    assert served.keys() == sdk_methods()


def test_every_parameter_of_the_sdks_permissions_is_accepted(sdk: OpenAI, shared_model: str) -> None:
    permissions = sdk.fine_tuning.checkpoints.permissions
    create: Any = {"project_ids": ["red", "blue"]}
    red = permissions.create(shared_model, **create).data[0].id
    page: Any = {"after": red, "limit": 1, "order": "ascending", "project_id": "red"}
    assert permissions.list(shared_model, **page).data == []  # after the only one of this project
    assert [each.id for each in permissions.list(shared_model, **{**page, "after": omit, "order": "descending"})] == [red]
    sent = {
        checkpoint_types.PermissionCreateParams: [create],
        checkpoint_types.PermissionListParams: [page],
        checkpoint_types.PermissionRetrieveParams: [page],
    }
    assert {getattr(checkpoint_types, name) for name in dir(checkpoint_types) if name.endswith("Params")} == set(sent)
    for params, examples in sent.items():
        assert {path for each in examples for path in sent_paths(each)} == field_paths(params), params


def is_served(path: str) -> bool:
    return not any(path == each or path.startswith(f"{each}.") for each in PARAMETERS_NOT_SERVED)


def test_every_parameter_of_the_sdks_types_is_accepted_or_listed(sdk: OpenAI, training_file: str, retrieval: FakeRetrieval) -> None:
    of_jobs = sdk.fine_tuning.jobs.with_raw_response
    method = {"type": "supervised", "supervised": {"hyperparameters": HYPERPARAMETERS}}
    both: dict[str, Any] = {"model": "tiny", "training_file": training_file, "validation_file": retrieval.add_file(LINES)}
    pairs: dict[str, Any] = {"model": "tiny", "training_file": retrieval.add_file(PAIRS), "validation_file": retrieval.add_file(PAIRS)}
    dpo = {"type": "dpo", "dpo": {"hyperparameters": {**HYPERPARAMETERS, "beta": 0.3}}}
    create = [
        {**both, "hyperparameters": HYPERPARAMETERS, "suffix": "a b", "seed": 3, "metadata": {"team": "red"}, "integrations": WANDB},
        {**both, "method": method, "suffix": None, "seed": None, "metadata": None, "integrations": None},
        {**pairs, "method": dpo, "integrations": []},
    ]
    first, second, preferring = (check(of_jobs.create(**options)) for options in create)
    assert first.hyperparameters == second.hyperparameters
    assert first.hyperparameters.to_dict().items() >= HYPERPARAMETERS.items()  # besides the extensions
    assert [integration.to_dict() for integration in first.integrations or []] == WANDB
    assert preferring.method.type == "dpo"
    assert preferring.method.supervised is None
    assert preferring.method.dpo.hyperparameters.to_dict().items() >= {**HYPERPARAMETERS, "beta": 0.3}.items()
    page = {"limit": 1, "after": preferring.id, "metadata": {"team": "red"}}
    assert [job.id for job in sdk.fine_tuning.jobs.list(limit=1, metadata={"team": "red"})] == [first.id]
    event = sdk.fine_tuning.jobs.list_events(first.id, limit=1).data[0].id
    check(of_jobs.list_events(first.id, limit=1, after=event))
    sent = {
        sdk_types.JobCreateParams: create,
        sdk_types.JobListParams: [page],
        sdk_types.JobListEventsParams: [{"limit": 1, "after": event}],
    }
    assert {getattr(sdk_types, name) for name in dir(sdk_types) if name.endswith("Params")} == set(sent)
    for params, examples in sent.items():
        assert {path for each in examples for path in sent_paths(each)} == set(filter(is_served, field_paths(params))), params


@pytest.mark.parametrize("path", PARAMETERS_NOT_SERVED)
def test_a_parameter_that_is_listed_is_refused_and_not_ignored(sdk: OpenAI, training_file: str, path: str) -> None:
    assert path in field_paths(sdk_types.JobCreateParams)
    with pytest.raises(BadRequestError, match="not supported"):
        sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file, **PARAMETERS_NOT_SERVED[path])


def test_every_field_of_the_sdks_types_is_in_ours_or_listed() -> None:
    for theirs, ours in SAME_FIELDS.items():
        missing = set(theirs.model_fields) - set(ours.model_fields)
        assert missing == ({path.split(".")[1] for path in FIELDS_NOT_SERVED} if ours is Method else set()), theirs


def test_every_status_of_the_sdk_is_shown(sdk: OpenAI, job_id: str, database: Database) -> None:
    statuses = set(get_args(sdk_types.FineTuningJob.model_fields["status"].annotation))
    assert set(get_args(FineTuningJob.model_fields["status"].annotation)) - STATUSES_BESIDE_THE_SDK == statuses
    for status in statuses:
        with database.session() as session:
            session.execute(update(Job).where(Job.id == job_id).values(status=status))
        assert check(sdk.fine_tuning.jobs.with_raw_response.retrieve(job_id)).status == status
