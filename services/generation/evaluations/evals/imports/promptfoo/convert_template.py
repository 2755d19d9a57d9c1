"""Converts the templates of Promptfoo (Nunjucks): a variable becomes a field of the item. Filters, blocks and calls are refused."""

import re
from collections.abc import Collection

from shared.errors import InvalidRequest

TAG = re.compile(r"\{\{([^{}\n]{0,512})\}\}")
PATH = re.compile(r'([A-Za-z_]\w{0,63})((?:\.\w{1,256}|\[\d{1,9}\]|\["[^"]{1,256}"\]){0,30})', flags=re.ASCII)
MARKS = ("{{", "{%", "{#")
OUTPUT = "output"
MAX_CHARACTERS = 90_000  # of the converted text: a grader adds to it, and may have 100,000
SHOWN_NAMES = 20


def convert_template(text: str, names: Collection[str], param: str) -> str:
    """Return a text with placeholders as they are here: `{{name}}` becomes `{{item.name}}`, for each of the variables `names`.

    Raises:
        InvalidRequest: if it has another variable, an expression, or the name of a file; `param` is where it is.
    """
    if text.startswith("file://"):
        raise InvalidRequest(f"'{param}' must have the text itself, because files are not read here.", param=param)
    if any(mark in TAG.sub(" ", text) for mark in MARKS):
        _refuse("blocks, comments or nested braces", param)
    converted = TAG.sub(lambda found: f"{{{{{_convert_path(found[1].strip(), names, param)}}}}}", text)
    if len(converted) > MAX_CHARACTERS:
        raise InvalidRequest(f"'{param}' must have at most {MAX_CHARACTERS:,} characters; got {len(converted):,}.", param=param)
    return converted


def _convert_path(written: str, names: Collection[str], param: str) -> str:
    found = PATH.fullmatch(written)
    if found is None:
        _refuse(f"'{{{{{written[:80]}}}}}'", param)
    elif found[1] in names:
        return f"item.{written}"
    elif written == OUTPUT:
        return "sample.output_text"
    known = ", ".join(list(names)[:SHOWN_NAMES]) or "none"
    raise InvalidRequest(f"'{param}' uses '{{{{{written[:80]}}}}}', but no test has this variable; the variables are {known}.", param=param)


def _refuse(used: str, param: str) -> None:
    raise InvalidRequest(f"'{param}' must not use {used}: templates can only use variables here, such as '{{{{question}}}}'.", param=param)
