"""The speed of the front door, alone and over a real engine, in one run.

python -m benchmarks.generation [stub] [engine] [documents] [--callers 1 8 32 128] [--quick] [--write FILE]

The parts are: over an engine faster than any real one, over vLLM with the small model, and with documents.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tables import heading

PARTS = {"stub": "over_stub", "engine": "over_engine", "documents": "documents"}
CLIENT_COUNTS = (1, 8, 32, 128)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named parts, or all; return the exit code."""
    parser = argparse.ArgumentParser(description="Benchmarks of the generation service.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="the parts to run, in this order: " + ", ".join(PARTS))
    parser.add_argument("--callers", type=int, nargs="+", default=CLIENT_COUNTS, help="how many clients send requests at the same time")
    parser.add_argument("--quick", action="store_true", help="send a tenth of the requests, to see that it works")
    parser.add_argument("--write", type=Path, help="write the tables to this file")
    options = parser.parse_args(arguments)
    tables = [_run(part, options.callers, options.quick) for part in PARTS if part in (options.parts or PARTS)]
    if options.write:
        title = heading("Generation", " ".join(["python -m benchmarks.generation", *sys.argv[1:]]))
        options.write.write_text("\n\n".join([title, *tables]) + "\n")
    return 0


def _run(part: str, client_counts: Sequence[int], quick: bool) -> str:
    text: str = importlib.import_module(f"benchmarks.generation.{PARTS[part]}").main(client_counts, quick)
    sys.stdout.write(text + "\n\n")
    sys.stdout.flush()
    return text


if __name__ == "__main__":
    sys.exit(main())
