"""Has the engine render some examples of a file before there is a job.

What its chat template refuses can be neither trained nor served. An answer that does not continue its prompt cannot be trained.

An engine that is slow, asleep or down refuses nothing: the worker, which renders every example, will find it.
"""

from anyio import from_thread

from services.generation.jobs.feasibility.count_tokens import CountingModel, count_tokens
from shared.datasets.checks.file_check import FileCheck
from shared.datasets.examples.read import TOO_FEW_CODE
from shared.datasets.problems import Problems
from shared.errors import InvalidDataset


def check_chats(check: FileCheck, param: str, model: CountingModel) -> int:
    """Return how many tokens the longest example has that is trained, cut at the model's `max_length`; 1 if none could be counted.

    Only a sample of the file is rendered, the longest examples first. Call it in a worker thread of the server.

    Raises:
        InvalidDataset: with the lines of the file `param` whose examples cannot be trained with the chat template, or if it is certain
            that too few examples fit into `max_length`.
    """
    if check.sample is None or not check.sample.examples:
        return 1
    report = from_thread.run(count_tokens, check.sample, model, _tell_nobody, check.minimum)
    problems = Problems(param)
    for refused in report.refused:
        problems.add(refused.line, refused.message)
    problems.raise_if_any()
    if report.too_few_fit:
        raise InvalidDataset(0, report.too_few_fit, param=param, code=TOO_FEW_CODE)
    return min(report.tokens.longest, model.trained_length) if report.tokens else 1


def _tell_nobody(_: int) -> None:
    """Nobody follows how far the counting is."""
