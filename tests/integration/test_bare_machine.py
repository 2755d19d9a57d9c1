"""A new user's machine, as a container: Debian or Ubuntu's Python and `make`, no compiler, 64 MiB of shared memory, not root.

Needs a Docker engine that `docker info` reaches (DOCKER_HOST) and an image with Python, named by TANDEM_TEST_IMAGE. Set-up and main job
take minutes; the container exits on its own if the test cannot stop it.
"""

import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "deploy" / "local" / "sample"
IMAGE = os.environ.get("TANDEM_TEST_IMAGE", "python:3.12-slim-bookworm")
INSTALL = "apt-get update -qq && apt-get install -y -qq --no-install-recommends make libnuma1 && useradd --create-home --uid 1000 user"
PLACE = "/home/user/tandem"
USER_ID = 1000  # as in INSTALL
SECONDS = 470
DOCUMENTS, EXAMPLES, QUESTIONS = ("overview.md", "calibration.md"), 24, 4

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(SECONDS + 30)]


def docker(*arguments: str, check: bool = True, content: bytes | None = None, seconds: int = 60) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["docker", *arguments], input=content, capture_output=True, check=check, timeout=seconds)


def reason_to_skip() -> str | None:
    if shutil.which("docker") is None or shutil.which("git") is None:
        return "there is no docker command, or no git, which lists the project's files"
    if docker("info", check=False).returncode:
        return "no Docker engine answers `docker info` (DOCKER_HOST)"
    if docker("image", "inspect", IMAGE, check=False).returncode:
        return f"the image {IMAGE} is not here: docker pull {IMAGE}, or name another in TANDEM_TEST_IMAGE"
    return None


def short_sample(folder: Path) -> Path:
    """Write a sample for the demo that takes a minute."""
    (folder / "documents").mkdir(parents=True)
    for name in DOCUMENTS:
        shutil.copy(SAMPLE / "documents" / name, folder / "documents")
    for name, count in (("train.jsonl", EXAMPLES), ("questions.jsonl", QUESTIONS)):
        lines = [
            line for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines() if name != "questions.jsonl" or is_answered(line)
        ]
        (folder / name).write_text("\n".join(lines[:count]) + "\n", encoding="utf-8")
    return folder


def is_answered(question: str) -> bool:
    return json.loads(question)["source"] in DOCUMENTS


def packed(sample: Path) -> bytes:
    """Return the project's files and the sample as an archive whose files belong to the container's user."""

    def own(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = USER_ID
        return entry

    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                archive.add(ROOT / name, f"tandem/{name}", filter=own)
        archive.add(sample, "tandem/short-sample", filter=own)
    return buffer.getvalue()


@pytest.fixture
def container(tmp_path: Path) -> Iterator[str]:
    """A container with the project in it, as a fresh clone; gone after the test."""
    if reason := reason_to_skip():
        pytest.skip(reason)
    name = docker("run", "--detach", "--rm", IMAGE, "sleep", str(SECONDS)).stdout.decode().strip()
    try:
        installed = docker("exec", name, "sh", "-c", INSTALL, check=False, seconds=180)
        if installed.returncode:
            pytest.skip(f"apt-get cannot install make in {IMAGE}: {installed.stderr.decode()[-300:]}")
        docker("cp", "-", f"{name}:/home/user", content=packed(short_sample(tmp_path / "sample")))
        docker("exec", name, "chown", f"{USER_ID}:{USER_ID}", PLACE)
        yield name
    finally:
        docker("rm", "--force", name, check=False)


def test_the_first_command_of_a_new_user_ends_in_a_verdict(container: str) -> None:
    done = docker(
        "exec", "--user", "user", "--workdir", PLACE, container, "make", "demo", "SAMPLE=short-sample", check=False, seconds=SECONDS
    )  # fmt: skip
    said = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, said[-4000:]
    assert "The set-up is done." in said
    assert f"{QUESTIONS} held-out questions" in said
    assert "Verdict: " in said
    owners = docker("exec", container, "sh", "-c", f"which c++ g++; stat -c %U {PLACE}/.tandem/reports/*.html", check=False).stdout.decode()
    assert owners.split() == ["user"]
