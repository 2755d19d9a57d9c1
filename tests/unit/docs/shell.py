"""Checks the commands of the documentation's shell blocks without running them: everything that they name must exist."""

import importlib.util
import json
import re
import shlex
from collections.abc import Callable, Iterator
from itertools import pairwise, takewhile
from pathlib import Path

from tests.unit.docs import project
from tests.unit.docs.pages import ROOT

Command = list[str]
ASSIGNMENT = re.compile(r"[A-Z_]+=")
OPERATORS = set(";|&()")
KEYWORDS = ("do", "then")


def problems(text: str) -> Iterator[str]:
    """Yield the problems of the commands of a block; a command that cannot be checked is wrong too."""
    for command in commands(text):
        yield from _problems(command)


def commands(text: str) -> Iterator[Command]:
    """Yield the simple commands of a shell block."""
    for line in text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        command: Command = []
        for token in [*lexer, ";"]:
            if not set(token) <= OPERATORS:
                command.append(token)
                continue
            while command and command[0] in KEYWORDS:
                command = command[1:]
            if command:
                yield command
            command = []


def _problems(command: Command) -> Iterator[str]:
    set_first = list(takewhile(ASSIGNMENT.match, command))
    rest = command[len(set_first) :]
    for name, _, value in (word.partition("=") for word in set_first):
        yield from _check_variable(name, value)
    if not rest:
        return
    check = CHECKS.get(rest[0])
    if check is None:
        yield f"nobody checks the command '{rest[0]}'; teach tests/unit/docs/shell.py to"
        return
    yield from check(rest[1:])


def _check_variable(name: str, value: str) -> Iterator[str]:
    if name not in project.variables():
        yield f"there is no setting {name}"
    if value.startswith("{"):
        json.loads(value)


def _make(words: Command) -> Iterator[str]:
    for word in words:
        name, is_variable, _ = word.partition("=")
        if is_variable and f"$({name})" not in project.makefile() and f"$(if $({name})" not in project.makefile():
            yield f"the Makefile does not know {name}"
        if not is_variable and name not in project.targets():
            yield f"there is no target '{name}'"


def _docker(words: Command) -> Iterator[str]:
    for option, value in pairwise(words):
        if option == "-f" and not (ROOT / value).is_file():
            yield f"there is no file {value}"
        if option == "--scale" and value.partition("=")[0] not in project.compose()["services"]:
            yield f"there is no container {value}"
        if option == "--profile" and not any(value in service.get("profiles", ()) for service in project.compose()["services"].values()):
            yield f"there is no profile {value}"
        if option == "-v" and value.startswith(prefix := f"{project.compose()['name']}_"):
            yield from _volume(value.removeprefix(prefix).partition(":")[0])


def _volume(name: str) -> Iterator[str]:
    if name != "$volume" and name not in project.compose()["volumes"]:
        yield f"there is no volume {name}"


def _for(words: Command) -> Iterator[str]:
    assert words[:2] == ["volume", "in"], "a loop other than over volumes is not known yet"
    for name in words[2:]:
        yield from _volume(name)


def _python(words: Command) -> Iterator[str]:
    if words[:1] != ["-m"]:
        yield "python is called without -m"
        return
    found = importlib.util.find_spec(words[1])
    if found is None or found.origin is None:
        yield f"there is no module {words[1]}"
        return
    origin = Path(found.origin)
    source = (origin.with_name("__main__.py") if found.submodule_search_locations else origin).read_text(encoding="utf-8")
    yield from (f"{words[1]} has no option {word}" for word in words[2:] if word.startswith("--") and f'"{word}"' not in source)


def _copy(words: Command) -> Iterator[str]:
    if not (ROOT / words[0]).is_file():
        yield f"there is no file {words[0]}"


def _curl(words: Command) -> Iterator[str]:
    url = next(word for word in words if word.startswith("localhost:8000/"))
    path = project.PARAMETER.sub("{}", url.removeprefix("localhost:8000"))
    method = "post" if "-d" in words else "get"
    if (method, path) not in project.routes():
        yield f"there is no route {method.upper()} {path}"


def _nothing(words: Command) -> Iterator[str]:
    yield from ()


CHECKS: dict[str, Callable[[Command], Iterator[str]]] = {
    "make": _make, "docker": _docker, "for": _for, "done": _nothing, "python": _python, "cp": _copy, "curl": _curl,
}  # fmt: skip
