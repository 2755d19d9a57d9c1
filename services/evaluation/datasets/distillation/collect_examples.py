"""Collects examples from stored answers: each with the turns before it, made an example or left out and counted.

At any moment, the memory holds a window of answers and the turns before some of them; the examples go to a file.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import BinaryIO, Protocol

from services.evaluation.datasets.distillation.chat_messages import Message
from services.evaluation.datasets.distillation.faults import Fault, LeftOut
from services.evaluation.datasets.distillation.make_example import make_example, to_history
from services.evaluation.datasets.distillation.read_answer import Turn
from services.evaluation.datasets.distillation.read_responses import StoredTurn, Window
from services.evaluation.datasets.distillation.splitting.conversations import Conversations
from shared.contracts.datasets import AnswersSpec
from shared.workers.job_context import JobContext

LAST_PERCENT = 85.0
MAX_TURNS = 500  # of a conversation, as for responses
REMEMBERED_TURNS = MAX_TURNS  # with fewer, none of a longer conversation would still be there for the response before
DIGEST_BYTES = 16


class Answers(Protocol):
    """The stored answers that match."""

    def count(self) -> int:
        """Return how many answers have to be looked at."""
        ...

    def read(self) -> Iterator[Window[Turn]]:
        """Yield those that match, newest first."""
        ...

    def find(self, id: str, /) -> StoredTurn | None:
        """Return a response of the project, whether it matches or not; None if it was deleted."""
        ...


@dataclass
class Harvest:
    """What became of the answers that matched. `truncated` counts examples that the model may have seen without their oldest turns."""

    requested: int = 0
    left_out: Counter[Fault] = field(default_factory=Counter)
    conversations: Conversations = field(default_factory=Conversations)
    truncated: int = 0
    seen: set[bytes] = field(default_factory=set)


@dataclass(frozen=True)
class EarlierTurn:
    """A turn of a history: its messages, and the response before it."""

    previous_id: str | None
    messages: list[Message]


def collect_examples(answers: Answers, spec: AnswersSpec, file: BinaryIO, context: JobContext) -> Harvest:
    """Write the examples to `file`, one a line, until there are as many as the spec's limit.

    Raises:
        JobInterrupted: if the job must end.
    """
    harvest, histories = Harvest(), Histories(answers, spec)
    total, scanned, limit = answers.count(), 0, spec.chosen.limit
    for window in answers.read():
        histories.use(window.turns)
        for turn in window.turns:
            if len(harvest.conversations) == limit:
                return harvest
            _add(turn, histories, spec, file, harvest)
        scanned += window.scanned
        share = max(scanned / max(total, scanned), len(harvest.conversations) / limit)
        context.report_progress(f"reading {spec.noun}s: {len(harvest.conversations)} of {harvest.requested} used", LAST_PERCENT * share)
    return harvest


def _add(turn: Turn, histories: "Histories", spec: AnswersSpec, file: BinaryIO, harvest: Harvest) -> None:
    harvest.requested += 1
    try:
        first_id, history = histories.read(turn)
        example = make_example(turn, history, spec)
        digest = blake2b(example.line, digest_size=DIGEST_BYTES).digest()
        if digest in harvest.seen:
            raise LeftOut("duplicate")
    except LeftOut as reason:
        harvest.left_out[reason.fault] += 1
        return
    harvest.seen.add(digest)
    harvest.conversations.add(first_id, example.prompt, example.reply)
    harvest.truncated += turn.body.get("truncation") == "auto" and bool(history)
    file.write(example.line + b"\n")


class Histories:
    """The turns before responses. Remembers some, since the turns of a conversation are read one after the other."""

    def __init__(self, answers: Answers, spec: AnswersSpec) -> None:
        self._answers = answers
        self._spec = spec
        self._remembered: OrderedDict[str, EarlierTurn] = OrderedDict()
        self._at_hand: dict[str, StoredTurn] = {}

    def use(self, turns: Sequence[Turn]) -> None:
        """Take earlier turns from these, which are in memory, instead of reading them again."""
        self._at_hand = {turn.id: turn for turn in turns if isinstance(turn, StoredTurn)}

    def read(self, turn: Turn) -> tuple[str, list[Message]]:
        """Return the id of the first response of the conversation, and the messages before this turn, oldest first.

        Raises:
            LeftOut: if one of the responses was deleted.
        """
        first_id, next_id = turn.id, turn.previous_id
        turns: list[EarlierTurn] = []
        while next_id is not None:
            if len(turns) == MAX_TURNS:
                raise LeftOut("not_trainable")
            first_id, earlier = next_id, self._find(next_id)
            turns.append(earlier)
            next_id = earlier.previous_id
        return first_id, [message for earlier in reversed(turns) for message in earlier.messages]

    def _find(self, id: str) -> EarlierTurn:
        if id not in self._remembered:
            turn = self._at_hand.get(id) or self._answers.find(id)
            if turn is None:
                raise LeftOut("history_deleted")
            self._remembered[id] = EarlierTurn(turn.previous_id, to_history(turn, self._spec))
            if len(self._remembered) > REMEMBERED_TURNS:
                self._remembered.popitem(last=False)
        self._remembered.move_to_end(id)
        return self._remembered[id]
