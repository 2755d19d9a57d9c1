import re
from pathlib import Path

import pytest

from deploy.local.environment import derive
from deploy.local.machine import Machine
from deploy.local.procfile import PROCFILE, read_procfile
from deploy.local.readiness import signs
from deploy.local.settings import ROOT, read
from deploy.local.terminal import is_quiet


@pytest.fixture
def commands() -> dict[str, str]:
    return read_procfile(PROCFILE)


def test_the_procfile_runs_every_process_and_each_has_a_sign_of_readiness(commands: dict[str, str]) -> None:
    assert list(commands) == ["broker", "engine", "retrieval", "generation", "training", "evaluation"]
    assert set(signs(read())) == set(commands)


def test_every_process_replaces_its_shell_so_that_signals_reach_it(commands: dict[str, str]) -> None:
    assert all(command.startswith("exec ") for command in commands.values())


def test_every_variable_of_the_procfile_is_derived(commands: dict[str, str]) -> None:
    named = set(re.findall(r"\$([A-Z_]+)", " ".join(commands.values())))
    assert named <= set(derive(read(), Machine("cpu", True, (0, 1), 2, 2**30), Path("/valkey"), {}))


def test_every_module_of_the_procfile_is_there(commands: dict[str, str]) -> None:
    modules = re.findall(r"-m (services\.\S+)", " ".join(commands.values()))
    assert len(modules) == 4
    assert all((ROOT / module.replace(".", "/")).with_suffix(".py").exists() for module in modules)


def test_broker_and_engine_listen_to_this_machine_only(commands: dict[str, str]) -> None:
    assert "--bind 127.0.0.1" in commands["broker"]
    assert "--host 127.0.0.1" in commands["engine"]


def test_only_errors_of_the_engine_reach_the_terminal() -> None:
    assert is_quiet("engine", "(APIServer pid=7) INFO 11-22 [launcher.py:186] Available routes are:")
    assert not is_quiet("engine", "ValueError: no such model")
    assert not is_quiet("generation", "anything")
