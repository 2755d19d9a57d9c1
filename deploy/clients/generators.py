"""Runs the generators: openapi-python-client in an environment of its own, and openapi-ts with npm. Both have pinned versions.

What they install stays in the cache, outside of the folders of the clients.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".tandem" / "cache" / "generators"
ENVIRONMENT, WORKSHOP = CACHE / "python", CACHE / "typescript"
PACKAGE_LINK = re.compile(r"\{@link https://\S+ (`[^`]+`)\}")


def make_python(document: Path, requirements: Path, settings: Path, package: Path) -> None:
    """Write the Python client to the folder `package`. Raises OSError or CalledProcessError."""
    _install(requirements)
    binaries = ENVIRONMENT / "bin"
    command = [str(binaries / "openapi-python-client"), "generate", f"--path={document}", f"--config={settings}"]
    # for ruff, which the generator runs in the package
    environment = {"PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}", "RUFF_NO_CACHE": "true"}
    _run([*command, "--meta=none", f"--output-path={package}", "--fail-on-warning"], package.parent, **environment)


def make_typescript(document: Path, folder: Path) -> None:
    """Write the TypeScript client to `src/generated` in `folder`, and compile it to `dist`. Raises OSError or CalledProcessError."""
    shutil.rmtree(WORKSHOP / "src", ignore_errors=True)
    shutil.copytree(folder, WORKSHOP, dirs_exist_ok=True)
    shutil.copy(document, WORKSHOP)
    _run(["npm", "ci", "--no-audit", "--no-fund"], WORKSHOP)
    for step, made in (("generate", "src/generated"), ("build", "dist")):
        shutil.rmtree(WORKSHOP / made, ignore_errors=True)
        _run(["npm", "run", step], WORKSHOP)
        _unlink_packages(WORKSHOP / made)
        shutil.copytree(WORKSHOP / made, folder / made, dirs_exist_ok=True)


def _unlink_packages(folder: Path) -> None:
    """Replace links to a package registry in comments by the names of the packages: users may have another registry."""
    for path in folder.rglob("*.ts"):
        path.write_text(PACKAGE_LINK.sub(r"\1", path.read_text(encoding="utf-8")), encoding="utf-8")


def _install(requirements: Path) -> None:
    uv, installed = str(Path(sys.executable).with_name("uv")), ENVIRONMENT / "requirements.txt"
    if installed.exists() and installed.read_bytes() == requirements.read_bytes():
        return
    _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT)], requirements.parent)
    python = str(ENVIRONMENT / "bin" / "python")
    _run([uv, "pip", "install", "--quiet", "--no-deps", "--python", python, "--requirement", str(requirements)], requirements.parent)
    installed.write_bytes(requirements.read_bytes())


def _run(command: list[str], folder: Path, **environment: str) -> None:
    subprocess.run(command, cwd=folder, env={**os.environ, **environment}, check=True, capture_output=True, text=True)
