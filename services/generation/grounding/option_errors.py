"""Names retrieval options in errors as the caller wrote them: `retrieval.filters` in a chat, `tools[0].filters` in a response.

The steps of grounding name an option by its path within the options, since they do not know where the options came from.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from shared.contracts.chat import RetrievalOptions
from shared.errors import TandemError

FIRST_FIELD = re.compile(r"[^.\[]*")


@contextmanager
def option_errors(path: str) -> Iterator[None]:
    """Put `path`, the place of the options in the request, before the `param` of every error that names an option."""
    try:
        yield
    except TandemError as error:
        if not _names_option(error.param):
            raise
        raise type(error)(error.message, param=f"{path}.{error.param}", code=error.code) from error


def _names_option(param: str | None) -> bool:
    field = FIRST_FIELD.match(param or "")
    return field is not None and field.group() in RetrievalOptions.model_fields
