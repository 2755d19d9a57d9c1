"""Reads a Procfile: a line `name: command` for each process. The command is a shell command."""

import re
from pathlib import Path

PROCFILE = Path(__file__).parent / "Procfile"
LINE = re.compile(r"^([A-Za-z0-9_-]+):\s*(.+)$", re.MULTILINE)


def read_procfile(path: Path) -> dict[str, str]:
    """Return the command of each process, in the order of the file."""
    return dict(LINE.findall(path.read_text(encoding="utf-8")))
