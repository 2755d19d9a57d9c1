"""What a tracker is told about a job."""

from services.training.tracking.description import describe_runs
from tests.unit.training.cases import BASE, make_spec, method_of

WANDB = {"type": "wandb", "wandb": {"project": "p"}}
MLFLOW = {"type": "mlflow", "mlflow": {"experiment": "e"}}


def test_each_run_has_a_key_of_its_own_that_every_worker_of_the_job_finds_again() -> None:
    spec = make_spec(integrations=[WANDB, MLFLOW, WANDB])
    runs = [list(describe_runs("ftjob-1", spec)) for _ in range(2)]
    assert [(run.type, run.key) for run in runs[0]] == [("wandb", "ftjob-1"), ("mlflow", "ftjob-1"), ("wandb", "ftjob-1-2")]
    assert runs[0] == runs[1]


def test_a_run_has_the_parameters_of_the_training() -> None:
    method = method_of(n_epochs=3, batch_size=4, lora={"rank": 8, "target_modules": ["q_proj", "v_proj"]})
    [run] = describe_runs("ftjob-1", make_spec(integrations=[WANDB], method=method))
    assert run.base == BASE
    expected = {"model": BASE, "method": "supervised", "n_epochs": 3, "seed": 7, "lora.rank": 8, "lora.target_modules": "q_proj, v_proj"}
    assert expected.items() <= run.config.items()
    assert "validation_file" not in run.config


def test_a_job_without_integrations_has_no_run() -> None:
    assert list(describe_runs("ftjob-1", make_spec())) == []


def test_the_base_of_a_continued_model_is_a_tag() -> None:
    [run] = describe_runs("ftjob-1", make_spec(model=f"ft:{BASE}:default:short:abcdefgh", integrations=[WANDB]))
    assert f"tandem/{BASE}" in run.tags
