"""Every block of code is one that something runs or checks; `tests/e2e/test_docs.py` runs those that need the stack."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from shared.datasets import number_preferences, read_examples, read_questions
from shared.graders.check import check_grader, parse_grader
from tests.unit.docs import project, shell
from tests.unit.docs.pages import PAGES, ROOT, Block, blocks

SCHEMA = "schema: "
SHOWN = ("shown: ", "tree: ")
LINES: dict[str, Callable[[list[str]], Iterator[Any]]] = {
    "Example": lambda lines: read_examples(lines, minimum=1),
    "Preference": lambda lines: number_preferences(lines, minimum=1),
    "Question": read_questions,
}
jsonschema: Any = import_module("jsonschema")
ALL = [block for page in PAGES for block in blocks(page)]


def check_python(block: Block) -> None:
    ast.parse(block.text)


def check_bash(block: Block) -> None:
    assert list(shell.problems(block.text)) == []
    done = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def check_json(block: Block) -> None:
    name, value = named(block), json.loads(block.text)
    if name == "Grader":
        check_grader(parse_grader(value), None)
    else:
        assert name in project.schema()["components"]["schemas"], f"the API has no schema {name}"
        whole = {"$ref": f"#/components/schemas/{name}", "components": project.schema()["components"]}
        jsonschema.Draft202012Validator(whole).validate(value)


def check_lines(block: Block) -> None:
    lines = block.text.splitlines()
    assert len(list(LINES[named(block)](lines))) == len(lines)


def check_csv(block: Block) -> None:
    assert len(list(read_questions(block.text.splitlines(), "questions.csv"))) == len(block.text.splitlines()) - 1


def check_shown(block: Block) -> None:
    assert block.note.startswith(SHOWN), "say in a comment what it shows: <!-- shown: output of `make demo` -->"


def named(block: Block) -> str:
    assert block.note.startswith(SCHEMA), "name its schema in a comment: <!-- schema: ComparisonCreate -->"
    return block.note.removeprefix(SCHEMA)


CHECKS: dict[str, Callable[[Block], None]] = {
    "python": check_python, "run": check_python, "bash": check_bash, "json": check_json, "jsonl": check_lines, "csv": check_csv,
    "text": check_shown,
}  # fmt: skip


@pytest.mark.parametrize("block", ALL, ids=str)
def test_a_block_can_be_checked_and_is_right(block: Block) -> None:
    assert block.kind in CHECKS, f"nobody checks blocks of '{block.kind}'; use one of {', '.join(CHECKS)}"
    CHECKS[block.kind](block)


def test_a_wrong_block_is_found() -> None:
    assert list(shell.problems("make nothing")) == ["there is no target 'nothing'"]
    assert list(shell.problems("NO_SUCH=1 make up")) == ["there is no setting NO_SUCH"]
    assert list(shell.problems("python -m services.nowhere")) == ["there is no module services.nowhere"]
    assert list(shell.problems("docker compose -f none.yml up")) == ["there is no file none.yml"]
    assert list(shell.problems("curl localhost:8000/v1/nothing")) == ["there is no route GET /v1/nothing"]
    assert list(shell.problems("true && rm -rf x"))[1:] == ["nobody checks the command 'rm'; teach tests/unit/docs/shell.py to"]


@pytest.mark.parametrize("files", [project.COMPOSE_FILES[:1], project.COMPOSE_FILES], ids=["gpu", "cpu"])
def test_the_compose_files_that_the_pages_name_are_valid(files: tuple[str, ...]) -> None:
    compose = ROOT / sys.executable.rpartition("/")[0] / "docker-compose"
    answers = {"POSTGRES_PASSWORD": "a", "BROKER_PASSWORD": "b", "QDRANT_API_KEY": "c", "TANDEM_KEYS": ""}
    command = [str(compose), "--env-file", "/dev/null", *(option for file in files for option in ("-f", file)), "config", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, env=answers, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
