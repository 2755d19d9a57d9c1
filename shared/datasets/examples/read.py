"""Reads a file of examples line by line, in any of its formats: each line is an example, or all of its problems.

Memory does not grow with the file. Blank lines are skipped.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from shared.datasets.csv_rows import end_lines, read_cells
from shared.datasets.examples.example import MIN_EXAMPLES, Example, Preference
from shared.datasets.examples.findings import Finding, clip, show
from shared.datasets.examples.formats import (
    CHAT,
    PREFERENCES,
    Format,
    FormatName,
    describe_format,
    explain_first_row,
    find_delimiter,
    find_format,
    name_columns,
    refuse_json_row,
)
from shared.datasets.examples.layout import EXCEL_SEPARATOR, SPANS_LINES, continues_object, describe_cells, ends_early, read_lines
from shared.datasets.json_lines import has_comma_after, load_json
from shared.datasets.json_list import split_list
from shared.datasets.problems import Problems, WrongLine
from shared.errors import InvalidDataset
from shared.validation.json_schema import CpuBudget
from shared.validation.locate import write_path
from shared.validation.storable import NOT_A_NUMBER, find_unstorable

PARAM = "training_file"
# Processor time for the schemas of all tools in a file: at first, and for each character. Usual ones take a fifth of the latter.
SCHEMA_SECONDS, SCHEMA_SECONDS_PER_CHARACTER = 10.0, 1e-6
MAX_FINDINGS = 20  # of one line; a line of 8 MiB may have a million mistakes
TOO_FEW_CODE = "invalid_n_examples"
ENCODING = Finding(None, "the line is not valid UTF-8; save the file as UTF-8.", "invalid_encoding")
NEEDS_PAIRS = "but the method 'dpo' needs lines with 'input', 'preferred_output' and 'non_preferred_output'."
NEEDS_DPO = "the file has preference pairs, which only the method 'dpo' takes; use that method, or write chats with 'messages'."
NULS = Finding(None, "the line has NUL characters, as text in UTF-16 does; save the file as UTF-8.", "invalid_encoding")
LINE_ENDS = "the line is not valid JSON: it has carriage returns; end each line with a line feed."
# Only a line with one of these can have a string or number that cannot be stored.
UNSTORABLE_MARKS = ("\\u", "NaN", "Infinity")


@dataclass(frozen=True)
class Entry:
    """A line that is not blank: its number and text, and its example or else its problems.

    `changes` says what is trained otherwise than it is written: `developer`, `name`, `parts`, or `unused:` with the name of a field.
    `conversion` says how the lines of the file become chats, after "The file has "; it is empty if they are chats already.
    """

    line: int
    text: str
    format: FormatName
    example: Example | Preference | None
    findings: tuple[Finding, ...] = ()
    changes: tuple[str, ...] = ()
    conversion: str = ""


def read_examples(lines: Iterable[bytes | str], *, param: str = PARAM, minimum: int = MIN_EXAMPLES) -> Iterator[Example]:
    """Yield the training examples of a file; `param` is the field that names the file.

    Raises:
        InvalidDataset: as `number_examples` does.
    """
    for _, example in number_examples(lines, param=param, minimum=minimum):
        yield example


def number_examples(lines: Iterable[bytes | str], *, param: str = PARAM, minimum: int = MIN_EXAMPLES) -> Iterator[tuple[int, Example]]:
    """Yield the training examples of a file as its lines arrive, each with the number of its line, which counts blank lines too.

    Raises:
        InvalidDataset: after the last line, with the first ten wrong lines, or if there are fewer than `minimum` examples. At once, if
            the rest of the file cannot be read, or if it has preference pairs.
    """
    for entry in require_chats(lines, param=param, minimum=minimum):
        if isinstance(entry.example, Example):
            yield entry.line, entry.example


def number_preferences(
    lines: Iterable[bytes | str], *, param: str = PARAM, minimum: int = MIN_EXAMPLES
) -> Iterator[tuple[int, Preference]]:
    """Yield the preference pairs of a file as its lines arrive, each with the number of its line, which counts blank lines too.

    Raises:
        InvalidDataset: as `number_examples` does; at once, if the file has chats.
    """
    for entry in require_pairs(lines, param=param, minimum=minimum):
        if isinstance(entry.example, Preference):
            yield entry.line, entry.example


def require_chats(lines: Iterable[bytes | str], *, param: str = PARAM, minimum: int = MIN_EXAMPLES) -> Iterator[Entry]:
    """Yield the entries of a file that are chats.

    Raises:
        InvalidDataset: as `number_examples` does.
    """
    return _require_valid(_require_method(read_entries(lines, param), "supervised", param), param, minimum)


def require_pairs(lines: Iterable[bytes | str], *, param: str = PARAM, minimum: int = MIN_EXAMPLES) -> Iterator[Entry]:
    """Yield the entries of a file that are preference pairs.

    Raises:
        InvalidDataset: as `number_preferences` does.
    """
    return _require_valid(_require_method(read_entries(lines, param), "dpo", param), param, minimum)


def check_method(entry: Entry, method: str, param: str) -> None:
    """Raise InvalidDataset if the file of the entry has another format than the method, `supervised` or `dpo`, needs."""
    if method == "dpo" and isinstance(entry.example, Example):
        raise InvalidDataset(entry.line, f"the file has {describe_format(entry.format)}, {NEEDS_PAIRS}", param=param)
    if method != "dpo" and entry.format == PREFERENCES.name:
        raise InvalidDataset(entry.line, NEEDS_DPO, param=param)


def _require_method(entries: Iterable[Entry], method: str, param: str) -> Iterator[Entry]:
    for entry in entries:
        check_method(entry, method, param)
        yield entry


def _require_valid(entries: Iterable[Entry], param: str, minimum: int) -> Iterator[Entry]:
    problems, count = Problems(param), 0
    try:
        for entry in entries:
            if entry.example is not None:
                count += 1
                yield entry
            else:
                problems.add(entry.line, " ".join(finding.message for finding in entry.findings))
    except InvalidDataset as error:  # the rest cannot be read; the lines before it may be wrong too
        if not error.line:
            raise
        problems.add(error.line, error.problem)
    problems.raise_if_any()
    if count < minimum:
        raise InvalidDataset(0, describe_too_few(count, minimum), param=param, code=TOO_FEW_CODE)


def describe_too_few(count: int, minimum: int) -> str:
    """Return what is wrong with a file that has too few examples."""
    return f"The file must have at least {_count_examples(minimum)}; it has {_count_examples(count)}."


def read_entries(lines: Iterable[bytes | str], param: str = PARAM) -> Iterator[Entry]:
    """Yield every line that is not blank. Each of `lines` is a line, or several; `param` is the field that names the file.

    Raises:
        InvalidDataset: if the rest of the file cannot be read: a line is too long, a JSON list does not end, or quotes of CSV do not match.
    """
    numbered = read_lines(lines, param)
    filled = ((number, text) for number, text in numbered if text is None or text.strip())
    number, first = next(filled, (0, ""))
    if first and EXCEL_SEPARATOR.fullmatch(first.strip()):
        number, first = next(filled, (0, ""))
    if first and first.lstrip().startswith("["):
        return _read_list(number, chain([(number, first)], numbered), param)  # a blank part of a line may belong to a string
    delimiter = find_delimiter(first) if first else None
    if first and delimiter:
        return _read_csv(number, first, numbered, delimiter, param)
    if first and (problem := explain_first_row(first)):
        raise InvalidDataset(number, problem, param=param)
    begin = [(number, first)] if number else []
    if first and ends_early(first):
        begin += islice(filled, 1)
        if len(begin) > 1 and continues_object(begin[1][1]):
            raise InvalidDataset(number, SPANS_LINES, param=param)
    return _read_jsonl(chain(begin, filled))


def _read_list(start: int, lines: Iterable[tuple[int, str | None]], param: str) -> Iterator[Entry]:
    """Yield the elements of a JSON list, as data sets for Alpaca and ShareGPT often are, each with the line that it begins in.

    `start` is the line of the list's bracket. Problems also name the element if the line does not say which one it is.
    """
    previous = start
    for position, entry in enumerate(_read_jsonl(split_list(lines, param)), start=1):
        conversion = (
            f"a JSON list that has {entry.conversion}" if entry.conversion else "a JSON list of chats, which are trained like lines."
        )
        named = replace(entry, findings=tuple(_name_element(position, each) for each in entry.findings))
        yield replace(named if entry.line == previous else entry, conversion=conversion)
        previous = entry.line


def _name_element(position: int, finding: Finding) -> Finding:
    return replace(finding, message=f"element {position}: {finding.message}")


def _read_jsonl(lines: Iterable[tuple[int, str | None]]) -> Iterator[Entry]:
    known, since, budget, has_commas = None, 0, CpuBudget(SCHEMA_SECONDS), False
    for number, text in lines:
        value = _load(text)
        if text and isinstance(value, Finding) and has_comma_after(value.message):
            # Told in the first such line. In the others, more important problems are looked for.
            value, has_commas = (_load(text.rstrip().removesuffix(",")) if has_commas else value), True
        if isinstance(value, Finding):
            yield Entry(number, text or "", (known or CHAT).name, None, (value,))
            continue
        if known is None:
            known, since = find_format(value), number
        budget.add(len(text or "") * SCHEMA_SECONDS_PER_CHARACTER)
        with budget.applied():
            entry = _read(number, text or "", value, known or CHAT, since)
        yield entry


def _load(text: str | None) -> dict[str, Any] | Finding:
    if text is None:
        return ENCODING
    if "\0" in text:
        return NULS
    try:
        value = load_json(text, object_pairs_hook=_refuse_repeated)
    except WrongLine as error:
        return Finding(None, LINE_ENDS if "\r" in text else str(error), "invalid_json")
    if not isinstance(value, dict):
        return Finding(None, f"the line must be an object; got {show(value)}.", "invalid_json")
    return _find_unstorable(text, value) or value


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        repeated, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise WrongLine(f"the key '{clip(repeated)}' is written twice in the same object; delete one.")
    return fields


def _find_unstorable(text: str, value: dict[str, Any], *, is_checked: bool = False) -> Finding | None:
    if not any(mark in text for mark in UNSTORABLE_MARKS):
        return None
    problem = find_unstorable(value)
    # NaN may be in a field that takes no number. Then the check of the format says what the field takes.
    if problem is None or (problem[1] == NOT_A_NUMBER and not is_checked and "\\u" not in text):
        return None
    path = clip(write_path(problem[0]))
    return Finding(path, f"'{path}' {problem[1]}.")


def _read(number: int, text: str, value: dict[str, Any], known: Format, since: int) -> Entry:
    """Return the entry of an object in a file that has a format since some line."""
    mixed = known.refuse(value, since) if known.marks else None
    findings = (mixed,) if mixed else tuple(islice(known.check(value), MAX_FINDINGS))
    if not findings and (unstorable := _find_unstorable(text, value, is_checked=True)):
        findings = (unstorable,)
    if findings:
        return Entry(number, text, known.name, None, findings)
    changes = tuple(islice(known.changes(value), MAX_FINDINGS))
    return Entry(number, text, known.name, known.convert(value), changes=changes, conversion=known.conversion)


def _read_csv(number: int, first: str, rest: Iterable[tuple[int, str | None]], delimiter: str, param: str) -> Iterator[Entry]:
    """Yield the rows of a CSV file whose first row, in line `number`, names its two columns."""
    lines = end_lines(chain([first], _require_text(rest, param)))
    cells = read_cells(lines, delimiter, param, number)
    _, names = next(cells)
    known = name_columns(*names)
    for line, row in cells:
        if any(cell.strip() for cell in row):
            text = delimiter.join(row)
            problem = _check_row(row, text, delimiter, number)
            if problem is None:
                yield _read(line, text, dict(zip(names, row, strict=True)), known, number)
            else:
                yield Entry(line, text, known.name, None, (problem,))


def _check_row(row: Sequence[str], text: str, delimiter: str, header: int) -> Finding | None:
    """Return the problem of a row as a whole. A row of JSON may have two cells, too."""
    if "\0" in text:
        return NULS
    if text.lstrip().startswith("{") and isinstance(_load(text), dict):
        return refuse_json_row(header)
    return None if len(row) == 2 else Finding(None, describe_cells(len(row), delimiter))


def _require_text(lines: Iterable[tuple[int, str | None]], param: str) -> Iterator[str]:
    for number, text in lines:
        if text is None:
            raise InvalidDataset(number, ENCODING.message, param=param)
        yield text


def _count_examples(count: int) -> str:
    return f"{count} example{'' if count == 1 else 's'}"
