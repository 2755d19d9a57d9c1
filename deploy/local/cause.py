"""Finds the reason why a process ended in its log. The last line seldom has it: other threads and processes log errors after the first.

Reads the logs of Python programs: plain tracebacks, and those that vLLM prefixes with process, level and source line.
"""

import re
import signal
from collections.abc import Iterable, Sequence

MAX_CHARACTERS = 500
COLORS = re.compile(r"\x1b\[[0-9;]*m")
# `(EngineCore pid=41) ERROR 11-29 04:12:53 [core.py:1402] `: what vLLM writes before each line.
PREFIX = re.compile(r"^(?:\([\w ]+ pid=\d+\) ?)?(?:(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) [\d-]+ [\d:.]+ \[[^\]]+\] ?)?")
# `torch._inductor.exc.InvalidCxxCompiler: No working C++ compiler found`, `ValueError: no such model`: the last line of a traceback.
EXCEPTION = re.compile(r"^(?:(?:\w+\.)+[A-Z]\w*|[A-Z]\w*(?:Error|Exception)): \S")
COMPLAINT = re.compile(r"\b(?:ERROR|CRITICAL|FATAL|error|critical|fatal)\b")
ROUTINE = re.compile(r"\[(?:info|debug) *\]")  # a log line without a problem
# These lines point to a cause elsewhere in the log.
ECHOES = ("See root cause above", "EngineDeadError", "See stack trace", "KeyboardInterrupt", "SystemExit")


def find_cause(lines: Sequence[str]) -> str:
    """Return the line that says why a process ended: its first exception, or else its last error, or else its last line.

    A log that ends with a routine line has no cause, for example if the process was killed.
    """
    plain = [line for line in map(_strip, lines) if line]
    candidates = [
        *_first(line for line in plain if EXCEPTION.match(line) and not _echoes(line)),
        *_first(line for line in reversed(plain) if COMPLAINT.search(line)),
        *(line for line in plain[-1:] if not ROUTINE.search(line)),
    ]
    return candidates[0][:MAX_CHARACTERS] if candidates else ""


def describe_exit(code: int) -> str:
    """Return in words how a process ended; a negative code is a signal number."""
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


def _strip(line: str) -> str:
    return PREFIX.sub("", COLORS.sub("", line)).strip()


def _echoes(line: str) -> bool:
    return any(echo in line for echo in ECHOES)


def _first(lines: Iterable[str]) -> list[str]:
    return [line for line, _ in zip(lines, range(1), strict=False)]
