"""Calibrates the verdict: simulates comparisons whose truth is known, and counts how often the verdict is wrong.

It draws scores, and asks no model. The method is correct if no count is above its limit (`calibration_limits.py`).
"""

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.verdict.calibration_cells import list_cells, list_power_cells, list_settlement_cells
from benchmarks.verdict.calibration_counts import Counts, count_cells
from benchmarks.verdict.calibration_limits import check_counts, check_power, check_settlement
from benchmarks.verdict.calibration_power import Power, measure_power
from benchmarks.verdict.calibration_settlement import Settlement, follow_comparisons
from benchmarks.verdict.calibration_tables import write_closest, write_counts, write_power, write_settlement

RUNS = 5_000
PREDICTED_SHARE = 0.001  # of the runs: a prediction takes a thousand times as long as a verdict
SEED = 1

Result = list[Counts] | Power | Settlement


@dataclass(frozen=True)
class Report:
    """The tables in Markdown, and a sentence for each limit that is broken."""

    text: str
    broken: list[str]


def main(runs: int = RUNS, processes: int | None = None) -> Report:
    """Simulate all cells in parallel, with `runs` comparisons each."""
    results = run_all(list_tasks(runs), processes or os.cpu_count() or 1)
    counts = list(chain.from_iterable(each for each in results if isinstance(each, list)))
    powers = [each for each in results if isinstance(each, Power)]
    settlements = [each for each in results if isinstance(each, Settlement)]
    tables = [write_counts(counts), write_closest(counts), write_power(powers), write_settlement(settlements)]
    broken = list(chain(check_counts(counts), check_power(powers), check_settlement(settlements)))
    return Report("\n\n".join(tables), broken)


def list_tasks(runs: int) -> list[Callable[[], Result]]:
    """Return what to simulate, the slowest first. Each task has a seed of its own, so processes and order change nothing."""
    groups = [list(cells) for _, cells in groupby(sorted(list_cells(), key=lambda cell: cell.size, reverse=True), lambda cell: cell.size)]
    followed = max(1, round(runs * PREDICTED_SHARE))
    tasks: list[Callable[..., Result]] = [partial(count_cells, cells, runs) for cells in groups]
    tasks += [partial(follow_comparisons, cell, followed) for cell in list_settlement_cells()]
    tasks += [partial(measure_power, cell, runs) for cell in list_power_cells()]
    return [partial(task, seed=SEED + number) for number, task in enumerate(tasks)]


def run_all(tasks: Sequence[Callable[[], Result]], processes: int) -> list[Result]:
    """Return the results of the tasks in their order, with a progress bar on standard error."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # the processes are parallel already
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with ProcessPoolExecutor(processes) as pool, Progress(*columns, console=Console(file=sys.stderr)) as progress:
        futures = [pool.submit(task) for task in tasks]
        for _ in progress.track(as_completed(futures), total=len(futures), description="Simulating"):
            pass
    return [future.result() for future in futures]
