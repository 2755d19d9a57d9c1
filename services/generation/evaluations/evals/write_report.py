"""Writes the report of a run as one HTML page: its status, how many items passed, each criterion, and the first items.

Names, rows and answers are untrusted text: the template escapes all of it, and the page may load nothing.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from shared.contracts.evals.output_items import OutputItem
from shared.contracts.evals.runs import Run

MAX_ITEMS = 100
MAX_CHARACTERS = 2000  # of a row or an answer


def write_report(run: Run, eval_name: str, items: Sequence[OutputItem]) -> str:
    """Return the page of a run with its first output items."""
    return _load_template().render(run=run, eval_name=eval_name, items=items)


@cache
def _load_template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    filters: dict[str, Any] = {"share": _share, "shown": _shown, "answer": _answer}
    environment.filters.update(filters)
    return environment.from_string(Path(__file__).with_name("report.html").read_text(encoding="utf-8"))


def _share(value: float) -> str:
    return f"{100 * value:.1f}%"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    return text if len(text) <= MAX_CHARACTERS else f"{text[:MAX_CHARACTERS]}…"


def _answer(item: OutputItem) -> str:
    """Return what the model answered, or why it did not."""
    if item.sample is None:
        return ""
    if item.sample.error is not None:
        return f"Error: {item.sample.error.message}"
    return _shown("\n".join(message.content or "" for message in item.sample.output))
