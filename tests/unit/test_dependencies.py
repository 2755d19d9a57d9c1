"""What a service imports is declared: in its extra of pyproject.toml, or in the dependencies that all services share."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OWN = {"services", "shared", "deploy", "tests", "benchmarks"}
# Loaded by another package by its name.
NOT_IMPORTED = {"training": {"bitsandbytes"}}
# Extras that a service does without: it imports their packages only if it is told to use them.
OPTIONAL = {"training": ["trackers"]}
# What shared/graders imports; a service that does not grade yet may declare it already.
GRADERS = {"jsonschema", "rapidfuzz", "referencing", "regex", "sacrebleu", "snowballstemmer"}


def normalize(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~;@ ]", requirement)[0]).lower()


def declared(requirements: list[str]) -> set[str]:
    return {normalize(each) for each in requirements}


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the dotted names of all modules that a file imports, wherever in the file; `from a import b` counts as `a` and `a.b`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


def to_file(module: str) -> Path | None:
    path = ROOT / Path(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()), None)


def files_of(service: str) -> set[Path]:
    """Return the files of a service and those of `shared` that it imports, directly or not."""
    found, pending = set[Path](), sorted((ROOT / "services" / service).rglob("*.py"))
    while pending:
        file = pending.pop()
        if file not in found:
            found.add(file)
            shared = (to_file(name) for name in imports(file) if name.startswith("shared."))
            pending += [each for each in shared if each is not None]
    return found


def distributions(files: set[Path]) -> Iterator[tuple[str, set[str]]]:
    """Yield each third-party package that the files import, and the distributions that provide it."""
    providers = packages_distributions()
    packages = {name.split(".")[0] for file in files for name in imports(file)}
    for package in sorted(packages - OWN - set(sys.stdlib_module_names)):
        yield package, {normalize(name) for name in providers.get(package, [package])}


@pytest.mark.parametrize("service", ["retrieval", "generation", "training", "evaluation"])
def test_every_import_of_a_service_is_declared(service: str) -> None:
    extras = [service, *OPTIONAL.get(service, [])]
    available = declared(PROJECT["dependencies"]) | set().union(*(declared(PROJECT["optional-dependencies"][extra]) for extra in extras))
    missing = [package for package, providers in distributions(files_of(service)) if not providers & available]
    assert missing == []


@pytest.mark.parametrize("service", ["retrieval", "generation", "training", "evaluation"])
def test_every_dependency_of_a_service_is_imported(service: str) -> None:
    imported = set().union(*(providers for _, providers in distributions(files_of(service))))
    assert declared(PROJECT["optional-dependencies"][service]) - imported - GRADERS == NOT_IMPORTED.get(service, set())
