"""Results as Markdown tables, which read well in a terminal too, and progress on standard error."""

import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path


def heading(subject: str, command: str) -> str:
    """Return the heading of a page of results: the date, the machine, the command."""
    cpu_info = Path("/proc/cpuinfo").read_text()
    name = next((line.partition(": ")[2] for line in cpu_info.splitlines() if line.startswith("model name")), platform.machine())
    return f"# {subject}, measured\n\n{time.strftime('%Y-%m-%d')}, {cpu_info.count('model name')} cores of {name}, by `{command}`."


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table under its title. The first column is text, the others are numbers."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        _line(
            [cell.ljust(width) if not column else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths, strict=True))]
        )
        for row in cells
    ]
    rule = _line(["-" * width if not column else "-" * (width - 1) + ":" for column, width in enumerate(widths)])
    return "\n".join([f"**{title}**", "", lines[0], rule, *lines[1:]])


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) and abs(value) < 1 else f"{value:.1f}" if isinstance(value, float) else str(value)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


class Progress:
    """Writes to standard error what is being measured, and after how many seconds."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def report(self, step: str) -> None:
        """Write the step that starts now."""
        sys.stderr.write(f"{time.monotonic() - self._started:6.0f} s  {step}\n")
        sys.stderr.flush()
