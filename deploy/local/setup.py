"""Sets up this machine: installs the lock into .venv, then prepares the default models. Quick if there is nothing to do.

Needs only Python 3.11 to 3.13. After an interruption, it starts again with an empty .venv.

    make setup
"""

import hashlib
import importlib.util
import os
import platform
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.capacity import GIB, can_write, find_engine_problem, free_disk
from deploy.local.machine import device

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DONE = VENV / ".tandem-set-up"
UNFINISHED = VENV / ".tandem-unfinished"
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
NEEDED_GIB = {"cpu": 6, "gpu": 20}


def main() -> None:
    """Install the lock and prepare the models, if that is not done yet."""
    kind = device()
    lock = ROOT / "deploy" / "requirements" / f"local-{kind}.txt"
    if not is_done(lock):
        set_up(lock, kind)
    run("The default models could not be prepared.", str(PYTHON), "-m", "deploy.local.models")


def is_done(lock: Path) -> bool:
    """Return whether this exact lock is installed in .venv."""
    return DONE.exists() and DONE.read_text() == fingerprint(lock) and PYTHON.exists() and not UNFINISHED.exists()


def fingerprint(lock: Path) -> str:
    """Return the name of the lock and a hash of its content."""
    return f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()}\n"


def set_up(lock: Path, kind: str) -> None:
    """Create .venv and install the lock into it."""
    check_machine(kind)
    say(f"1/3  .venv, for {'a GPU' if kind == 'gpu' else 'the CPU'} ({lock.relative_to(ROOT)})")
    make_venv()
    UNFINISHED.touch()
    DONE.unlink(missing_ok=True)
    say("2/3  PyTorch and the installer")
    install_first(lock, kind)
    say("3/3  the other packages")
    install_rest(lock)
    DONE.write_text(fingerprint(lock))
    UNFINISHED.unlink()
    say("The set-up is done.")


def check_machine(kind: str) -> None:
    """Exit with a message if the set-up, or the stack after it, cannot work on this machine."""
    if sys.platform != "linux":
        raise SystemExit(f"Tandem's local stack runs on Linux; this is {platform.system()}. Use docker-compose.yml instead.")
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SystemExit("Python's venv module is missing. Install it (Debian, Ubuntu: apt install python3-venv).")
    if kind == "cpu" and (problem := find_engine_problem()):
        raise SystemExit(problem)
    if not can_write(ROOT):
        raise SystemExit(f"The set-up cannot write to {ROOT}. Run it as the owner of the folder, or use a copy of your own.")
    free = free_disk(ROOT) / GIB
    if not VENV.exists() and free < NEEDED_GIB[kind]:
        raise SystemExit(
            f"The set-up needs {NEEDED_GIB[kind]} GiB of disk space in {ROOT}; {free:.1f} GiB are free. "
            "Free some space, or move the folder."
        )


def make_venv() -> None:
    """Create .venv, unless a complete one with a suitable Python exists."""
    usable = not UNFINISHED.exists() and _answers("import pip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))")
    if not usable:
        run("Python could not create .venv.", sys.executable, "-m", "venv", "--clear", str(VENV))


def install_first(lock: Path, kind: str) -> None:
    """Install uv, and without a GPU torch's CPU build. pip can find that build even if the package index does not have it."""
    pip(f"uv=={locked('uv', lock)}")
    if kind == "cpu":
        torch = f"torch=={locked('torch', lock)}+cpu"
        wanted = ("--no-deps", "--extra-index-url", TORCH_CPU_INDEX, torch)
        # pip may have another source for the wheel. If PyTorch's index is unreachable, its retries would only cost time.
        if subprocess.run(pip_command("--retries", "0", *wanted), cwd=ROOT, env=environment()).returncode:
            say("     trying again")
            pip(*wanted)


def install_rest(lock: Path) -> None:
    """Install the lock with uv, or with pip if uv finds no package index: it does not read pip's settings."""
    command = [str(PYTHON.with_name("uv")), "pip", "install", "--python", str(PYTHON), "--no-deps", "-r", str(lock)]
    if subprocess.run(command, cwd=ROOT, env=environment()).returncode:
        say("     uv failed (see above); installing with pip instead, which takes longer")
        pip("--no-deps", "-r", str(lock))


def locked(package: str, lock: Path) -> str:
    """Return the version of a package in the lock."""
    version = re.search(rf"^{package}==([^\s;]+)", lock.read_text(), re.MULTILINE)
    if version is None:
        raise SystemExit(f"{lock} does not list {package}. Run `make lock`.")
    return version[1]


def pip(*arguments: str) -> None:
    """Install with pip, or exit."""
    run("pip could not install what Tandem needs.", *pip_command(*arguments))


def pip_command(*arguments: str) -> list[str]:
    """Return the command that installs with pip."""
    options = ("--disable-pip-version-check", "--progress-bar", "on" if sys.stdout.isatty() else "off")
    return [str(PYTHON), "-m", "pip", "install", *options, *arguments]


def run(problem: str, *command: str) -> None:
    """Run a command and show its output. Exit with `problem` if it fails."""
    if subprocess.run(command, cwd=ROOT, env=environment()).returncode:
        raise SystemExit(f"{problem} See the error above, then run `make setup` again.")


def environment() -> dict[str, str]:
    """Return this process's environment, changed so that Python writes compiled modules and uv has a writable cache."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept if can_cache(kept) else {**kept, "UV_CACHE_DIR": str(VENV / ".uv-cache")}


def can_cache(variables: Mapping[str, str]) -> bool:
    """Return whether uv can write to its cache, which is in the home folder unless a variable sets it. Without a cache, uv fails."""
    home = variables.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    folder = Path(variables.get("UV_CACHE_DIR") or Path(home, "uv"))
    return folder.is_absolute() and can_write(folder)


def say(line: str) -> None:
    """Print a line of progress."""
    print(line, flush=True)


def _answers(code: str) -> bool:
    return PYTHON.exists() and subprocess.run(_quiet(code), capture_output=True).returncode == 0


def _quiet(code: str) -> Sequence[str]:
    return [str(PYTHON), "-c", code]


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("\nStopped. Run `make setup` to start again.") from None
