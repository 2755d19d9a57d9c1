"""Runs the benchmarks of training, and prints their tables.

python -m benchmarks.training [PART …] [--data ../shared/data] [--rounds 5] [--quick] [--write FILE]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tables import heading
from benchmarks.training import intents, memory, speed

PARTS = ("speed", "memory", "intents")
ROUNDS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named parts, or all; return the exit code."""
    parser = argparse.ArgumentParser(description="Benchmarks of training.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="the parts to run, in this order: " + ", ".join(PARTS))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder with the datasets")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each training is repeated")
    parser.add_argument("--quick", action="store_true", help="run a small part of everything, to see that it works")
    parser.add_argument("--write", type=Path, help="write the tables to this file")
    options = parser.parse_args(arguments)
    if not options.data.is_dir():
        parser.error(f"There is no folder {options.data}. Name the folder with --data.")
    tables = [_run(part, options) for part in PARTS if part in (options.parts or PARTS)]
    if options.write:
        command = " ".join(["python -m benchmarks.training", *sys.argv[1:]])
        options.write.write_text("\n\n".join([heading("Training", command), *tables]) + "\n")
    return 0


def _run(part: str, options: argparse.Namespace) -> str:
    if part == "speed":
        text = speed.main(options.data, options.rounds, options.quick)
    else:
        text = memory.main(quick=options.quick) if part == "memory" else intents.main(options.data, options.quick)
    sys.stdout.write(text + "\n\n")
    sys.stdout.flush()
    return text


if __name__ == "__main__":
    sys.exit(main())
