"""The front door over vLLM with the small model, on this machine's processors, which they share with the callers.

Every answer has the same number of tokens and every question is another one, so that both ways the engine does the same work.
"""

from collections.abc import Sequence
from itertools import count

from benchmarks.generation.load import chat
from benchmarks.generation.measure import HEAD, beside
from benchmarks.generation.stacks import running
from benchmarks.tables import Steps, table

TOKENS = 16
ROUNDS = 4
CALLS = 64  # in a round, or as many as there are callers; a caller alone makes few, since each takes long
ALONE = 4


def main(callers: Sequence[int], quick: bool = False) -> str:
    """Measure and return the table."""
    steps, rows, numbers = Steps(), list[list[object]](), count()
    steps.say("starting the stack")
    with running() as stack:
        for kind in ("plain", "streamed"):
            for number in callers:
                steps.say(f"{number} callers, {kind}")
                calls = [_question(stack.model, next(numbers), kind == "streamed") for _ in range(_calls(number, quick))]
                seen = beside(stack.engine_url, stack, calls, number, 1 if quick else ROUNDS)
                rows.append(seen.row(f"{number}, {kind}"))
        title = f"The front door over vLLM with {stack.model}, {TOKENS} tokens an answer"
    return table(title, HEAD, rows)


def _calls(callers: int, quick: bool) -> int:
    """Return how many calls a round has."""
    return callers if quick else max(callers, ALONE if callers == 1 else CALLS)


def _question(model: str, number: int, stream: bool) -> bytes:
    text = f"{number} buoys are counted. What is a buoy for?"
    return chat(model, text, stream=stream, max_tokens=TOKENS, ignore_eos=True, temperature=0)
