"""The Docker engine as the tests of the containers use it: whether there is one, and the images that building and starting need."""

import json
import os
import resource
import shutil
import subprocess
import time
from collections.abc import Collection

import psutil

from tests.dockerfiles import ROOT, read_dockerfile

NEEDED_MEMORY = 10 * 2**30
MAX_OPEN_FILES = 65536
MAKE_IMAGES = "TANDEM_TEST_BASE_IMAGES"
STARTED = time.monotonic()
NO_ENGINE = "no Docker engine answers `docker info`. Start one (such as `systemctl start docker`), or set DOCKER_HOST to its address."


def say(text: str) -> None:
    """Show progress, with the time since the start."""
    minutes, seconds = divmod(int(time.monotonic() - STARTED), 60)
    print(f"[{minutes:2}:{seconds:02}] {text}", flush=True)


def docker(*arguments: str, seconds: float = 120, check: bool = True) -> str:
    """Run a docker command and return what it printed; fail with what it said."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0 or not check, f"docker {' '.join(arguments)}: {done.stderr[-3000:]}"
    return done.stdout.strip()


def succeeds(*command: str, seconds: float = 60) -> bool:
    """Return whether a command ends with code 0."""
    return subprocess.run(command, capture_output=True, timeout=seconds, check=False).returncode == 0


def find_reason_to_skip() -> str | None:
    """Return why the containers cannot be tested here, or None."""
    if shutil.which("docker") is None or not succeeds("docker", "info"):
        return NO_ENGINE
    if not succeeds("docker", "compose", "version") or not succeeds("docker", "buildx", "version"):
        return "the docker command lacks its plugins compose and buildx"
    if (available := psutil.virtual_memory().available) < NEEDED_MEMORY:
        return f"the containers need {NEEDED_MEMORY >> 30} GiB of memory; {available / 2**30:.1f} GiB are available"
    return None


def get_images(images: Collection[str]) -> str | None:
    """Get images that somebody else builds; return why that is not possible, or None.

    Those that cannot be pulled are left to the command in `TANDEM_TEST_BASE_IMAGES`, if there is one.
    """
    if not all(_is_here(image) or _pull(image) for image in images) and (command := os.environ.get(MAKE_IMAGES)):
        say(f"making the images of others: {command}")
        subprocess.run(["sh", "-c", command], cwd=ROOT, timeout=1200, check=True)
    if missing := [image for image in images if not _is_here(image)]:
        return f"these images are not here and cannot be pulled: {', '.join(missing)}. {MAKE_IMAGES} may name a command that makes them."
    return None


def _is_here(image: str) -> bool:
    return succeeds("docker", "image", "inspect", image)


def _pull(image: str) -> bool:
    say(f"pulling {image}")
    return succeeds("docker", "pull", "--quiet", image, seconds=900)


def find_build_settings() -> dict[str, str]:
    """Return the variables of `.env` that follow from this machine: where torch comes from, and how many files may be open."""
    variables = docker("image", "inspect", "--format", "{{json .Config.Env}}", read_dockerfile("retrieval").bases()[0])
    brings_torch = any(variable.startswith("UV_FIND_LINKS=") for variable in json.loads(variables) or ())
    open_files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    limit = MAX_OPEN_FILES if open_files == resource.RLIM_INFINITY else min(MAX_OPEN_FILES, open_files)
    return {"TANDEM_QDRANT_FILES": str(limit), **({"TANDEM_TORCH_CPU": ""} if brings_torch else {})}
