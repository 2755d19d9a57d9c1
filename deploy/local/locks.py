"""Writes and checks the lock files in deploy/requirements. uv resolves them for Python 3.11 to 3.13 on any platform.

    python -m deploy.local.locks              update them from pyproject.toml, and keep the locked versions that it still allows
    python -m deploy.local.locks --upgrade    take the newest versions that pyproject.toml allows
    python -m deploy.local.locks --check      fail if a lock file does not match pyproject.toml or the files of exclusions

The lock of an image takes its versions from the lock of the local stack, so the image ships what the tests ran. It leaves out
torch's own dependencies, which depend on torch's build: the image installs torch first.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path("deploy/requirements")
SERVICES = ("retrieval", "generation", "training", "evaluation")
UNSOLVABLE = "No solution found"


@dataclass(frozen=True)
class Lock:
    """One lock file: the extras that it installs, and the files that change how they are resolved."""

    name: str
    extras: tuple[str, ...]
    cpu: bool = True
    constraint: str | None = None

    @property
    def path(self) -> Path:
        """The path of the lock, relative to the root of the project."""
        return FOLDER / f"{self.name}.txt"

    def command(self, output: Path, upgrade: bool) -> list[str]:
        """Return the uv command that resolves into `output`. It prefers the versions already there, unless `upgrade` is true."""
        options = ["--universal", "--python-version=3.11", "--no-annotate", "--custom-compile-command=make lock"]
        options += [f"--extra={extra}" for extra in self.extras]
        options += [f"--excludes={FOLDER / 'excludes.txt'}"]
        if self.cpu:
            options += [f"--excludes={FOLDER / 'excludes-cpu.txt'}", f"--overrides={FOLDER / 'overrides-cpu.txt'}"]
        if self.constraint:
            options += [f"--constraints={FOLDER / self.constraint}"]
        options += ["--upgrade"] if upgrade else []
        return [_uv(), "pip", "compile", "pyproject.toml", "--quiet", f"--output-file={output}", *options]


MACHINES = (
    Lock("local-cpu", (*SERVICES, "trackers", "engine-cpu", "local", "dev")),
    Lock("local-gpu", (*SERVICES, "trackers", "engine-gpu", "local", "dev"), cpu=False),
)
OPTIONAL = {"training": ("trackers",)}  # what an image has beside the extra of its service
IMAGES = tuple(Lock(service, (service, *OPTIONAL.get(service, ())), constraint="local-cpu.txt") for service in SERVICES)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the locks. Return the exit code."""
    parser = argparse.ArgumentParser(description="Write or check the lock files.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a lock is stale")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that pyproject.toml allows")
    asked = parser.parse_args(arguments)
    return check() if asked.check else make(asked.upgrade)


def make(upgrade: bool) -> int:
    """Write every lock. The locks of the local stack come first, because those of the images follow them."""
    for lock in (*MACHINES, *IMAGES):
        problem = resolve(lock, lock.path, upgrade)
        if problem:
            return _fail(f"{lock.path}: {problem}")
        print(f"{lock.path}: {sum(1 for line in (ROOT / lock.path).open() if '==' in line)} packages", flush=True)
    return 0


def check() -> int:
    """Resolve every lock again and compare: a fresh one does not change. Without the package index, a lock is not checked."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        problems = [problem for problem in pool.map(find_problem, (*MACHINES, *IMAGES)) if problem]
    return _fail("\n".join(problems)) if problems else 0


def find_problem(lock: Lock) -> str | None:
    """Return the problem with the lock, or None."""
    if not (ROOT / lock.path).exists():
        return f"{lock.path} is missing. Run `make lock`."
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / lock.path.name
        shutil.copyfile(ROOT / lock.path, again)
        problem = resolve(lock, again, upgrade=False)
        if problem and UNSOLVABLE not in problem:
            print(f"{lock.path} could not be checked without the package index: {problem.splitlines()[-1].strip()}", file=sys.stderr)
            return None
        if problem:
            return f"{lock.path}: {problem}"
        return None if again.read_text() == (ROOT / lock.path).read_text() else f"{lock.path} is stale. Run `make lock`."


def resolve(lock: Lock, output: Path, upgrade: bool) -> str | None:
    """Let uv resolve `lock` into `output`. Return its error, or None."""
    done = subprocess.run(lock.command(output, upgrade), cwd=ROOT, capture_output=True, text=True)
    return done.stderr.strip() or "uv failed" if done.returncode else None


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else "uv"


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
