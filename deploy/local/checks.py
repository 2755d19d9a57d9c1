"""Checks before the stack starts. The message of a failed check says which setting to change."""

import fcntl
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deploy.local.capacity import GIB, available_memory, find_engine_problem, free_disk
from deploy.local.environment import DERIVED, LOCAL_ONLY, SHARED, WORKER_SHARED_MEMORY
from deploy.local.machine import Machine
from deploy.local.settings import EngineSettings, Settings

MIB = 2**20
SERVICES_MEMORY = int(1.5 * GIB)
ENGINE_MEMORY = int(1.5 * GIB)  # without weights and cache
DATA_DISK = 1 * GIB


class NotReady(Exception):
    """The stack cannot start; the message says why and what to do."""


@dataclass(frozen=True)
class Port:
    """A port that a process of the stack listens on, and the setting that changes it."""

    process: str
    setting: str
    host: str
    number: int


def check(settings: Settings, environment: Mapping[str, str], machine: Machine) -> None:
    """Raise `NotReady` if the stack cannot run with these settings on this machine. Changes nothing."""
    check_addresses(environment)
    check_engine(settings.engine, machine)
    check_memory(needed_memory(settings, machine), available_memory())
    check_disk(settings.data, free_disk(settings.data))
    check_ports(ports(settings))
    check_model("base model", "TANDEM_BASE_MODEL", settings.jobs.base_path)
    check_model("embedding model", "RETRIEVAL_EMBEDDING_MODEL", settings.retrieval.model)


def check_addresses(environment: Mapping[str, str]) -> None:
    """Raise `NotReady` if a setting names a broker, an engine or a service other than the stack's own."""
    for name in DERIVED:
        if environment.get(name):
            raise NotReady(f"{name} is set, but `make up` derives it from the stack's own ports. Unset {name}.")
    for name in SHARED:
        if environment.get(name):
            raise NotReady(f"{name} is set, but `make up` has one setting for all processes. Unset it and set TANDEM_ENGINE_MAX_LORA_RANK.")


def check_engine(engine: EngineSettings, machine: Machine) -> None:
    """Raise `NotReady` if vLLM cannot run on this processor, or lacks the shared memory for a worker that is bound to cores."""
    if machine.device == "gpu":
        return
    if problem := find_engine_problem():
        raise NotReady(problem)
    if engine.threads and machine.shared_memory < WORKER_SHARED_MEMORY:
        raise NotReady(
            f"/dev/shm has {machine.shared_memory // MIB} MiB free. With TANDEM_ENGINE_THREADS set, the engine needs "
            f"{WORKER_SHARED_MEMORY // MIB} MiB there. Unset TANDEM_ENGINE_THREADS, or give the container more (docker run --shm-size=1g)."
        )


def needed_memory(settings: Settings, machine: Machine) -> int:
    """Return the bytes of memory that the idle stack needs. Training needs more; each job checks that before it starts."""
    if machine.device == "gpu":
        return SERVICES_MEMORY
    weights = sum(file.stat().st_size for file in Path(settings.jobs.base_path).glob("*.safetensors"))
    return SERVICES_MEMORY + ENGINE_MEMORY + settings.engine.cache_gib * GIB + weights


def check_memory(needed: int, available: int) -> None:
    """Raise `NotReady` if there is too little memory for the idle stack."""
    if available < needed:
        raise NotReady(
            f"The stack needs {needed / GIB:.1f} GiB of memory; {available / GIB:.1f} GiB are free. Close other programs, "
            "give the container or virtual machine more memory, or set TANDEM_BASE_MODEL to a smaller model."
        )


def check_disk(data: Path, free: int) -> None:
    """Raise `NotReady` if there is too little disk space for files, vectors, adapters and logs."""
    if free < DATA_DISK:
        raise NotReady(
            f"The data folder {data} needs {DATA_DISK / GIB:.1f} GiB of disk space; {free / GIB:.1f} GiB are free. "
            "Free some space, or set TANDEM_DATA to a folder on another disk."
        )


def ports(settings: Settings) -> list[Port]:
    """Return the ports the stack listens on."""
    return [
        Port("generation", "GENERATION_PORT", settings.generation.host, settings.generation.port),
        Port("retrieval", "RETRIEVAL_PORT", settings.retrieval.host, settings.retrieval.port),
        Port("engine", "TANDEM_ENGINE_PORT", LOCAL_ONLY, settings.engine.port),
        Port("broker", "TANDEM_BROKER_PORT", LOCAL_ONLY, settings.stack.broker_port),
    ]


def check_ports(wanted: list[Port]) -> None:
    """Raise `NotReady` if a port is in use, or two processes have the same port."""
    seen: dict[int, Port] = {}
    for port in wanted:
        if port.number in seen:
            raise NotReady(f"{seen[port.number].setting} and {port.setting} are both {port.number}. Give each its own port.")
        seen[port.number] = port
        problem = _bind(port)
        if problem:
            raise NotReady(
                f"Port {port.number} of the {port.process} process cannot be used ({problem}). "
                f"Stop the program that uses it, or set {port.setting} to another port."
            )


def check_model(what: str, setting: str, model: str) -> None:
    """Raise `NotReady` unless the model is an existing folder or a Hugging Face id (`owner/name`), which its process downloads."""
    if Path(model).is_dir() or (not Path(model).is_absolute() and model.count("/") == 1 and not model.startswith(".")):
        return
    raise NotReady(
        f"The {what} is missing: the folder {model} does not exist. Run `make setup`, or set {setting} to a folder or a Hugging Face id."
    )


def take_folder(data: Path) -> IO[str]:
    """Lock the data folder for this stack until the returned file is closed."""
    run = data / "run"
    try:
        run.mkdir(parents=True, exist_ok=True)
        held = (run / "stack.lock").open("a+")
    except OSError as error:
        raise NotReady(f"The data folder {data} cannot be used ({error.strerror}). Set TANDEM_DATA to another folder.") from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.seek(0)
        owner = held.read().strip() or "unknown"
        held.close()
        raise NotReady(
            f"The data folder {data} is in use by another stack (pid {owner}). Stop that stack, or set TANDEM_DATA to another folder."
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
