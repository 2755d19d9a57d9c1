"""Commands on the bundle of a comparison: `replay` computes its verdict again, `report` writes its report again.

python -m services.evaluation replay BUNDLE
python -m services.evaluation report BUNDLE --out DIR
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from services.evaluation.report.bundle.read_bundle import read_bundle
from services.evaluation.report.bundle.replay import describe, replay
from services.evaluation.report.write_html import write_html
from services.evaluation.report.write_json import write_json
from services.evaluation.report.write_markdown import write_markdown
from services.evaluation.verdict.assess import assess
from shared.errors import InvalidRequest


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 if a replay finds something else than the bundle has, or 2 if the bundle cannot be read."""
    options = _make_parser().parse_args(arguments)
    try:
        content = options.bundle.read_bytes()
        return _write_reports(content, options.out) if options.command == "report" else _replay(content)
    except InvalidRequest as error:
        sys.stderr.write(f"{options.bundle}: {error.message}\n")
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
    return 2


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.evaluation", description="Commands on the bundle of a comparison.")
    commands = parser.add_subparsers(dest="command", required=True)
    replaying = commands.add_parser("replay", help="compute the verdict again, without an engine")
    reporting = commands.add_parser("report", help="write the report again, as HTML, Markdown and JSON")
    for command in (replaying, reporting):
        command.add_argument("bundle", type=Path, metavar="BUNDLE", help="the zip file of a comparison")
    reporting.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for the report")
    return parser


def _replay(content: bytes) -> int:
    result = replay(content, assess)
    sys.stdout.write(describe(result))
    return 1 if result.differences else 0


def _write_reports(content: bytes, folder: Path) -> int:
    evidence, findings = read_bundle(content)
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in (("report.html", write_html), ("report.md", write_markdown), ("report.json", write_json)):
        (folder / name).write_bytes(write(evidence, findings))
        sys.stdout.write(f"{folder / name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
