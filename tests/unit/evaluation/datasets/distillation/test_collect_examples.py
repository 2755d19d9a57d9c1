from collections.abc import Iterator

from services.evaluation.datasets.distillation.collect_examples import MAX_TURNS, Histories
from services.evaluation.datasets.distillation.read_responses import StoredTurn, Window
from tests.unit.evaluation.datasets.distillation.turns import make_spec, make_turn


class OneConversation:
    """The responses of a conversation with `count` turns; `found` has the numbers of those that were read by their id."""

    def __init__(self, count: int) -> None:
        self.found: list[int] = []
        self.turns = [
            make_turn(f"Question {number}?", f"Answer {number}.", id=f"resp_{number}", after=f"resp_{number - 1}" if number else None)
            for number in range(count)
        ]

    def count(self) -> int:
        return len(self.turns)

    def read(self) -> Iterator[Window[StoredTurn]]:
        yield from (Window([turn], 1) for turn in reversed(self.turns))

    def find(self, id: str) -> StoredTurn | None:
        number = int(id.removeprefix("resp_"))
        self.found.append(number)
        return self.turns[number]


def test_each_turn_of_the_longest_conversation_is_read_once() -> None:
    responses = OneConversation(MAX_TURNS)
    histories = Histories(responses, make_spec())
    for turn in (turn for window in responses.read() for turn in window.turns):
        first_id, messages = histories.read(turn)
        assert (first_id, len(messages)) == ("resp_0", 2 * int(turn.id.removeprefix("resp_")))
    assert responses.found == list(range(MAX_TURNS - 2, -1, -1))
