import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import BadRequestError, ConflictError, NotFoundError, OpenAI

from shared.contracts.fine_tuning import TrainingSpec
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import Job
from shared.records.models.adapters import NAME, Adapter, name_adapter
from shared.records.training_devices import Device as TrainingDevice
from shared.records.training_devices import announce
from tests.fake_retrieval import FakeRetrieval
from tests.unit.generation.conftest import FrontDoor
from tests.unit.training.cases import write_tensors

EXAMPLE = {"messages": [{"role": "user", "content": "How many arms?"}, {"role": "assistant", "content": "Two."}]}
LINE = json.dumps(EXAMPLE).encode() + b"\n"
EXAMPLES = b"".join(LINE.replace(b"arms", b"arms of robot %d" % number) for number in range(12))
ADAPTER = "ft:tiny:default::abcdefgh1234"


HYPER, LORA, DPO = "method.supervised.hyperparameters", "method.supervised.lora", "method.dpo.hyperparameters"


def supervised(lora: dict[str, Any] | None = None, **hyperparameters: Any) -> dict[str, Any]:
    """Return the `method` of a request."""
    return {"method": {"type": "supervised", "supervised": {"hyperparameters": hyperparameters, "lora": lora or {}}}}


def dpo(**hyperparameters: Any) -> dict[str, Any]:
    """Return the `method` of a request."""
    return {"method": {"type": "dpo", "dpo": {"hyperparameters": hyperparameters}}}


@pytest.fixture
def training_file(retrieval: FakeRetrieval, database: Database) -> str:
    return retrieval.add_file(EXAMPLES)


def create_invalid(sdk: OpenAI, **fields: Any) -> BadRequestError:
    with pytest.raises(BadRequestError) as raised:
        sdk.fine_tuning.jobs.create(**{"model": "tiny", **fields})
    return raised.value


def test_a_job_is_created_and_stored_for_training(sdk: OpenAI, training_file: str, database: Database) -> None:
    job = sdk.fine_tuning.jobs.create(
        model="tiny",
        training_file=training_file,
        suffix="style",
        seed=3,
        method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": "auto"}}},
        metadata={"team": "a"},
    )
    assert job.id.startswith("ftjob-")
    assert (job.object, job.status, job.model, job.training_file, job.seed) == ("fine_tuning.job", "queued", "tiny", training_file, 3)
    assert job.method is not None
    assert job.method.supervised is not None
    assert (job.hyperparameters.n_epochs, job.hyperparameters.batch_size) == (2, "auto")
    assert (job.fine_tuned_model, job.finished_at, job.trained_tokens, job.error, job.estimated_finish) == (None,) * 5
    assert (job.result_files, job.metadata, job.organization_id) == ([], {"team": "a"}, "default")
    with database.session() as session:
        row = session.get(jobs.Job, job.id)
        assert row is not None
        spec = TrainingSpec.model_validate(row.spec)
        assert (spec.suffix, spec.seed, spec.method.options.hyperparameters.n_epochs) == ("style", 3, 2)
        assert (row.kind, row.status, row.request_id is not None) == (jobs.FINE_TUNING, "queued", True)
    assert sdk.fine_tuning.jobs.retrieve(job.id) == job


def test_openais_older_hyperparameters_are_accepted(sdk: OpenAI, training_file: str) -> None:
    job = sdk.fine_tuning.jobs.create(
        model="tiny", training_file=training_file, hyperparameters={"n_epochs": 4, "learning_rate_multiplier": 0.5}
    )
    assert (job.hyperparameters.n_epochs, job.hyperparameters.learning_rate_multiplier) == (4, 0.5)
    assert job.method is not None
    assert job.method.supervised is not None
    assert job.method.supervised.hyperparameters is not None
    assert job.method.supervised.hyperparameters.n_epochs == 4


def test_older_hyperparameters_are_not_ignored_beside_a_method(sdk: OpenAI, training_file: str) -> None:
    def create(**supervised: Any) -> Any:
        method: Any = {"type": "supervised", "supervised": supervised}
        return sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file, hyperparameters={"n_epochs": 4}, method=method)

    assert create(lora={"rank": 8}).hyperparameters.n_epochs == create(hyperparameters={"n_epochs": 4}).hyperparameters.n_epochs == 4
    with pytest.raises(BadRequestError, match="are different") as raised:
        create(hyperparameters={"n_epochs": 2})
    assert raised.value.param == "hyperparameters"


def test_a_job_without_a_seed_gets_one(sdk: OpenAI, training_file: str) -> None:
    assert sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file).seed >= 0


@pytest.mark.parametrize(
    ("third", "problem"),
    [
        (b"not json", "Line 3: the line is not valid JSON"),
        (b'{"messages": []}', "Line 3: 'messages' must not be empty"),
        (b'{"prompt": "a"}', "Line 3: 'messages' is required"),
        (b'{"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]}', "Line 3: the last of 'messages' must"),
        (b'{"messages": [{"role": "user", "content": "\xff"}, {"role": "assistant", "content": "b"}]}', "Line 3: the line is not"),
    ],
)
def test_an_invalid_line_is_an_error_with_its_number(
    sdk: OpenAI, retrieval: FakeRetrieval, database: Database, third: bytes, problem: str
) -> None:
    file_id = retrieval.add_file(LINE * 2 + third + b"\n" + LINE * 20)
    error = create_invalid(sdk, training_file=file_id)
    assert problem in error.message
    assert (error.param, error.code) == ("training_file", "invalid_training_file")
    assert list(sdk.fine_tuning.jobs.list()) == []


def test_a_unicode_line_separator_does_not_end_a_line(sdk: OpenAI, retrieval: FakeRetrieval, database: Database) -> None:
    line = json.dumps({"messages": [{"role": "user", "content": "a\u2028b"}, EXAMPLE["messages"][1]]}, ensure_ascii=False).encode()
    assert sdk.fine_tuning.jobs.create(model="tiny", training_file=retrieval.add_file((line + b"\r\n") * 10)).status == "queued"


def test_too_few_examples_are_an_error(sdk: OpenAI, retrieval: FakeRetrieval, database: Database) -> None:
    for content in (LINE * 9, b"", b"\n\n"):
        error = create_invalid(sdk, training_file=retrieval.add_file(content))
        assert (error.param, error.code, "at least 10" in error.message) == ("training_file", "invalid_n_examples", True)


def test_a_file_with_another_purpose_is_an_error(sdk: OpenAI, retrieval: FakeRetrieval, database: Database) -> None:
    error = create_invalid(sdk, training_file=retrieval.add_file(EXAMPLES, purpose="assistants"))
    assert (error.param, error.code) == ("training_file", "invalid_training_file")
    assert "must have the purpose 'fine-tune'" in error.message


def test_an_unknown_file_is_an_error(sdk: OpenAI, training_file: str) -> None:
    assert create_invalid(sdk, training_file="file-gone").param == "training_file"
    error = create_invalid(sdk, training_file=training_file, validation_file="file-gone")
    assert (error.param, error.code) == ("validation_file", "not_found")


def test_the_validation_file_is_checked_and_may_be_short(sdk: OpenAI, training_file: str, retrieval: FakeRetrieval) -> None:
    error = create_invalid(sdk, training_file=training_file, validation_file=retrieval.add_file(LINE + b"{}\n"))
    assert (error.param, error.code, "Line 2" in error.message) == ("validation_file", "invalid_validation_file", True)
    short = retrieval.add_file(LINE)
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file, validation_file=short)
    assert job.validation_file == short
    messages = [event.message for event in sdk.fine_tuning.jobs.list_events(job.id)]
    assert f"Validating training file: {training_file} and validation file: {short}" in messages


def test_an_unknown_model_is_an_error(sdk: OpenAI, training_file: str) -> None:
    with pytest.raises(NotFoundError) as raised:
        sdk.fine_tuning.jobs.create(model="other", training_file=training_file)
    assert (raised.value.param, raised.value.code) == ("model", "model_not_found")


@pytest.mark.parametrize("name", [ADAPTER, f"{ADAPTER}:ckpt-step-9"])
def test_a_fine_tuned_model_or_checkpoint_is_trained_further_with_its_own_shape(
    sdk: OpenAI, training_file: str, database: Database, name: str
) -> None:
    manifest = {"lora": {"rank": 4, "alpha": 6.0, "dropout": 0.5}}
    with database.session() as session:
        session.add(Adapter(name=name, project_id="default", base="tiny", job_id="ftjob-1", manifest=manifest, created_at=7))
    job = sdk.fine_tuning.jobs.create(model=name, training_file=training_file, extra_body=supervised({"alpha": 6}))
    with database.session() as session:
        lora = TrainingSpec.model_validate(session.get_one(Job, job.id).spec).method.options.lora
    assert (job.model, lora.rank, lora.alpha, lora.dropout) == (name, 4, 6.0, 0.0)
    for shape, param in (({"rank": 16}, "rank"), ({"target_modules": ["q_proj"]}, "target_modules"), ({"use_rslora": True}, "use_rslora")):
        error = create_invalid(sdk, training_file=training_file, model=name, extra_body=supervised(shape))
        assert error.param == f"method.supervised.lora.{param}"
        assert f"as in '{name}', whose training is continued" in error.message


def test_the_layers_of_a_model_that_is_trained_further_may_be_named_in_any_order(
    sdk: OpenAI, training_file: str, database: Database
) -> None:
    manifest = {"lora": {"rank": 4, "alpha": 6.0, "target_modules": ["q_proj", "v_proj"]}}
    with database.session() as session:
        session.add(Adapter(name=ADAPTER, project_id="default", base="tiny", job_id="ftjob-1", manifest=manifest, created_at=7))
    body = supervised({"target_modules": ["v_proj", "q_proj"]})
    job = sdk.fine_tuning.jobs.create(model=ADAPTER, training_file=training_file, extra_body=body)
    with database.session() as session:
        lora = TrainingSpec.model_validate(session.get_one(Job, job.id).spec).method.options.lora
    assert lora.target_modules == ["q_proj", "v_proj"]
    for others in (["q_proj"], ["q_proj", "v_proj", "k_proj"], "all-linear"):
        error = create_invalid(sdk, training_file=training_file, model=ADAPTER, extra_body=supervised({"target_modules": others}))
        assert error.param == f"{LORA}.target_modules"


def test_a_warm_up_that_takes_the_whole_training_is_refused_if_its_steps_are_known(http: httpx.Client, training_file: str) -> None:
    def create(**hyperparameters: Any) -> httpx.Response:
        body = {"model": "tiny", "training_file": training_file, **supervised(None, **hyperparameters)}
        return http.post("/v1/fine_tuning/jobs", json=body)

    for epochs, batch_size, steps in ((2, 5, 6), (3, 256, 3), (1, 1, 12)):
        error = create(n_epochs=epochs, batch_size=batch_size, warmup_steps=steps).json()["error"]
        assert (error["param"], error["code"]) == (f"{HYPER}.warmup_steps", "warmup_too_long")
        assert error["message"] == f"'{HYPER}.warmup_steps' must be less than the {steps} steps of this training; got {steps}."
        assert create(n_epochs=epochs, batch_size=batch_size, warmup_steps=steps - 1).status_code == 200
    assert create(n_epochs="auto", batch_size=4, warmup_steps=1000).status_code == 200
    assert create(n_epochs=1, batch_size="auto", warmup_steps=1000).status_code == 200


def test_early_stopping_needs_a_validation_file(sdk: OpenAI, training_file: str) -> None:
    body = supervised(None, early_stopping_patience=2, early_stopping_threshold=0.01)
    error = create_invalid(sdk, training_file=training_file, extra_body=body)
    assert error.param == f"{HYPER}.early_stopping_patience"
    assert "needs a 'validation_file'" in str(error)
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file, validation_file=training_file, extra_body=body)
    assert (job.to_dict()["method"]["supervised"]["hyperparameters"])["early_stopping_patience"] == 2  # type: ignore[index]
    error = create_invalid(sdk, training_file=training_file, extra_body=supervised(None, early_stopping_threshold=0.01))
    assert error.param == f"{HYPER}.early_stopping_threshold"
    dpo = {"method": {"type": "dpo", "dpo": {"hyperparameters": {"early_stopping_patience": 1}}}}
    assert create_invalid(sdk, training_file=training_file, extra_body=dpo).param == "method.dpo.hyperparameters.early_stopping_patience"


@pytest.mark.parametrize("field", ["training_file", "validation_file"])
def test_an_empty_id_of_a_file_is_refused(sdk: OpenAI, training_file: str, field: str) -> None:
    error = create_invalid(sdk, **{"training_file": training_file, field: ""})
    assert (error.param, str(error).partition(" - ")[0], f"'{field}' must not be empty." in str(error)) == (field, "Error code: 400", True)


def test_preference_pairs_are_not_packed(sdk: OpenAI, training_file: str) -> None:
    dpo = {"method": {"type": "dpo", "dpo": {"hyperparameters": {"packing": True}}}}
    assert create_invalid(sdk, training_file=training_file, extra_body=dpo).param == "method.dpo.hyperparameters.packing"


def test_an_event_says_that_a_file_expires_only_after_the_job(sdk: OpenAI, training_file: str, retrieval: FakeRetrieval) -> None:
    expiring = retrieval.add_file(EXAMPLES)
    retrieval.files["default", expiring]["expires_at"] = 1_900_000_000

    def list_notes(**files: Any) -> list[str]:
        job = sdk.fine_tuning.jobs.create(model="tiny", **files)
        events = sdk.fine_tuning.jobs.list_events(job.id).data
        return [event.message for event in events if event.level == "info" and "expires" in event.message]

    note = f"file '{expiring}' expires at 2030-03-17T17:46:40Z, but it is kept until the job has ended."
    assert list_notes(training_file=training_file) == []
    assert list_notes(training_file=expiring) == [f"The training {note}"]
    assert list_notes(training_file=training_file, validation_file=expiring) == [f"The validation {note}"]


def test_extensions_are_stored_and_shown(http: httpx.Client, training_file: str, database: Database) -> None:
    shape = {"rank": 8, "alpha": 4, "dropout": 0.1, "use_rslora": True, "target_modules": ["q_proj", "v_proj"]}
    hyper = {
        "lr_scheduler_type": "cosine",
        "warmup_ratio": 0.1,
        "warmup_steps": 3,
        "weight_decay": 0.01,
        "gradient_accumulation_steps": 2,
        "max_length": 2048,
        "early_stopping_patience": 3,
        "early_stopping_threshold": 0.25,
        "packing": True,
    }
    files = {"training_file": training_file, "validation_file": training_file}
    response = http.post("/v1/fine_tuning/jobs", json={"model": "tiny", **files, **supervised(shape, **hyper)})
    assert response.status_code == 200, response.text
    shown = response.json()["method"]["supervised"]
    assert shown["lora"] == {**shape, "load_in_4bit": False}
    assert hyper.items() <= shown["hyperparameters"].items()
    again = http.post("/v1/fine_tuning/jobs", json={"model": "tiny", **files, "method": response.json()["method"]})
    assert again.json()["method"] == response.json()["method"]


def test_a_layer_that_the_base_model_does_not_have_is_an_error_before_there_is_a_job(
    open_front_door: FrontDoor, retrieval: FakeRetrieval, tmp_path: Path
) -> None:
    names = ("self_attn.q_proj", "self_attn.v_proj", "mlp.up_proj")
    write_tensors(tmp_path / "model.safetensors", {f"model.layers.0.{name}.weight": [4, 4] for name in names})
    with open_front_door(common={"base_model": str(tmp_path)}) as url:

        def create(*modules: str) -> httpx.Response:
            body = {"model": "tiny", "training_file": retrieval.add_file(EXAMPLES), **supervised({"target_modules": modules})}
            return httpx.post(f"{url}/v1/fine_tuning/jobs", json=body)

        assert create("q_proj", "up_proj").status_code == 200
        error = create("q_proj", "query_key_value").json()["error"]
        assert (error["param"], error["code"]) == ("method.supervised.lora.target_modules", "target_module_not_found")
        assert "names 'query_key_value', but 'tiny' has no such linear layer. It has: q_proj, up_proj, v_proj." in error["message"]
        assert len(httpx.get(f"{url}/v1/fine_tuning/jobs").json()["data"]) == 1
        (tmp_path / "model.safetensors").unlink()
        assert create("query_key_value").status_code == 200  # the worker has the model's files, and checks them


@pytest.mark.parametrize(
    ("wrong", "param", "problem"),
    [
        ({"color": "red"}, "color", "is not a known parameter"),
        ({"suffix": ""}, "suffix", "must not be empty"),
        ({"suffix": "a" * 65}, "suffix", "1 to 64 characters"),
        ({"seed": 2**31}, "seed", "between 0 and 2147483647"),
        ({"hyperparameters": {"n_epochs": 0}}, "hyperparameters.n_epochs", "'auto' or an integer between 1 and 50"),
        ({"hyperparameters": {"n_epochs": 51}}, "hyperparameters.n_epochs", "between 1 and 50"),
        ({"hyperparameters": {"batch_size": 257}}, "hyperparameters.batch_size", "between 1 and 256"),
        ({"hyperparameters": {"learning_rate_multiplier": 0}}, "hyperparameters.learning_rate_multiplier", "greater than 0"),
        (dpo(beta=0), f"{DPO}.beta", "'auto' or a number greater than 0 and at most 2"),
        (dpo(beta=2.1), f"{DPO}.beta", "'auto' or a number"),
        (dpo(n_epochs=51), f"{DPO}.n_epochs", "between 1 and 50"),
        (dpo(max_length=4096), f"{DPO}.max_length", "at most 2048 (GENERATION_MAX_TRAINING_LENGTH); got 4096"),
        (
            {"method": {"type": "dpo", "dpo": {"lora": {"rank": 64}}}},
            "method.dpo.lora.rank",
            "at most 16 (GENERATION_MAX_LORA_RANK); got 64",
        ),
        ({"method": {"type": "dpo", "supervised": {}}}, "method.supervised", "must be left out if 'method.type' is 'dpo'"),
        ({"method": {"dpo": {}}}, "method.dpo", "must be left out if 'method.type' is 'supervised'"),
        ({"method": {"type": "dpo"}, "hyperparameters": {"n_epochs": 2}}, "hyperparameters", "use 'method.dpo.hyperparameters'"),
        ({"method": {"type": "reinforcement", "reinforcement": {}}}, "method.type", "reinforcement fine-tuning is not supported"),
        ({"method": {"type": "magic"}}, "method.type", "must be one of 'supervised', 'dpo'; got 'magic'"),
        (supervised(lora={"target_modules": []}), f"{LORA}.target_modules", "'all-linear' or a list of 1 to 32"),
        (supervised(lora={"target_modules": "q_proj"}), f"{LORA}.target_modules", "must be 'all-linear' or a list of 1 to 32"),
        (supervised(lora={"target_modules": ["q_proj", 3]}), f"{LORA}.target_modules", "must be 'all-linear' or a list of 1 to 32"),
        (supervised(lora={"target_modules": [""]}), f"{LORA}.target_modules[0]", "must not be empty"),
        (supervised(lora={"use_rslora": "yes"}), f"{LORA}.use_rslora", "must be"),
        (supervised(lora={"dropout": 1}), f"{LORA}.dropout", "less than 1"),
        (
            supervised(lr_scheduler_type="polynomial"),
            f"{HYPER}.lr_scheduler_type",
            "must be one of 'linear', 'cosine', 'constant'; got 'polynomial'",
        ),
        (supervised(warmup_ratio=0.6), f"{HYPER}.warmup_ratio", "between 0 and 0.5"),
        (supervised(warmup_steps=-1), f"{HYPER}.warmup_steps", "'auto' or an integer between 0 and 100000"),
        (supervised(weight_decay=2), f"{HYPER}.weight_decay", "between 0 and 1"),
        (supervised(gradient_accumulation_steps=0), f"{HYPER}.gradient_accumulation_steps", "between 1 and 256"),
        (supervised(max_length=15), f"{HYPER}.max_length", "'auto' or an integer between 16 and 131072"),
        (supervised(max_length=4096), f"{HYPER}.max_length", "at most 2048 (GENERATION_MAX_TRAINING_LENGTH); got 4096"),
        (supervised(early_stopping_patience=0), f"{HYPER}.early_stopping_patience", "between 1 and 50"),
        (supervised(early_stopping_threshold=-1), f"{HYPER}.early_stopping_threshold", "at least 0"),
        (supervised(lora={"rank": 64}), f"{LORA}.rank", "at most 16 (GENERATION_MAX_LORA_RANK); got 64"),
    ],
)
def test_an_option_that_cannot_be_used_is_an_error(
    http: httpx.Client, training_file: str, wrong: dict[str, Any], param: str, problem: str
) -> None:
    response = http.post("/v1/fine_tuning/jobs", json={"model": "tiny", "training_file": training_file, **wrong})
    assert response.status_code == 400
    error = response.json()["error"]
    assert (error["param"], problem in error["message"]) == (param, True), error


@pytest.mark.parametrize("wrong", [supervised(max_length=2049), supervised(n_epochs=51), supervised(lora={"rank": 17}), {"seed": 2**31}])
def test_a_number_over_a_limit_has_the_same_code_wherever_the_limit_is_set(
    http: httpx.Client, training_file: str, wrong: dict[str, Any]
) -> None:
    response = http.post("/v1/fine_tuning/jobs", json={"model": "tiny", "training_file": training_file, **wrong})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "integer_above_max_value")


def test_openais_largest_hyperparameters_and_no_integrations_are_accepted(sdk: OpenAI, training_file: str) -> None:
    largest: Any = {"n_epochs": 50, "batch_size": 256, "learning_rate_multiplier": 250.5}
    job = sdk.fine_tuning.jobs.create(
        model="tiny",
        training_file=training_file,
        integrations=[],
        method={"type": "supervised", "supervised": {"hyperparameters": largest}},
    )
    assert largest.items() <= job.hyperparameters.to_dict().items()
    assert job.integrations == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("support-bot_2", "support-bot_2"),
        ("-as it is-", "as-it-is"),
        ("Käse & Wein", "Kase-Wein"),
        ("../../etc", "etc"),
        ("客服", None),
        ("a" * 64, "a" * 64),
        ("\ufb00" * 64, "f" * 64),
    ],
)
def test_a_suffix_is_made_safe_and_shown_as_it_was_sent(
    sdk: OpenAI, training_file: str, database: Database, sent: str, kept: str | None
) -> None:
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file, suffix=sent)
    assert (job.model_extra or {})["user_provided_suffix"] == sent
    with database.session() as session:
        suffix = TrainingSpec.model_validate(session.get_one(jobs.Job, job.id).spec).suffix
    assert suffix == kept
    assert NAME.fullmatch(name_adapter("tiny", "default", suffix, job.id))


def test_a_job_of_an_older_version_is_shown(sdk: OpenAI, database: Database) -> None:
    lora = {"rank": 16, "alpha": None, "dropout": 0.0}
    hyperparameters = {"n_epochs": "auto", "batch_size": 4, "learning_rate_multiplier": "auto"}
    method = {"type": "supervised", "supervised": {"hyperparameters": hyperparameters, "lora": lora}}
    spec = {"model": "tiny", "training_file": "file-1", "validation_file": None, "suffix": "old", "seed": 1, "method": method}
    result = {"fine_tuned_model": ADAPTER, "trained_tokens": 9, "probe": {"status": "differs", "detail": ""}, "metrics": {"loss": 1.0}}
    with database.session() as session:
        job_id = jobs.submit(session, jobs.FINE_TUNING, "default", spec).id
        jobs.claim(session, job_id, "worker", 60)
        jobs.finish(session, job_id, "worker", "succeeded", result=result)
    job = sdk.fine_tuning.jobs.retrieve(job_id)
    assert (job.status, job.fine_tuned_model, job.result_files) == ("succeeded", ADAPTER, [])
    assert hyperparameters.items() <= job.hyperparameters.to_dict().items()
    assert (job.model_extra or {})["user_provided_suffix"] == "old"


def test_jobs_are_listed_page_by_page(sdk: OpenAI, training_file: str) -> None:
    created = {sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file).id for _ in range(5)}
    page = sdk.fine_tuning.jobs.list(limit=2)
    assert (len(page.data), page.has_more) == (2, True)
    listed = [job.id for job in sdk.fine_tuning.jobs.list(limit=2)]
    assert (len(listed), set(listed)) == (5, created)


ODD_METADATA = {'quote"s': "1", "brackets[a]": "2", "größe & co": "ß=%", "\\back$.slash": "null", "empty": ""}


def test_jobs_are_listed_by_metadata_page_by_page(sdk: OpenAI, training_file: str) -> None:
    def create(metadata: dict[str, str] | None) -> str:
        return sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file, metadata=metadata).id

    red = {create({"team": "red", "number": str(number)}) for number in range(5)}
    create({"team": "blue", "number": "1"})
    empty, without, odd = create({}), create(None), create(ODD_METADATA)

    def listed(**options: Any) -> set[str]:
        return {job.id for job in sdk.fine_tuning.jobs.list(**options)}

    assert len(red) == 5 and listed(metadata={"team": "red"}, limit=2) == red
    page = sdk.fine_tuning.jobs.list(metadata={"team": "red"}, limit=2)
    assert (len(page.data), page.has_more) == (2, True)
    assert len(listed(metadata={"team": "red", "number": "1"})) == 1
    assert listed(metadata={"team": "red", "number": "9"}) == listed(metadata={"team": ""}) == listed(metadata={"Team": "red"}) == set()
    assert listed(extra_query={"metadata": "null"}) == {without}
    assert listed(metadata={}) == listed() >= {empty, without, odd}
    assert all(listed(metadata={key: value}) == {odd} for key, value in ODD_METADATA.items())
    assert listed(metadata=ODD_METADATA) == {odd}


@pytest.mark.parametrize(
    ("query", "param", "problem"),
    [
        ("metadata=red", "metadata", "'metadata' must be 'null'; got 'red'. To filter by a key, send 'metadata[key]=value'."),
        ("metadata=null&metadata[a]=b", "metadata", "must not be sent together"),
        ("metadata[]=b", "metadata", "A key of 'metadata' must have 1 to 64 characters; got 0."),
        ("metadata[a]=b&metadata[a]=c", "metadata[a]", "must not be sent twice"),
        (f"metadata[a]={'b' * 513}", "metadata[a]", "at most 512 characters; got 513"),
        ("&".join(f"metadata[{number}]=b" for number in range(17)), "metadata", "at most 16 keys"),
        ("metadata[a=b", "metadata[a", "is not a known parameter"),
    ],
)
def test_a_wrong_filter_by_metadata_is_an_error(http: httpx.Client, query: str, param: str, problem: str) -> None:
    response = http.get(f"/v1/fine_tuning/jobs?{query}")
    assert response.status_code == 400
    error = response.json()["error"]
    assert (error["param"], problem in error["message"]) == (param, True), error


def test_a_job_of_another_filter_is_no_cursor(sdk: OpenAI, training_file: str) -> None:
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file, metadata={"team": "red"})
    assert list(sdk.fine_tuning.jobs.list(after=job.id, metadata={"team": "red"})) == []
    with pytest.raises(BadRequestError, match="is not in this list"):
        sdk.fine_tuning.jobs.list(after=job.id, metadata={"team": "blue"})


def test_events_are_listed_newest_first_page_by_page(sdk: OpenAI, training_file: str, database: Database) -> None:
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file)
    with database.session() as session:
        for step in range(1, 6):
            data = {"step": step, "total_steps": 5, "train_loss": 1.0, "percent": 20.0 * step, "seconds_left": 5 - step}
            jobs.add_event(session, job.id, f"Step {step}", type="metrics", data=data)
    events = list(sdk.fine_tuning.jobs.list_events(job.id, limit=2))
    assert [event.message for event in events[:5]] == ["Step 5", "Step 4", "Step 3", "Step 2", "Step 1"]
    assert (events[0].type, events[0].level, events[0].object) == ("metrics", "info", "fine_tuning.job.event")
    assert events[5].data == {}
    assert [event.message for event in events[5:]] == [
        "Files validated, moving job to queued state",
        f"Validating training file: {training_file}",
        f"Created fine-tuning job: {job.id}",
    ]


def test_a_running_job_has_an_estimated_finish_and_a_finished_one_its_result(sdk: OpenAI, training_file: str, database: Database) -> None:
    job_id = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file).id
    with database.session() as session:
        row = jobs.claim(session, job_id, "worker", 60)
        assert row is not None
    with database.session() as session:
        jobs.set_progress(session, job_id, "worker", "training", 25.0)
        jobs.add_event(session, job_id, "Step 5/20: training loss=0.22", type="metrics", data={"step": 5, "seconds_left": 90.0})
    before = int(time.time())
    running = sdk.fine_tuning.jobs.retrieve(job_id)
    assert running.status == "running"
    assert before + 90 <= (running.estimated_finish or 0) <= time.time() + 90
    assert sdk.fine_tuning.jobs.list().data[0].estimated_finish
    probe = {"status": "differs", "detail": ""}
    general = {"tokens": 90, "perplexity": {"before": 14.2, "after": 14.5}, "drift": "none", "detail": "no sign of forgetting"}
    effect = {"validation": None, "general_text": general}
    result = {"fine_tuned_model": ADAPTER, "trained_tokens": 9, "probe": probe, "metrics": {"loss": 1.0}, "result_files": ["file-9"]}
    result["effect"] = effect
    with database.session() as session:
        jobs.finish(session, job_id, "worker", "succeeded", result=result)
    done = sdk.fine_tuning.jobs.retrieve(job_id)
    assert (done.status, done.fine_tuned_model, done.trained_tokens, done.estimated_finish) == ("succeeded", ADAPTER, 9, None)
    assert (done.result_files, (done.model_extra or {})["effect"]) == (["file-9"], effect)
    with pytest.raises(ConflictError, match="already succeeded"):
        sdk.fine_tuning.jobs.cancel(job_id)


def test_a_failed_job_has_its_error(sdk: OpenAI, training_file: str, database: Database) -> None:
    job_id = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file).id
    with database.session() as session:
        jobs.claim(session, job_id, "worker", 60)
        jobs.finish(session, job_id, "worker", "failed", error={"code": "out_of_memory", "message": "No memory.", "param": None})
    failed = sdk.fine_tuning.jobs.retrieve(job_id)
    assert failed.error is not None
    assert (failed.status, failed.error.code, failed.error.message) == ("failed", "out_of_memory", "No memory.")


def test_a_waiting_job_is_canceled_immediately_and_a_running_one_by_its_worker(sdk: OpenAI, training_file: str, database: Database) -> None:
    waiting = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file)
    assert sdk.fine_tuning.jobs.cancel(waiting.id).status == "cancelled"
    assert sdk.fine_tuning.jobs.cancel(waiting.id).status == "cancelled"
    running = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file)
    with database.session() as session:
        jobs.claim(session, running.id, "worker", 60)
    assert sdk.fine_tuning.jobs.cancel(running.id).status == "running"
    with database.session() as session:
        row = session.get(jobs.Job, running.id)
        assert row is not None
        assert row.cancel_requested


def test_priority_and_device_are_stored_for_the_queue_and_shown(http: httpx.Client, training_file: str, database: Database) -> None:
    plain = http.post("/v1/fine_tuning/jobs", json={"model": "tiny", "training_file": training_file}).json()
    assert (plain["priority"], plain["device"]) == ("normal", "auto")
    body = {"model": "tiny", "training_file": training_file, "priority": "high", "device": "gpu"}
    job = http.post("/v1/fine_tuning/jobs", json=body).json()
    assert (job["priority"], job["device"]) == ("high", "gpu")
    with database.session() as session:
        row = session.get_one(jobs.Job, job["id"])
        assert (row.priority, row.device, row.runs_on) == (1, "gpu", None)
    newest = http.get(f"/v1/fine_tuning/jobs/{job['id']}/events").json()["data"][0]
    problem = "No training worker with a GPU is running now. The job waits until there is one."
    assert (newest["level"], newest["message"]) == ("warn", problem)


@pytest.mark.parametrize(("field", "value"), [("priority", 1), ("priority", "urgent"), ("device", "tpu"), ("device", None)], ids=repr)
def test_priority_and_device_have_a_few_values(http: httpx.Client, training_file: str, field: str, value: Any) -> None:
    answer = http.post("/v1/fine_tuning/jobs", json={"model": "tiny", "training_file": training_file, field: value})
    assert (answer.status_code == 200) == (value is None)
    assert value is None or answer.json()["error"]["param"] == field


def test_no_warning_is_added_if_a_worker_has_such_a_device(http: httpx.Client, training_file: str, database: Database) -> None:
    with database.session() as session:
        announce(session, TrainingDevice(host="a", name="EPYC", base="tiny", is_gpu=False, bf16=False, free_bytes=8 * 10**9))
    job = http.post("/v1/fine_tuning/jobs", json={"model": "tiny", "training_file": training_file, "device": "cpu"}).json()
    levels = [event["level"] for event in http.get(f"/v1/fine_tuning/jobs/{job['id']}/events").json()["data"]]
    assert "warn" not in levels


def test_a_job_is_paused_and_resumed(sdk: OpenAI, training_file: str, database: Database) -> None:
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file)
    with database.session() as session:
        jobs.claim(session, job.id, "worker", 60)
    statuses = [act(job.id).status for act in (sdk.fine_tuning.jobs.pause, sdk.fine_tuning.jobs.pause, sdk.fine_tuning.jobs.resume)]
    assert statuses == ["paused", "paused", "queued"]
    events = [event.message for event in sdk.fine_tuning.jobs.list_events(job.id)]
    assert events[:2] == ["The job was resumed.", "The job was paused."]


def test_what_cannot_be_paused_or_resumed_is_a_409(sdk: OpenAI, training_file: str) -> None:
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file)
    with pytest.raises(ConflictError, match="it is not paused; its status is 'queued'"):
        sdk.fine_tuning.jobs.resume(job.id)
    sdk.fine_tuning.jobs.cancel(job.id)
    with pytest.raises(ConflictError, match="it has already been canceled"):
        sdk.fine_tuning.jobs.pause(job.id)


@pytest.mark.parametrize("path", ["", "/events", "/curve", "/cancel", "/pause", "/resume", "/retry"])
def test_an_unknown_job_is_a_404(http: httpx.Client, path: str) -> None:
    response = http.request("GET" if path in ("", "/events", "/curve") else "POST", f"/v1/fine_tuning/jobs/ftjob-gone{path}")
    assert response.status_code == 404
    assert "ftjob-gone" in response.json()["error"]["message"]


def test_a_project_sees_only_its_own_jobs_and_files(open_front_door: FrontDoor, retrieval: FakeRetrieval) -> None:
    retrieval.projects = {"Bearer red-key-1": "red", "Bearer blue-key-1": "blue"}
    file_id = retrieval.add_file(EXAMPLES, project="red")
    keys = {"keys": "red:red-key-1,blue:blue-key-1", "worker_key": "worker-key-1"}
    with open_front_door(common=keys) as url:
        red, blue = (OpenAI(base_url=f"{url}/v1", api_key=f"{name}-key-1", max_retries=0) for name in ("red", "blue"))
        with red, blue:
            job = red.fine_tuning.jobs.create(model="tiny", training_file=file_id)
            assert job.organization_id == "red"
            assert create_invalid(blue, training_file=file_id).code == "not_found"
            assert list(blue.fine_tuning.jobs.list()) == []
            for call in (blue.fine_tuning.jobs.retrieve, blue.fine_tuning.jobs.cancel, blue.fine_tuning.jobs.list_events):
                with pytest.raises(NotFoundError):
                    call(job.id)
            assert red.fine_tuning.jobs.retrieve(job.id).status == "queued"


def test_dead_retrieval_is_a_503_that_names_it(open_front_door: FrontDoor, dead_url: str) -> None:
    with open_front_door(retrieval_url=dead_url) as url:
        response = httpx.post(f"{url}/v1/fine_tuning/jobs", json={"model": "tiny", "training_file": "file-1"})
    assert response.status_code == 503
    assert "GENERATION_RETRIEVAL_URL" in response.json()["error"]["message"]


def test_the_loss_curve_shows_the_metrics_of_the_events(sdk: OpenAI, http: httpx.Client, training_file: str, database: Database) -> None:
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file)
    empty = http.get(f"/v1/fine_tuning/jobs/{job.id}/curve")
    assert (empty.status_code, "No loss has been recorded yet." in empty.text) == (200, True)
    with database.session() as session:
        for step, loss in ((1, 2.0), (2, 0.5)):
            data = {"step": step, "total_steps": 2, "train_loss": loss, "percent": 50.0 * step}
            jobs.add_event(session, job.id, f"Step {step}/2: training loss={loss:.2f}", type="metrics", data=data)
    response = http.get(f"/v1/fine_tuning/jobs/{job.id}/curve")
    assert response.headers["content-type"] == "image/svg+xml"
    assert "Training loss: 0.50 at step 2" in response.text
    assert "Queued, step 2 of 2" in response.text


def test_the_curve_of_another_projects_job_does_not_exist(open_front_door: FrontDoor, retrieval: FakeRetrieval) -> None:
    with open_front_door(common={"keys": "red:red-key-1,blue:blue-key-1", "worker_key": "worker-key-1"}) as url:
        red, blue = (httpx.Client(base_url=url, headers={"Authorization": f"Bearer {name}-key-1"}) for name in ("red", "blue"))
        with red, blue:
            created = red.post("/v1/fine_tuning/jobs", json={"model": "tiny", "training_file": retrieval.add_file(EXAMPLES)}).json()
            assert red.get(f"/v1/fine_tuning/jobs/{created['id']}/curve").status_code == 200
            assert blue.get(f"/v1/fine_tuning/jobs/{created['id']}/curve").json()["error"]["code"] == "not_found"
