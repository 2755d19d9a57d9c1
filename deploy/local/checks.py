"""What must be so before the stack starts. A check that fails says which setting changes it."""

import fcntl
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deploy.local.environment import DERIVED, LOCAL_ONLY, SHARED
from deploy.local.settings import Settings


class NotReady(Exception):
    """The stack cannot start; the message says why and what to do."""


@dataclass(frozen=True)
class Port:
    """A port that a process of the stack wants, and the setting that moves it."""

    process: str
    setting: str
    host: str
    number: int


def check(settings: Settings, environment: Mapping[str, str]) -> None:
    """Raise `NotReady` where the stack cannot run with these settings. Changes nothing."""
    check_addresses(environment)
    check_ports(ports(settings))
    check_model("base model", "TANDEM_BASE_MODEL", settings.jobs.base_path)
    check_model("embedding model", "RETRIEVAL_EMBEDDING_MODEL", settings.retrieval.model)


def check_addresses(environment: Mapping[str, str]) -> None:
    """The stack runs its own broker, engine and services, wherever other ones may be."""
    for name in DERIVED:
        if environment.get(name):
            raise NotReady(f"{name} is set, but `make up` runs its own and finds it by its port: unset {name}.")
    for name in SHARED:
        if environment.get(name):
            raise NotReady(f"{name} is set, but here one setting is for every process: unset it and set TANDEM_ENGINE_MAX_LORA_RANK.")


def ports(settings: Settings) -> list[Port]:
    """Return the ports the stack listens on."""
    return [
        Port("generation", "GENERATION_PORT", settings.generation.host, settings.generation.port),
        Port("retrieval", "RETRIEVAL_PORT", settings.retrieval.host, settings.retrieval.port),
        Port("engine", "TANDEM_ENGINE_PORT", LOCAL_ONLY, settings.engine.port),
        Port("broker", "TANDEM_BROKER_PORT", LOCAL_ONLY, settings.stack.broker_port),
    ]


def check_ports(wanted: list[Port]) -> None:
    """Every port must be free, and none wanted twice."""
    seen: dict[int, Port] = {}
    for port in wanted:
        if port.number in seen:
            raise NotReady(f"{seen[port.number].setting} and {port.setting} are both {port.number}: give each its own port.")
        seen[port.number] = port
        problem = _bind(port)
        if problem:
            raise NotReady(
                f"Port {port.number}, which the {port.process} process wants, cannot be used ({problem}): "
                f"stop what uses it, or set {port.setting} to another port."
            )


def check_model(what: str, setting: str, model: str) -> None:
    """A model is a directory that is there, or a Hugging Face id (`owner/name`), which its process fetches."""
    if Path(model).is_dir() or (not Path(model).is_absolute() and model.count("/") == 1 and not model.startswith(".")):
        return
    raise NotReady(
        f"The {what} is missing: there is no folder {model}. Run `make setup`, or set {setting} to a folder or a Hugging Face id."
    )


def take_folder(data: Path) -> IO[str]:
    """Hold the data folder for this stack for as long as the returned file is open."""
    run = data / "run"
    try:
        run.mkdir(parents=True, exist_ok=True)
        held = (run / "stack.lock").open("a+")
    except OSError as error:
        raise NotReady(f"The data folder {data} cannot be used ({error.strerror}): set TANDEM_DATA to another folder.") from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.seek(0)
        owner = held.read().strip() or "unknown"
        held.close()
        raise NotReady(
            f"The data folder {data} is already used by another stack (pid {owner}): stop that one, or set TANDEM_DATA to another folder."
        ) from error
    held.truncate(0)
    held.write(f"{os.getpid()}\n")
    held.flush()
    return held


def _bind(port: Port) -> str | None:
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    try:
        socket.create_server((port.host, port.number), family=family).close()
    except OSError as error:
        return os.strerror(error.errno) if error.errno else str(error)
    return None
