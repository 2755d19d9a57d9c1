"""How fast the front door is, by itself and over a real engine, side by side in one run.

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
CALLERS = (1, 8, 32, 128)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that are named, or all; return the exit code."""
    parser = argparse.ArgumentParser(description="Benchmarks of the generation service.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which, in this order: " + ", ".join(PARTS))
    parser.add_argument("--callers", type=int, nargs="+", default=CALLERS, help="how many ask at the same time")
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls, to see that it works")
    parser.add_argument("--write", type=Path, help="keep the tables in this file")
    asked = parser.parse_args(arguments)
    tables = [_run(part, asked.callers, asked.quick) for part in PARTS if part in (asked.parts or PARTS)]
    if asked.write:
        title = heading("Generation", " ".join(["python -m benchmarks.generation", *sys.argv[1:]]))
        asked.write.write_text("\n\n".join([title, *tables]) + "\n")
    return 0


def _run(part: str, callers: Sequence[int], quick: bool) -> str:
    text: str = importlib.import_module(f"benchmarks.generation.{PARTS[part]}").main(callers, quick)
    sys.stdout.write(text + "\n\n")
    sys.stdout.flush()
    return text


if __name__ == "__main__":
    sys.exit(main())
