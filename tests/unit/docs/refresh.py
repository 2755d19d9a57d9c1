"""Writes what the documentation takes from the code: the tables of the settings and the annotated tree.

python -m tests.unit.docs.refresh
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.unit.docs import project
from tests.unit.docs.pages import DOCS, ROOT

SETTINGS_PAGE = DOCS / "settings.md"
TREE_PAGE = DOCS / "architecture.md"
COLUMN = 30
LONGEST = 100  # characters of what is said about a folder
DEPTH = 3  # services/retrieval/parse; what is deeper belongs to its room
# What has no docstring to say what it is for.
ABOUT = {
    "pyproject.toml": "One project, with an extra for each image",
    "Makefile": "Every command there is",
    "docker-compose.yml": "The stack as containers, with a GPU",
    ".env.example": "Every variable of the containers",
    "README.md": "Where to start",
    "docs/": "These pages, and what benchmarks printed",
    "DECISIONS.md": "Why things are the way they are",
    "CHANGELOG.md": "What changed",
    ".ci/run": "What every change must pass",
    "services/": "One folder is one process kind, one image, one extra",
    "services/evaluation/": "Celery worker: comparisons and their verdict, evals, datasets",
    "services/generation/": "The front door: models, answers, jobs",
    "services/generation/routes/": "HTTP in, one call, HTTP out",
    "services/retrieval/": "Files, vector stores, search",
    "services/retrieval/migrations/": "Of retrieval's database",
    "services/training/": "Celery worker: LoRA fine-tuning",
    "shared/": "Only what two services must agree on",
    "deploy/": "Ways to run it",
    "deploy/clients/": "The clients generated from the OpenAPI documents, in Python and TypeScript",
    "deploy/docker/": "A Dockerfile for each image",
    "deploy/local/": "The stack on one machine, the demo, the sample data",
    "deploy/openapi/": "The committed OpenAPI document of the whole API",
    "deploy/requirements/": "Lock files",
    "benchmarks/": "Commands that print figures",
    "tests/": "",
    "tests/unit/": "Mirrors the source; needs nothing heavy",
    "tests/contract/": "Both sides of a border in one process; one suite for every index",
    "tests/integration/": "One real dependency each",
    "tests/e2e/": "The whole stack with the real engine",
    "tests/compose/": "The containers, in a Docker engine",
}
ROOMS = ("services/", "shared/")  # their folders are all drawn; of the others only what is named above


def settings_tables() -> str:
    """Return a table for each class of settings."""
    return "\n".join(_table(title, project.rows(settings)) for title, settings in project.SETTINGS.items())


def _table(title: str, rows: dict[str, tuple[str, Any]]) -> str:
    lines = [f"| `{name}` | {description} | {_shown(default)} |" for name, (description, default) in rows.items()]
    return "\n".join([f"## {title}\n", "| variable | meaning | default |", "| --- | --- | --- |", *lines, ""])


def _shown(default: Any) -> str:
    return "" if default is None or default == "" else f"`{default}`"


def tree() -> str:
    """Return the annotated tree, from the folders as they are."""
    return "\n".join(["```text", *map(_line, _paths()), "```"])


def _paths() -> Iterator[str]:
    for path in ABOUT:
        if not path.startswith(ROOMS):
            yield path
        elif path in ROOMS:
            yield from sorted({path, *_rooms(ROOT / path)})


def _rooms(folder: Path) -> Iterator[str]:
    for init in folder.rglob("__init__.py"):
        room = init.parent.relative_to(ROOT)
        if 1 < len(room.parts) <= DEPTH and "versions" not in room.parts:
            yield f"{room.as_posix()}/"


def _line(path: str) -> str:
    parts = path.rstrip("/").split("/")
    is_inside = path not in (".ci/run",) and len(parts) > 1
    name = f"{parts[-1]}/" if path.endswith("/") else parts[-1]
    drawn = "  " * (len(parts) - 1) + name if is_inside else path
    return f"{drawn:<{COLUMN}}  {about(path)}".rstrip()


def about(path: str) -> str:
    """Return what a folder or file is for: the first sentence of its docstring (the first clause of a long one), or the text given here."""
    init = ROOT / path / "__init__.py"
    text = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) if path not in ABOUT and init.is_file() else None
    if text is None:
        return ABOUT.get(path, "")
    sentence = re.split(r"[.]\s|[.]$|\n\n", text)[0].replace("\n", " ")
    return sentence if len(sentence) <= LONGEST else re.split(r"[:;]\s", sentence)[0]


def put(page: str, name: str, content: str) -> str:
    """Return the page with `content` between its marks."""
    marked = re.compile(rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
    assert marked.search(page), f"the page has no marks of the {name}"
    return marked.sub(lambda found: f"{found[1]}{content}\n{found[2]}", page)


def refreshed() -> dict[Path, str]:
    """Return the pages with their generated parts up to date."""
    made = {SETTINGS_PAGE: ("settings", f"\n{settings_tables()}"), TREE_PAGE: ("tree", tree())}
    return {page: put(page.read_text(encoding="utf-8"), *part) for page, part in made.items()}


if __name__ == "__main__":
    for page, text in refreshed().items():
        page.write_text(text, encoding="utf-8")
