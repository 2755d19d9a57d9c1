"""Prints every error message of the API: the validation errors of each body and parameter, and the errors that the code raises.

With `--all`, validation's messages are printed for every field; otherwise each form once.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from deploy.errors.raised import RaisedError, checks, raised_errors
from deploy.errors.validation import Input, hand_parsed_inputs, inputs
from deploy.errors.wording import faults
from services.generation.app import create_app as create_generation
from services.generation.settings import GenerationSettings
from services.retrieval.app import create_app as create_retrieval
from services.retrieval.settings import RetrievalSettings

PROJECT = Path(__file__).parents[2]
FIELD = re.compile(r"'[A-Za-z_][\w.\[\]-]*'(?= (must|is|holds))")


def every_input() -> list[Input]:
    """Return everything that clients send: bodies, parameters, and what the services parse themselves."""
    apps = (create_generation(GenerationSettings()), create_retrieval(RetrievalSettings()))
    return [*(each for app in apps for each in inputs(app)), *hand_parsed_inputs()]


def main(arguments: list[str]) -> int:
    """Print the list; return 1 if a message has a fault."""
    lines = [*_validation_lines(every_input(), "--all" in arguments), *_raised_lines()]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if any("  !! " in line for line in lines) else 0


def _validation_lines(every: Iterable[Input], is_full: bool) -> Iterator[str]:
    yield "Validation: status, code, param and message"
    shown = set[str]()
    for each in every:
        for error in each.errors():
            message = error.message if is_full else FIELD.sub("'{field}'", error.message)
            rule = message if is_full else message.partition("; got ")[0]
            if rule not in shown:
                shown.add(rule)
                yield _line(error.status, error.code or "", error.param or "" if is_full else "{field}", message)


def _raised_lines() -> Iterator[str]:
    for title, errors in (("Raised", raised_errors(PROJECT)), ("Checks of the schemas", checks(PROJECT))):
        for service, group in groupby(errors, key=_service):
            yield f"\n{title} in {service}: status, code, param, message and place"
            yield from (f"{_line(error.status, error.code, error.param, error.message)}  [{error.place}]" for error in group)


def _service(error: RaisedError) -> str:
    root, room, *_ = error.place.split("/")
    return root if ".py" in room or root == "shared" else f"{root}/{room}"


def _line(status: int, code: str, param: str, message: str) -> str:
    problems = faults(message)
    return f"{status} {code:<26} {param:<32} {message}{'  !! ' + '; '.join(problems) if problems else ''}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
