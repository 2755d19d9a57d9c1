"""Write the OpenAPI documents of the services, or say with `--check` which of them is stale.

`tandem.json` is what the front door serves as a whole: generation's own operations and those it passes to retrieval.
"""

import json
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

from services.generation.app import create_app as create_generation
from services.generation.settings import GenerationSettings
from services.retrieval.app import create_app as create_retrieval
from services.retrieval.settings import RetrievalSettings
from shared.web.api_document import error_reference, operations

FOLDER = Path(__file__).parent
OPERATIONS = ("/health/", "/metrics")
RETRIEVAL_IS_SLOW = 504  # what the front door returns besides retrieval's own errors

Document = dict[str, Any]


def describe() -> dict[str, Document]:
    """Return each document by its file's name."""
    generation = create_generation(GenerationSettings()).openapi()
    retrieval = create_retrieval(RetrievalSettings()).openapi()
    return {"generation.json": generation, "retrieval.json": retrieval, "tandem.json": merge(generation, deepcopy(retrieval))}


def merge(generation: Document, retrieval: Document) -> Document:
    """Return one document of the front door: generation's operations, then retrieval's that clients reach through it."""
    passed = {path: item for path, item in retrieval["paths"].items() if not path.startswith(OPERATIONS)}
    for _, operation in operations({"paths": passed}):
        operation["responses"] |= {str(RETRIEVAL_IS_SLOW): error_reference(RETRIEVAL_IS_SLOW)}
    kinds = generation["components"].keys() | retrieval["components"].keys()
    components = {kind: _union(generation["components"].get(kind, {}), retrieval["components"].get(kind, {})) for kind in sorted(kinds)}
    tags = {tag["name"]: tag for tag in (*generation["tags"], *retrieval["tags"])}
    return {
        **generation,
        "servers": [{"url": "http://localhost:8000"}],
        "tags": list(tags.values()),
        "paths": _union(generation["paths"], passed),
        "components": components,
    }


def _union(one: Document, other: Document) -> Document:
    """Return the entries of both. Raises ValueError if they mean different things by a name."""
    different = sorted(name for name in one.keys() & other.keys() if one[name] != other[name])
    if different:
        raise ValueError(f"generation and retrieval describe these differently: {', '.join(different)}")
    return {**one, **other}


def render(document: Document) -> str:
    """Return the document as it is committed."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


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
