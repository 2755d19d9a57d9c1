"""Write the OpenAPI documents of the services, or say with `--check` which of them is stale.

`tandem.json` is what the front door serves as a whole: generation's own operations and those it passes to retrieval.
"""

import json
import sys
from pathlib import Path
from typing import Any

from services.generation.app import create_app as create_generation
from services.generation.settings import GenerationSettings
from services.retrieval.app import create_app as create_retrieval
from services.retrieval.settings import RetrievalSettings

FOLDER = Path(__file__).parent
OPERATIONS = ("/health/", "/metrics")

Document = dict[str, Any]


def describe() -> dict[str, Document]:
    """Return each document by its file's name."""
    generation = create_generation(GenerationSettings()).openapi()
    retrieval = create_retrieval(RetrievalSettings()).openapi()
    return {"generation.json": generation, "retrieval.json": retrieval, "tandem.json": merge(generation, retrieval)}


def merge(generation: Document, retrieval: Document) -> Document:
    """Return one document of the front door: generation's paths, then retrieval's that clients reach through it."""
    passed = {path: item for path, item in retrieval["paths"].items() if not path.startswith(OPERATIONS)}
    own = {path: item for path, item in generation["paths"].items() if "{path}" not in path}
    schemas = {**retrieval["components"]["schemas"], **generation["components"]["schemas"]}
    return {**generation, "paths": {**own, **passed}, "components": {**generation["components"], "schemas": schemas}}


def render(document: Document) -> str:
    """Return the document as it is committed."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write or check every document. Return 1 if one is stale."""
    stale = [name for name, document in describe().items() if _read(name) != render(document)]
    if "--check" in arguments:
        for name in stale:
            sys.stderr.write(f"deploy/openapi/{name} is stale: run `make openapi`\n")
        return 1 if stale else 0
    for name, document in describe().items():
        (FOLDER / name).write_text(render(document), encoding="utf-8")
    return 0


def _read(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
