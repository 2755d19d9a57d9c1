"""The README tells the truth about the tree and the settings."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from deploy.local.settings import EngineSettings, StackSettings
from services.evaluation.settings import EvaluationSettings
from services.generation.settings import GenerationSettings
from services.retrieval.settings import RetrievalSettings
from services.training.settings import TrainingSettings
from shared.settings import JobSettings

ROOT = Path(__file__).parents[2]
SETTINGS: tuple[type[BaseSettings], ...] = (
    JobSettings, RetrievalSettings, GenerationSettings, TrainingSettings, EvaluationSettings, StackSettings, EngineSettings,
)  # fmt: skip
NOT_LISTED = ("__init__.py", "versions", "uv.lock")
LISTED_DEEP = ("services", "shared", "deploy", "tests")


def drawn() -> Iterator[str]:
    """Yield every path of the README's tree: two spaces of indentation a level, folders end with a slash."""
    (tree,) = re.findall(r"```text\n(pyproject\.toml.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    folders: list[str] = []
    for line in filter(str.strip, tree.splitlines()):
        depth = (len(line) - len(line.lstrip())) // 2
        for name in re.split(r"\s{2,}", line.strip())[0].split(" "):
            folders[depth:] = [name] if name.endswith("/") else []
            yield "".join(folders[:depth]) + name


def tracked() -> list[str]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("git, which lists the project's files, is not installed, or this is no clone")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def test_every_path_of_the_readmes_tree_exists() -> None:
    paths = list(drawn())
    assert len(paths) > 80
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_module_of_the_project_is_in_the_readmes_tree() -> None:
    paths = set(drawn())
    modules = [path for path in tracked() if path.startswith(("services/", "shared/")) and path.endswith(".py")]
    missing = [path for path in modules if not covered(path, paths)]
    assert missing == []


def covered(path: str, paths: set[str]) -> bool:
    """A module is drawn, or the folder it lies in is drawn without its content."""
    if path in paths or Path(path).name in NOT_LISTED:
        return True
    parents = [f"{parent}/" for parent in Path(path).parents if str(parent) != "."]
    return any(parent in paths and not any(other != parent and other.startswith(parent) for other in paths) for parent in parents)


@pytest.mark.parametrize("settings", SETTINGS)
def test_every_setting_is_in_the_readme_with_its_description(settings: type[BaseSettings]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    prefix = settings.model_config["env_prefix"]
    missing = []
    for name, field in settings.model_fields.items():
        if name != "common" and f"| `{prefix}{name.upper()}` | {field.description} |" not in readme:
            missing.append(f"| `{prefix}{name.upper()}` | {field.description} |")
    assert missing == []


def test_the_readme_shows_what_a_run_of_the_demo_printed() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (printed,) = re.findall(r"## What the demo prints\n.*?```text\n(.*?)```", readme, flags=re.DOTALL)
    for expected in ("base", "RAG", "fine-tuned", "both", "F1 (95 % interval)", "Verdict: ", "The whole demo took "):
        assert expected in printed
