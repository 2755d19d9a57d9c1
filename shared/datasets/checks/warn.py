"""What was found in a file, in words, for the person who made it: what it means for the training, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from shared.datasets.checks.file_check import MAX_LINES, FileCheck, Found
from shared.datasets.checks.near_duplicates import Pair

WarningCode = Literal[
    "converted",
    "changed",
    "unused_fields",
    "duplicates",
    "near_duplicates",
    "overlap",
    "secrets",
    "turns",
    "long_examples",
    "not_compared",
    "tokens_not_counted",
]
CHANGES = {
    "developer": "{count} with the role 'developer', which is trained as 'system', as the engine gets it.",
    "name": "{count} with 'name', which is left out, because chat templates do not show it.",
    "parts": "{count} with several text parts in a message, which are joined by line feeds, as the engine joins them.",
}
UNUSED = "unused:"
LONG_CHARACTERS = 8000  # about 2,000 tokens of English, the default limit of the training workers


@dataclass(frozen=True)
class DatasetWarning:
    """Something that does not prevent training. `lines` are the first lines of it."""

    code: WarningCode
    message: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Note:
    """A sentence about a file, as an event of a job has it."""

    level: Literal["info", "warn"]
    message: str


def list_notes(check: FileCheck, name: str) -> Iterator[Note]:
    """Yield what was found in a file as notes; `name` is what the file is, such as "training file"."""
    if check.conversion:
        yield Note("info", f"The {name} has {check.conversion}")
    for warning in list_warnings(check):
        if warning.code != "converted":
            yield Note("warn", f"In the {name}: {warning.message[:1].lower()}{warning.message[1:]}{_show_lines(warning.lines)}")


def list_warnings(check: FileCheck) -> Iterator[DatasetWarning]:
    """Yield a warning for everything that was found in a file."""
    yield from _warn_about_format(check)
    yield from _warn_about_copies(check)
    yield from _warn_about_secrets(check)
    if check.turns.count:
        problem = "in which user and assistant do not take turns after one system message. Many chat templates refuse that."
        yield _warn("turns", f"{{count}} {problem}", check.turns)
    if check.lengths.longest > LONG_CHARACTERS:
        yield _warn_about_length(check)
    yield from _warn_about_limits(check)


def _warn_about_format(check: FileCheck) -> Iterator[DatasetWarning]:
    if check.conversion:
        yield DatasetWarning("converted", f"The file has {check.conversion}")
    for name, text in CHANGES.items():
        if name in check.changes:
            yield _warn("changed", text, check.changes[name])
    unused = [name.removeprefix(UNUSED) for name in check.changes if name.startswith(UNUSED)]
    if unused:
        listed = ", ".join(f"'{name[:60]}'" for name in unused[:10])
        more = f" and {len(unused) - 10} more" if len(unused) > 10 else ""
        yield DatasetWarning("unused_fields", f"These fields are not trained: {listed}{more}.")


def _warn_about_copies(check: FileCheck) -> Iterator[DatasetWarning]:
    if check.duplicates.count:
        pair, found = check.first_pairs["duplicates"], check.duplicates
        copies = "example is a copy of an earlier line" if found.count == 1 else "examples are copies of earlier lines"
        same = f"{found.count} {copies}; for example, line {pair.line} is the same as line {pair.other}."
        remedy = f"Delete {'it, unless it' if found.count == 1 else 'the copies, unless they'} should count more."
        yield DatasetWarning("duplicates", f"{same} {remedy}", tuple(found.lines))
    if check.near_duplicates.count:
        pair = check.first_pairs["near_duplicates"]
        text = f"{{count}} with nearly the same words as an earlier one, such as lines {pair.other} and {pair.line} (similarity "
        yield _warn("near_duplicates", f"{text}{pair.similarity:.2f}). Keep the better one of each.", check.near_duplicates)
    if check.overlaps.count:
        yield _warn_about_overlap(check.first_pairs["overlaps"], check.overlaps)


def _warn_about_overlap(pair: Pair, found: Found) -> DatasetWarning:
    many = "example is" if found.count == 1 else "examples are"
    same = "the same as" if pair.similarity == 1 else "nearly the same as"
    example = f"for example, line {pair.line}, which is {same} its line {pair.other}"
    text = f"{found.count} {many} also in the training file, or nearly so; {example}. The validation loss would measure memorization."
    return DatasetWarning("overlap", f"{text} Remove {'it' if found.count == 1 else 'them'} from one of the files.", tuple(found.lines))


def _warn_about_secrets(check: FileCheck) -> Iterator[DatasetWarning]:
    for kind, found in check.secrets.items():
        text = f"{found.count} {'line' if found.count == 1 else 'lines'} with what looks like {kind}. A model may repeat it: "
        yield DatasetWarning("secrets", f"{text}delete it from the file, and revoke it if it is real.", tuple(found.lines))


def _warn_about_length(check: FileCheck) -> DatasetWarning:
    lengths = check.lengths
    text = f"The longest example has {lengths.longest:,} characters (line {lengths.longest_line}). What is beyond the training "
    return DatasetWarning(
        "long_examples", f"{text}workers' limit (TRAINING_MAX_LENGTH tokens) is cut off; split long chats.", (lengths.longest_line,)
    )


def _warn_about_limits(check: FileCheck) -> Iterator[DatasetWarning]:
    if check.fingerprints.is_full:
        yield DatasetWarning(
            "not_compared", f"Only the first {check.fingerprints.limit:,} different examples were searched for duplicates."
        )
    if check.similar.compared < check.examples - check.duplicates.count:
        yield DatasetWarning("not_compared", f"Only the first {check.similar.compared:,} examples were searched for near-duplicates.")


def _show_lines(lines: tuple[int, ...]) -> str:
    if not lines:
        return ""
    listed = ", ".join(map(str, lines))
    return f" Line: {listed}." if len(lines) == 1 else f" {'Lines' if len(lines) < MAX_LINES else 'First lines'}: {listed}."


def _warn(code: WarningCode, text: str, found: Found) -> DatasetWarning:
    count = f"There {'is 1 example' if found.count == 1 else f'are {found.count:,} examples'}"
    return DatasetWarning(code, text.format(count=count), tuple(found.lines))
