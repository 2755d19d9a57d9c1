"""What can be known about the images and their scripts without building them."""

import os
import re
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from shared.settings import JobSettings
from tests.dockerfiles import FOLDER, IMAGES, ROOT, SERVICES, read_dockerfile

each_service = pytest.mark.parametrize("service", SERVICES)
each_image = pytest.mark.parametrize("image", IMAGES)


@each_image
def test_every_copied_file_exists_and_is_sent_to_the_builder(image: str) -> None:
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    sources = [source for source, _ in read_dockerfile(image).copies()]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(source == path or source.startswith(f"{path}/") for path in kept), source


@each_image
def test_an_image_is_not_root_and_asks_no_registry_for_a_frontend(image: str) -> None:
    assert read_dockerfile(image).last_stage("USER") == ["10001"]
    assert "syntax=" not in (FOLDER / f"{image}.Dockerfile").read_text()  # BuildKit's own frontend has cache mounts


@each_image
def test_every_installer_takes_the_package_index_that_was_chosen(image: str) -> None:
    runs = [step.rest for step in read_dockerfile(image).steps if step.word == "RUN"]
    installs = [line for run in runs for line in run.split("&&") if "pip install" in line]
    assert len(installs) >= 2
    for line in installs:
        option = "--default-index" if "uv pip" in line else "--index-url"
        assert f'${{PACKAGE_INDEX:+{option} "$PACKAGE_INDEX"}}' in line


@each_service
def test_an_image_has_its_own_service_and_starts_it_without_root(service: str) -> None:
    dockerfile = read_dockerfile(service)
    assert [source for source, _ in dockerfile.copies(last_stage=True)] == ["shared", "services/__init__.py", f"services/{service}"]
    python, flag, module = dockerfile.command()
    assert (python, flag) == ("python", "-m")
    assert find_spec(module)


@each_service
def test_an_image_compiles_the_modules_that_it_starts_with(service: str) -> None:
    dockerfile = read_dockerfile(service)
    [compiling] = [line for line in dockerfile.last_stage("RUN") if "python -c" in line]
    imported = re.findall(r"[\w.]+", compiling.split('"')[1])[1:]
    assert dockerfile.command()[-1] in imported
    assert all(find_spec(module) for module in imported if module.startswith("services."))


@each_service
def test_a_lock_is_installed_for_each_image(service: str) -> None:
    assert f"deploy/requirements/{service}.txt" in [source for source, _ in read_dockerfile(service).copies()]


@pytest.mark.parametrize(
    ("model", "name"),
    [("/models/SmolLM2-135M-Instruct", ""), ("Qwen/Qwen3-0.6B", ""), ("/srv/My-Model/", ""), ("Qwen/Qwen3-0.6B", "small")],
)
def test_the_engine_serves_the_base_model_under_the_name_the_services_use(model: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "vllm").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (tmp_path / "vllm").chmod(0o755)
    limits = {"TANDEM_ENGINE_MAX_LORA_RANK": "32", "TANDEM_ENGINE_MAX_LORAS": "4", "TANDEM_ENGINE_MAX_MODEL_LEN": "4096"}
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "TANDEM_BASE_MODEL": model, "TANDEM_BASE_NAME": name, **limits}
    environment["TANDEM_ENGINE_OPTIONS"] = "--seed 7"
    command = ["sh", str(FOLDER / "engine.sh"), "--enforce-eager"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=True).stdout.split()
    settings = JobSettings(base_model=model, base_name=name)
    assert said[:4] == ["serve", settings.base_path, "--served-model-name", settings.served_name]
    assert said[said.index("--max-lora-rank") + 1] == "32"
    assert said[-3:] == ["--enforce-eager", "--seed", "7"]
    assert said[said.index("--tool-call-parser") + 1] == "hermes"
    assert ("--chat-template" in said) == model.endswith("SmolLM2-135M-Instruct")
    without = {**environment, "TANDEM_ENGINE_TOOL_CALL_PARSER": ""}
    said = subprocess.run(command, env=without, capture_output=True, text=True, timeout=30, check=True).stdout.split()
    assert not {"--tool-call-parser", "--enable-auto-tool-choice", "--chat-template"} & set(said)


def test_models_are_not_copied_to_a_folder_of_somebody_else_and_the_stack_starts() -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to other users
        made, shared = Path(folder, "made"), Path(folder, "models")
        (made / "one").mkdir(parents=True)
        shared.mkdir(mode=0o555)
        Path(folder).chmod(0o755)
        not_root: dict[str, int] = {"user": 65534} if os.geteuid() == 0 else {}
        script = (FOLDER / "models.sh").read_text()
        command = ["sh", "-s", str(made), str(shared)]
        said = subprocess.run(command, input=script, cwd="/", text=True, timeout=30, check=True, capture_output=True, **not_root)  # type: ignore[call-overload]
        assert "one is not copied" in said.stderr
        assert list(shared.iterdir()) == []


def test_models_are_copied_completely_and_existing_ones_are_left_alone(tmp_path: Path) -> None:
    made, shared = tmp_path / "made", tmp_path / "models"
    for name in ("one", "two"):
        (made / name).mkdir(parents=True)
        (made / name / "weights").write_text(f"new {name}")
    (shared / "one").mkdir(parents=True)
    (shared / "one" / "weights").write_text("mine")
    (shared / ".two.unfinished").mkdir()
    for _ in range(2):
        subprocess.run(["sh", str(FOLDER / "models.sh"), str(made), str(shared)], timeout=30, check=True, capture_output=True)
    assert {path.name: (path / "weights").read_text() for path in shared.iterdir()} == {"one": "mine", "two": "new two"}
