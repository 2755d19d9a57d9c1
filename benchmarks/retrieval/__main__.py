"""Runs the benchmarks of retrieval, and prints their tables.

python -m benchmarks.retrieval [PART …] [--data ../shared/data] [--quick] [--write FILE]
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tables import heading

PARTS = ("quality", "chunking", "embedding", "speed", "ingestion", "contention", "rarity")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named parts, or all; return the exit code."""
    parser = argparse.ArgumentParser(description="Benchmarks of the retrieval service.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="the parts to run, in this order: " + ", ".join(PARTS))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder with the datasets")
    parser.add_argument("--quick", action="store_true", help="run a small part of everything, to see that it works")
    parser.add_argument("--write", type=Path, help="write the tables to this file")
    options = parser.parse_args(arguments)
    if not options.data.is_dir():
        parser.error(f"There is no folder {options.data}. Name the folder with --data.")
    tables = [_run(part, options.data, options.quick) for part in PARTS if part in (options.parts or PARTS)]
    if options.write:
        options.write.write_text(
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
