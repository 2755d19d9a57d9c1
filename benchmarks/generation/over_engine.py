"""The front door over vLLM with the small model, on this machine's processors, which they share with the clients.

Every answer has the same number of tokens and every question is different, so that the engine does the same work for both.
"""

from collections.abc import Sequence
from itertools import count

from benchmarks.generation.load import chat_request
from benchmarks.generation.measure import COLUMNS, compare
from benchmarks.generation.stacks import run_stack
from benchmarks.tables import Progress, table

TOKENS = 16
ROUNDS = 4
REQUESTS = 64  # in a round, or as many as there are clients
REQUESTS_OF_ONE_CLIENT = 4  # few, since each takes long


def main(client_counts: Sequence[int], quick: bool = False) -> str:
    """Measure and return the table."""
    progress, rows, numbers = Progress(), list[list[object]](), count()
    progress.report("starting the stack")
    with run_stack() as stack:
        for kind in ("plain", "streamed"):
            for clients in client_counts:
                progress.report(f"{clients} clients, {kind}")
                requests = [_question(stack.model, next(numbers), kind == "streamed") for _ in range(_count_requests(clients, quick))]
                result = compare(stack.engine_url, stack, requests, clients, 1 if quick else ROUNDS)
                rows.append(result.row(f"{clients}, {kind}"))
        title = f"The front door over vLLM with {stack.model}, {TOKENS} tokens an answer"
    return table(title, COLUMNS, rows)


def _count_requests(clients: int, quick: bool) -> int:
    """Return the number of requests in a round."""
    return clients if quick else max(clients, REQUESTS_OF_ONE_CLIENT if clients == 1 else REQUESTS)


def _question(model: str, number: int, stream: bool) -> bytes:
    text = f"{number} buoys are counted. What is a buoy for?"
    return chat_request(model, text, stream=stream, max_tokens=TOKENS, ignore_eos=True, temperature=0)
