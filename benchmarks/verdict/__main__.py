"""Runs the benchmarks of the verdict, and prints their tables. It fails if a result is outside its limits.

python -m benchmarks.verdict calibration [--runs 5000] [--write FILE]
python -m benchmarks.verdict xquad [--data ../shared/data] [--questions 200] [--write FILE]
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.tables import heading

Part = Callable[[argparse.Namespace], tuple[str, list[str]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named parts, or all; return the exit code."""
    parser = argparse.ArgumentParser(description="Benchmarks of the verdict.")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="the parts to run, in this order: " + ", ".join(PARTS))
    parser.add_argument("--runs", type=int, default=5_000, help="calibration: simulated comparisons a cell")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="xquad: the folder that has xquad-en")
    parser.add_argument("--questions", type=int, default=200, help="xquad: how many questions are asked")
    parser.add_argument("--examples", type=int, default=240, help="xquad: how many examples the adapter is trained on")
    parser.add_argument("--seed", type=int, default=0, help="xquad: the seed of the split")
    parser.add_argument("--write", type=Path, help="write the tables to this file")
    options = parser.parse_args(arguments)
    results = [run(options) for name, run in PARTS.items() if name in (options.parts or PARTS)]
    if options.write:
        command = " ".join(["python -m benchmarks.verdict", *sys.argv[1:]])
        options.write.write_text("\n\n".join([heading("The verdict", command), *(text for text, _ in results)]) + "\n")
    return 1 if any(broken for _, broken in results) else 0


def run_calibration(options: argparse.Namespace) -> tuple[str, list[str]]:
    """Run the calibration. Return its tables, and a sentence for each broken limit."""
    from benchmarks.verdict import calibration

    report = calibration.main(options.runs)
    sys.stdout.write(f"{report.text}\n\n")
    sys.stdout.write("\n".join(report.broken or ["No limit is broken."]) + "\n")
    return report.text, report.broken


def run_xquad(options: argparse.Namespace) -> tuple[str, list[str]]:
    """Run the comparison on xquad-en. Return its tables."""
    from benchmarks.verdict import xquad

    text = xquad.main(options.data, options.questions, options.examples, options.seed)
    sys.stdout.write(f"{text}\n\n")
    return text, []


PARTS: dict[str, Part] = {"calibration": run_calibration, "xquad": run_xquad}

if __name__ == "__main__":
    sys.exit(main())
