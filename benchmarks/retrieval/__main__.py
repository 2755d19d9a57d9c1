"""Runs the benchmarks of retrieval and prints their tables.

python -m benchmarks.retrieval [quality] [chunking] [embedding] [speed] [ingestion] [--data ../shared/data] [--quick] [--write FILE]
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tables import heading

PARTS = ("quality", "chunking", "embedding", "speed", "ingestion")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that are named, or all; return the exit code."""
    parser = argparse.ArgumentParser(description="Benchmarks of the retrieval service.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which, in this order: " + ", ".join(PARTS))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--quick", action="store_true", help="a small part of everything, to see that it works")
    parser.add_argument("--write", type=Path, help="keep the tables in this file")
    asked = parser.parse_args(arguments)
    if not asked.data.is_dir():
        parser.error(f"there is no folder {asked.data}; name it with --data")
    tables = [_run(part, asked.data, asked.quick) for part in PARTS if part in (asked.parts or PARTS)]
    if asked.write:
        asked.write.write_text(
            "\n\n".join([heading("Retrieval", " ".join(["python -m benchmarks.retrieval", *sys.argv[1:]])), *tables]) + "\n"
        )
    return 0


def _run(part: str, data: Path, quick: bool) -> str:
    run = importlib.import_module(f"benchmarks.retrieval.{part}").main
    text: str = run(data) if part == "chunking" else run(data, quick)
    sys.stdout.write(text + "\n\n")
    sys.stdout.flush()
    return text


if __name__ == "__main__":
    sys.exit(main())
