"""Markdown's syntax: escaped text, tables, and how an arm is named.

Texts of users and models are escaped, so that they show as they are.
"""

import re
from collections.abc import Iterable, Sequence

from services.evaluation.report.content import Report
from services.evaluation.verdict.labels import title_arm

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")
LIST_ITEM = re.compile(r"^(\d*)([-+.)])(?=[\s-]|$)")


def escape(text: str) -> str:
    """Return `text` on one line, with every character that Markdown or HTML could read as markup escaped."""
    flat = " ".join(text.replace("\0", "\N{REPLACEMENT CHARACTER}").split())
    return LIST_ITEM.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", flat.replace("&", "&amp;")))


def write_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; the first column is aligned left, the others right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def name_arm(report: Report, arm: str) -> str:
    """Return an arm's number and title."""
    return f"{report.numbers.get(arm, 0)} {escape(title_arm(arm))}"
