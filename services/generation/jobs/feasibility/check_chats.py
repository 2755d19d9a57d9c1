"""Has the engine render some examples of a file before there is a job.

What its chat template refuses can be neither trained nor served. An answer that does not continue its prompt cannot be trained.

An engine that is slow, asleep or down refuses nothing: the worker, which renders every example, will find it.
"""

from anyio import from_thread

from services.generation.jobs.feasibility.count_tokens import CountingModel, count_tokens
from shared.datasets.checks.file_check import FileCheck
from shared.datasets.problems import Problems


def check_chats(check: FileCheck, param: str, model: CountingModel) -> int:
    """Return how many tokens the longest example has that is trained, cut at the model's `max_length`; 1 if none could be counted.

    Only a sample of the file is rendered, the longest examples first. Call it in a worker thread of the server.

    Raises:
        InvalidDataset: with the lines of the file `param` whose examples cannot be trained with the chat template.
    """
    if check.sample is None or not check.sample.examples:
        return 1
    report = from_thread.run(count_tokens, check.sample, model, _tell_nobody)
    problems = Problems(param)
    for refused in report.refused:
        problems.add(refused.line, refused.message)
    problems.raise_if_any()
    return min(report.tokens.longest, model.max_length) if report.tokens else 1


def _tell_nobody(_: int) -> None:
    """Nobody follows how far the counting is."""
