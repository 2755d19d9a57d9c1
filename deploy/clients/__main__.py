"""Generate the clients of the API, or say with `--check` that they are stale. Checking needs neither generator.

`generated.json` has a hash of the inputs, including the pinned versions of the generators, and a hash of the generated code. So both a new
document and an edit of generated code are noticed.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from deploy.clients.generators import make_python, make_typescript

FOLDER = Path(__file__).parent
DOCUMENT = FOLDER.parent / "openapi" / "tandem.json"
STAMP = FOLDER / "generated.json"
PYTHON, TYPESCRIPT = FOLDER / "python", FOLDER / "typescript"
PACKAGE = PYTHON / "tandem_client"
GENERATED, BUILT = TYPESCRIPT / "src" / "generated", TYPESCRIPT / "dist"
SOURCES = (
    DOCUMENT,
    FOLDER / "requirements.txt",
    PYTHON / "generator.yml",
    *(TYPESCRIPT / name for name in ("package.json", "package-lock.json", "openapi-ts.config.ts", "tsconfig.json")),
    *(TYPESCRIPT / "src" / name for name in ("index.ts", "streams.ts", "examples/main_job.ts")),
)


def main(arguments: Sequence[str]) -> int:
    """Generate or check. Return the exit code."""
    return check() if "--check" in arguments else generate()


def check() -> int:
    """Return 1 if the clients are not what the document, the generators and their settings made."""
    problem = find_problem(STAMP.read_text(encoding="utf-8"), fingerprint())
    if problem:
        sys.stderr.write(f"{problem} Run `make clients`.\n")
    return 1 if problem else 0


def find_problem(stamp: str, current: dict[str, str]) -> str | None:
    """Return what differs from the `stamp`, as a sentence; None if nothing does."""
    made = json.loads(stamp)
    if made["sources"] != current["sources"]:
        return "deploy/clients is stale: its document, generators or settings have changed."
    return None if made["clients"] == current["clients"] else "deploy/clients has generated code that was edited."


def fingerprint() -> dict[str, str]:
    """Return the hashes of what the clients are made from, and of the clients."""
    made = (path for folder in (PACKAGE, GENERATED, BUILT) for path in folder.rglob("*") if path.suffix != ".pyc" and path.is_file())
    return {"sources": hash_files(SOURCES), "clients": hash_files(made)}


def hash_files(paths: Iterable[Path]) -> str:
    """Return one hash of the names and contents of files, in any order."""
    hashed = hashlib.sha256()
    for path in sorted(paths):
        hashed.update(f"{path.relative_to(FOLDER.parent)}\0".encode())
        hashed.update(hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()


def generate() -> int:
    """Generate both clients and the stamp. Return 2 if a generator cannot be installed or fails."""
    try:
        for folder in (PACKAGE, GENERATED, BUILT):
            shutil.rmtree(folder, ignore_errors=True)
        make_python(DOCUMENT, FOLDER / "requirements.txt", PYTHON / "generator.yml", PACKAGE)
        make_typescript(DOCUMENT, TYPESCRIPT)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"The clients could not be generated: {error}\n{getattr(error, 'stderr', None) or ''}\n")
        return 2
    STAMP.write_text(json.dumps(fingerprint(), indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
