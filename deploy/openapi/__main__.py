"""Write the OpenAPI documents, or say with `--check` which of them is stale.

`tandem.json` is the document that the front door serves, with the address of a stack on one machine. It includes retrieval's document,
which is a file of the generation service: the services cannot import each other, and retrieval may be down.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from services.generation.app import create_app as create_generation
from services.generation.routes.passthrough import RETRIEVAL_DOCUMENT
from services.generation.settings import GenerationSettings
from services.retrieval.app import create_app as create_retrieval
from services.retrieval.settings import RetrievalSettings
from shared.web.api_document import Document

ROOT = Path(__file__).parents[2]
TANDEM_DOCUMENT = Path(__file__).parent / "tandem.json"
LOCAL_SERVER = {"url": "http://localhost:8000"}


def describe_retrieval() -> Document:
    """Return the document of the retrieval service."""
    return create_retrieval(RetrievalSettings()).openapi()


def describe_tandem() -> Document:
    """Return the document of the front door, which includes retrieval's as it was written last."""
    return {**create_generation(GenerationSettings()).openapi(), "servers": [LOCAL_SERVER]}


# In the order in which they are made from each other.
DOCUMENTS: dict[Path, Callable[[], Document]] = {RETRIEVAL_DOCUMENT: describe_retrieval, TANDEM_DOCUMENT: describe_tandem}


def render(document: Document) -> str:
    """Return the document as it is committed."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write every document, or check them. Return 1 if one is stale."""
    for path, describe in DOCUMENTS.items():
        text = render(describe())
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in arguments:
            sys.stderr.write(f"{path.relative_to(ROOT)} is stale: run `make openapi`\n")
            return 1
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
