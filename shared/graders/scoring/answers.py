"""Answers against accepted answers: equality, SQuAD's exact match and F1, contained words, numbers, abstention.

Several accepted answers may be given; the best one counts. None at all means that the answer must abstain.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from typing import Any

from shared.contracts.graders import NumericGrader, StringCheckGrader
from shared.graders.abstention import abstains
from shared.graders.numbers import TO, parse_value
from shared.graders.outcome import GradingFailed
from shared.graders.template import Scope, resolve, to_text
from shared.graders.text import words

MAX_UNIT_WORDS = 4
MAX_CHARS = 2_000_000
COMPARE: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda text, reference: text == reference,
    "like": lambda text, reference: reference in text,
    "ilike": lambda text, reference: reference.casefold() in text.casefold(),
}


@dataclass(frozen=True)
class Accepted:
    """The accepted answers; none if the answer must abstain. `as_json` is the list as it would be rendered inside a text."""

    answers: tuple[str, ...]
    as_json: str | None = None


def read_accepted(reference: str | Sequence[str], scope: Scope) -> Accepted:
    """Return the accepted answers that a reference names. Null and empty lists are none; several references are joined.

    Raises:
        GradingFailed: if the reference names a field that is not there, or an accepted answer is blank.
    """
    if not isinstance(reference, str):
        each = [read_accepted(one, scope).answers for one in reference]
        return Accepted(tuple(answer for answers in each for answer in answers))
    value = resolve(reference, scope)
    listed: list[Any] = value if isinstance(value, list) else [] if value is None else [value]
    return Accepted(tuple(map(to_text, listed)), to_text(value) if isinstance(value, list) or value is None else None)


def score_best(text: str, accepted: Accepted, phrases: Sequence[str], score: Callable[[str, str], float]) -> float:
    """Return the best score over the accepted answers; if there are none, 1 if the answer abstains and 0 otherwise.

    Raises:
        GradingFailed: if a text is longer than 2,000,000 characters.
    """
    check_length(text, *accepted.answers)
    if not accepted.answers:
        return float(abstains(text, phrases))
    return max(score(text, answer) for answer in accepted.answers)


def check_length(*texts: str) -> None:
    """Raise GradingFailed if a text is longer than 2,000,000 characters."""
    if max(map(len, texts), default=0) > MAX_CHARS:
        raise GradingFailed("other_error", f"A text has more than {MAX_CHARS:,} characters, the limit of this grader.")


def score_string_check(grader: StringCheckGrader, text: str, accepted: Accepted) -> float:
    """Return 1 or 0, as OpenAI's operation says. A list counts as its elements and as its JSON; `ne` differs from all of them."""
    references = [*accepted.answers, *([] if accepted.as_json is None else [accepted.as_json])]
    if grader.operation == "ne":
        return float(all(text != reference for reference in references))
    is_equal = any(COMPARE[grader.operation](text, reference) for reference in references)
    return float(is_equal or (not accepted.answers and abstains(text)))


def score_abstention(text: str, accepted: Accepted, phrases: Sequence[str]) -> float:
    """Return 1 if the answer abstains exactly if it has to, else 0."""
    return float(abstains(text, phrases) == (not accepted.answers))


def keep_numbers(grader: NumericGrader, accepted: Accepted) -> Accepted:
    """Return the accepted answers that have a number, which others may say in words.

    Raises:
        GradingFailed: if there are accepted answers, and none has a number, or one is longer than 2,000,000 characters.
    """
    check_length(*accepted.answers)
    kept = tuple(answer for answer in accepted.answers if _read_reference(words(answer), grader.select)[0] is not None)
    if accepted.answers and not kept:
        raise _no_number(accepted.answers[0])
    return replace(accepted, answers=kept)


def _no_number(reference: str) -> GradingFailed:
    return GradingFailed("other_error", f"The reference '{reference[:80]}' has no number to compare with.")


def score_numeric(grader: NumericGrader, text: str, reference: str) -> float:
    """Return 1 if the number in `text` is the reference's within the tolerance and with its unit, else 0.

    Raises:
        GradingFailed: if the reference has no number.
    """
    wanted, unit = _read_reference(words(reference), grader.select)
    if wanted is None:
        raise _no_number(reference)
    found = [value for value, after in _find_values(words(text), bool(unit)) if after[: len(unit)] == unit]
    if not found:
        return 0.0
    return float(_is_close(found[-1 if grader.select == "last" else 0], wanted, grader))


def _read_reference(listed: list[str], select: str) -> tuple[Decimal | None, list[str]]:
    """Return the number of the reference, and its unit if the reference is a number with its unit and nothing else."""
    values = _find_values(listed, True)
    if not values:
        return None, []
    first, after = values[0]
    rest = after[2:] if after[:1] == [TO] else after
    if parse_value(listed[0]) is not None and len(after) <= MAX_UNIT_WORDS and all(parse_value(word) is None for word in rest):
        return first, after
    return values[-1 if select == "last" else 0][0], []


def _find_values(listed: list[str], with_ranges: bool) -> list[tuple[Decimal, list[str]]]:
    """Return the numbers of a text with the words after them. A mixed number, such as 2 1/2, is one; ends of ranges can be left out."""
    found = list[tuple[Decimal, list[str]]]()
    skip = False
    for place, word in enumerate(listed):
        value = None if skip else parse_value(word)
        skip = False
        if value is None or (_is_in_range(listed, place) and not with_ranges):
            continue
        fraction = listed[place + 1] if place + 1 < len(listed) and "/" not in word else ""
        skip = "/" in fraction and (part := parse_value(fraction)) is not None and 0 < part < 1 and value == value.to_integral_value()
        whole = value + (-part if word.startswith("-") else part) if skip and part is not None else value
        found.append((whole, listed[place + 1 + skip : place + 1 + skip + MAX_UNIT_WORDS + 1]))
    return found


def _is_in_range(listed: list[str], place: int) -> bool:
    before, after = listed[max(place - 2, 0) : place], listed[place + 1 : place + 3]
    return (len(before) == 2 and before[1] == TO and parse_value(before[0]) is not None) or (
        len(after) == 2 and after[0] == TO and parse_value(after[1]) is not None
    )


def _is_close(value: Decimal, wanted: Decimal, grader: NumericGrader) -> bool:
    with localcontext(Context(prec=60, traps=[])):
        tolerance = max(Decimal(str(grader.absolute_tolerance)), Decimal(str(grader.relative_tolerance)) * abs(wanted))
        return abs(value - wanted) <= tolerance
