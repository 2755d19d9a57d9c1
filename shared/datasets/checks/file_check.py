"""Everything that is found in a file of examples, entry by entry. What it keeps is bounded, whatever the size of the file."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shared.datasets.checks.example_sample import ExampleSample
from shared.datasets.checks.fingerprints import Fingerprints, hash_text
from shared.datasets.checks.lengths import Lengths
from shared.datasets.checks.near_duplicates import MAX_EXAMPLES, NearDuplicates, Pair
from shared.datasets.checks.secrets import find_secrets
from shared.datasets.examples.example import TOOLS, Example, ExampleMessage, Preference
from shared.datasets.examples.findings import FindingCode
from shared.datasets.examples.formats import FormatName
from shared.datasets.examples.harmony import find_shown_token, has_only_thinking
from shared.datasets.examples.read import TOO_FEW_CODE, Entry, describe_too_few, require_chats, require_pairs
from shared.errors import InvalidDataset

MAX_PROBLEMS = 100
MAX_LINES = 10
SAMPLED, SAMPLED_CHARACTERS = 50, 2**20  # of the examples that are rendered before a job is created
NOT_CHECKED = " The rest of the file was not checked."
MAX_KINDS = 50  # of one Found; a file may have thousands of names of fields that are not used


@dataclass(frozen=True)
class LineProblem:
    """A problem: `line` is None if it is about the file, `field` if it is about the whole line."""

    line: int | None
    field: str | None
    code: FindingCode | str
    message: str


@dataclass
class Found:
    """How often something was found, and its first lines."""

    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        """Add a line."""
        self.count += 1
        if len(self.lines) < MAX_LINES:
            self.lines.append(line)


class FileCheck:
    """The report on a file as it is read: add each entry, then finish. `training` is the training file's, for a validation file.

    `sample`, if there is one, gets the examples.
    """

    def __init__(self, minimum: int, training: "FileCheck | None" = None, sample: ExampleSample | None = None) -> None:
        self.minimum = minimum
        self.sample = sample
        self._training = training
        self.format: FormatName | None = None
        self.conversion = ""
        self.examples = self.wrong_lines = self.num_problems = 0
        self.problems: list[LineProblem] = []
        self.roles: Counter[str] = Counter()
        self.lengths = Lengths()
        self.changes: dict[str, Found] = {}
        self.secrets: dict[str, Found] = {}
        self.duplicates, self.near_duplicates, self.overlaps, self.turns = Found(), Found(), Found(), Found()
        self.tools, self.several_calls, self.control_tokens, self.only_thinking = Found(), Found(), Found(), Found()
        self.control_token_problem = ""
        self.first_pairs: dict[str, Pair] = {}
        self.fingerprints = Fingerprints()
        self.similar = NearDuplicates()
        self.is_complete = True

    def add(self, entry: Entry) -> None:
        """Add a line."""
        if entry.example is None:
            self.wrong_lines += 1
            for finding in entry.findings:
                self._add_problem(LineProblem(entry.line, finding.field, finding.code, _capitalize(finding.message)))
            self._add_secrets(entry.text, entry.line)
            return
        self.format, self.conversion = self.format or entry.format, entry.conversion
        self.examples += 1
        for change in entry.changes:
            _count(self.changes, change, entry.line)
        self._add_example(entry.example, entry.line)
        if self.sample is not None:
            self.sample.add(entry.example, entry.line)

    def stop(self, error: InvalidDataset) -> None:
        """Add the problem that ends the reading."""
        self.is_complete = False
        self._add_problem(LineProblem(error.line or None, None, error.code or "", f"{_capitalize(error.problem)}{NOT_CHECKED}"))

    def finish(self) -> None:
        """Check what only the whole file shows. Call it after the last entry."""
        self._add_pairs(self.similar.finish())
        if self.is_complete and self.examples < self.minimum:
            self._add_problem(LineProblem(None, None, TOO_FEW_CODE, describe_too_few(self.examples, self.minimum)))

    def _add_problem(self, problem: LineProblem) -> None:
        self.num_problems += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def _add_example(self, example: Example | Preference, line: int) -> None:
        messages = example.list_texts()
        self.roles.update(role for role, _ in messages if role != TOOLS)
        self.lengths.add(sum(len(content) for _, content in messages), line)
        self._add_secrets("\n".join(content for _, content in messages), line)
        if isinstance(example, Example) and not _take_turns(example.messages):
            self.turns.add(line)
        if example.tools:
            self.tools.add(line)
        self._add_unlearnable(example, messages, line)
        self._compare(messages, line)

    def _add_unlearnable(self, example: Example | Preference, messages: Sequence[tuple[str, str]], line: int) -> None:
        """Add what only gpt-oss cannot learn."""
        if isinstance(example, Example) and any(message.is_learned and len(message.tool_calls) > 1 for message in example.messages):
            self.several_calls.add(line)
        if problem := find_shown_token(example, messages):
            self.control_token_problem = self.control_token_problem or problem
            self.control_tokens.add(line)
        if has_only_thinking(example):
            self.only_thinking.add(line)

    def _compare(self, messages: Sequence[tuple[str, str]], line: int) -> None:
        """Look for an equal example, and for a similar one only if there is none: copies are no news."""
        key = hash_text("\0".join(part for message in messages for part in message))
        text = "\n".join(content for role, content in messages if role not in ("system", TOOLS))
        earlier = self.fingerprints.add(key, line)
        if earlier is not None:
            self._add_pair("duplicates", self.duplicates, Pair(line, earlier, 1.0))
        else:
            self._add_pairs(self.similar.add(text, line))
        if self._training is not None:
            self._compare_with(self._training, key, text, line)

    def _compare_with(self, training: "FileCheck", key: int, text: str, line: int) -> None:
        other = training.fingerprints.find(key)
        pair = Pair(line, other, 1.0) if other is not None else None
        if pair is None and self.examples <= MAX_EXAMPLES:
            pair = training.similar.find(text, line)
        if pair is not None:
            self._add_pair("overlaps", self.overlaps, pair)

    def _add_pairs(self, pairs: Sequence[Pair]) -> None:
        for pair in pairs:
            self._add_pair("near_duplicates", self.near_duplicates, pair)

    def _add_pair(self, name: str, found: Found, pair: Pair) -> None:
        found.add(pair.line)
        self.first_pairs.setdefault(name, pair)

    def _add_secrets(self, text: str, line: int) -> None:
        for kind in find_secrets(text):
            _count(self.secrets, kind, line)


def require_valid(
    lines: Iterable[bytes], *, param: str, minimum: int, training: FileCheck | None = None, method: str = "supervised"
) -> FileCheck:
    """Return the report on a file without problems, with a small sample: of preference pairs for the method `dpo`, of chats for any other.

    Raises:
        InvalidDataset: as `shared.datasets.number_examples` and `number_preferences` do.
    """
    check = FileCheck(minimum, training, ExampleSample(SAMPLED, max_characters=SAMPLED_CHARACTERS))
    require = require_pairs if method == "dpo" else require_chats
    for entry in require(lines, param=param, minimum=minimum):
        check.add(entry)
    check.finish()
    return check


def _count(counts: dict[str, Found], name: str, line: int) -> None:
    if name in counts or len(counts) < MAX_KINDS:
        counts.setdefault(name, Found()).add(line)


def _take_turns(messages: Sequence[ExampleMessage]) -> bool:
    """Return whether a system message is only the first, and user and assistant take turns after it.

    Calls with their results belong to the turn of the assistant that follows them, if they are not the last.
    """
    *others, last = messages
    roles = [message.role for message in others if message.role != "tool" and not message.tool_calls] + [last.role]
    turns = roles[1:] if roles[0] == "system" else roles
    return turns == ["user", "assistant"] * (len(turns) // 2)


def _capitalize(message: str) -> str:
    return message[:1].upper() + message[1:]
