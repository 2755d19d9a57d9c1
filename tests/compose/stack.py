"""The containers of one test run: their own Compose project, passwords, keys and published port, and nothing left behind."""

import json
import os
import re
import secrets
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openai import OpenAI

from tests.compose.docker import docker, say
from tests.dockerfiles import IMAGES, ROOT, read_dockerfile

FILES = ("docker-compose.yml", "deploy/docker/compose.cpu.yml")
WORKERS_AND_SERVICES = ("generation", "retrieval", "training", "evaluation")
PASSWORDS = ("POSTGRES_PASSWORD", "BROKER_PASSWORD", "QDRANT_API_KEY", "TANDEM_WORKER_KEY")
STOP_SECONDS = 10.0
# Fewer calls, and more patience for an engine that is started again, on two cores.
OVERRIDE = """
services:
  evaluation:
    environment: {EVALUATION_SINGLE_QUESTIONS: "1", EVALUATION_REPEATED_QUESTIONS: "1", EVALUATION_PATIENCE_SECONDS: "600"}
  training:
    environment: {TRAINING_CHECKPOINT_SECONDS: "5", TRAINING_PATIENCE_SECONDS: "600"}
"""


@dataclass(frozen=True)
class Stack:
    """The containers, and a folder for their `.env` and the logs of this test."""

    folder: Path
    port: int
    keys: dict[str, str]

    @property
    def project(self) -> str:
        """The name of the Compose project: a prefix of containers, networks and volumes."""
        return f"tandem-test-{os.getpid()}"

    def configure(self, **machine: str) -> None:
        """Write `.env` and the override file."""
        self.folder.mkdir(exist_ok=True)
        passwords = {
            name: secrets.token_hex(12) for name in ("POSTGRES_PASSWORD", "BROKER_PASSWORD", "QDRANT_API_KEY", "TANDEM_WORKER_KEY")
        }
        keys = ",".join(f"{project}:{key}" for project, key in self.keys.items())
        settings = {**passwords, "TANDEM_KEYS": keys, "TANDEM_PUBLISH": f"127.0.0.1:{self.port}", "TANDEM_VERSION": self.project, **machine}
        (self.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        (self.folder / "override.yml").write_text(OVERRIDE)

    def compose(self, *arguments: str, seconds: float = 120, check: bool = True) -> str:
        """Run a compose command and return what it printed; fail with the end of what it said."""
        files = [option for file in (*FILES, self.folder / "override.yml") for option in ("--file", str(file))]
        own = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
        environment = {name: value for name, value in os.environ.items() if name not in own and name != "COMPOSE_FILE"}
        command = ["docker", "compose", "--project-name", self.project, "--env-file", str(self.folder / ".env"), *files, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False)
        assert done.returncode == 0 or not check, f"docker compose {' '.join(arguments)}: {(done.stdout + done.stderr)[-4000:]}"
        return done.stdout.strip()

    def build(self) -> None:
        """Build the images."""
        self._time("the images were built", "build", "--progress", "plain", seconds=1800)

    def up(self) -> None:
        """Start the containers and wait until they are healthy."""
        self._time("the containers are healthy", "up", "--detach", "--no-build", "--wait", "--wait-timeout", "600", seconds=700)

    def down(self) -> None:
        """Remove the containers, but not their volumes."""
        self._time("the containers are gone", "down", seconds=300)

    def delete(self) -> None:
        """Remove everything: containers, networks, volumes, and the images that were built."""
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "10", seconds=300, check=False)
        names = docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter", f"reference=tandem-*:{self.project}").split()
        if names:
            docker("image", "rm", "--force", *names, check=False)

    def client(self, project: str) -> OpenAI:
        """Return the stock SDK with the key of a project, over the published port."""
        return OpenAI(base_url=f"http://127.0.0.1:{self.port}/v1", api_key=self.keys[project], max_retries=0, timeout=300)

    def stop(self, service: str, state: str) -> float:
        """Stop a container, which is in that `state`; return how many seconds it took after SIGTERM."""
        started = time.monotonic()
        self.compose("stop", "--timeout", "40", service, seconds=90)
        seconds = time.monotonic() - started
        say(f"{service} stopped in {seconds:.1f} s while {state}")
        return seconds

    def start(self, service: str) -> str:
        """Start a container that was stopped, without waiting for it; return the time of the start, for `logs`."""
        now = datetime.now(UTC).isoformat()
        self.compose("start", service)
        return now

    def inspect(self, service: str) -> dict[str, Any]:
        """Return what Docker knows of a service's container."""
        found: list[dict[str, Any]] = json.loads(docker("inspect", self.compose("ps", "--all", "--quiet", service)))
        return found[0]

    def is_healthy(self, service: str) -> bool:
        """Return whether a container runs, and is healthy if it can tell."""
        state = self.inspect(service)["State"]
        return bool(state["Running"]) and state.get("Health", {}).get("Status", "healthy") == "healthy"

    def run_in(self, service: str, script: str) -> str:
        """Run a shell script in a service's container; return what it printed."""
        return self.compose("exec", "--no-TTY", service, "sh", "-c", script)

    def logs(self, service: str, since: str = "") -> str:
        """Return the log of a service's container, from a moment on if one is given."""
        return self.compose("logs", "--no-color", "--no-log-prefix", *(["--since", since] if since else []), service)

    def list_foreign_images(self) -> list[str]:
        """Return the images that somebody else builds: those of the servers, and those that ours are built from."""
        services = json.loads(self.compose("config", "--format", "json"))["services"].values()
        bases = {base for image in IMAGES for base in read_dockerfile(image).bases()}
        return sorted({*bases, *(service["image"] for service in services if "build" not in service)})

    def list_images(self) -> dict[str, int]:
        """Return the bytes of each image that was built."""
        names = {image: f"tandem-{image}{'-cpu' if image == 'training' else ''}:{self.project}" for image in IMAGES}
        return {image: int(docker("image", "inspect", "--format", "{{.Size}}", name)) for image, name in names.items()}

    def _time(self, done: str, *arguments: str, seconds: float) -> None:
        say(f"docker compose {' '.join(arguments)}")
        started = time.monotonic()
        self.compose(*arguments, seconds=seconds)
        say(f"{done} after {time.monotonic() - started:.0f} s")
