"""The training process: `python -m services.training.trainer.process <job folder> <base model>` trains and reports its progress.

If a job is trained by several processes together, this one starts the others, with the same command and the numbers of their ranks.

It writes messages (see `messages`) to its standard output. On the signal `PAUSE`, it writes a checkpoint and ends. It ends at once when
the worker that started it is gone or has lost the job (see `fence`), and starts to watch for that before it imports anything heavy.
"""

import contextlib
import json
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, TextIO

from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import ALONE, read_parallelism
from services.training.planning.plan import Plan, read_plan
from services.training.trainer.failures import explain_failure
from services.training.trainer.fence import PAUSE, start_fence
from services.training.trainer.messages import Message, Report, format_message
from services.training.trainer.parallel.ranks import Rank, join_ranks, start_ranks

# If one of several processes is killed, the connections of the others break a moment before they are ended too (see `ranks`). That is
# nothing to report: the next attempt goes on. One that fails by itself can wait, and the others wait for it.
LOST_SECONDS = 5.0


def main() -> None:
    """Train by the plan in the folder on the command line; exit with 0, or with 1 after a `failed` message."""
    folder, base, numbers = JobFolder(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3:]
    pause = _expect_pause()
    rank = join_ranks(numbers) if numbers else _lead(folder)
    output = _reserve_output()

    def report(message: Message) -> None:
        if message.kind == "progress":
            keep_step(folder.steps, message.fields)
        output.write(format_message(message) + "\n")
        output.flush()

    def report_failure(message: Message) -> None:
        if message.kind == "failed":  # of the other messages, the first process writes all
            output.write(f"\n{format_message(message)}\n")  # it may be in the middle of a line
            output.flush()

    _train(rank, folder, base, report if rank.number == 0 else report_failure, pause)


def _lead(folder: JobFolder) -> Rank:
    """Make this the first process, start the others, and return its rank."""
    start_fence()
    _lower_priority()
    return start_ranks([sys.executable, *sys.orig_argv[1:]], (read_parallelism(folder) or ALONE).processes)


def _train(rank: Rank, folder: JobFolder, base: Path, report: Report, pause: threading.Event) -> None:
    try:
        plan = read_plan(folder)
        hide_unused(plan)
        from services.training.trainer.parallel.agreement import connect, leave
        from services.training.trainer.train import train

        connect(rank)
        metrics = train(plan, folder, base, report, pause)
        if metrics is not None and rank.number == 0:
            _write_event_file(folder)
        report(Message("paused") if metrics is None else Message("trained", metrics))
        leave()
    except BaseException as error:
        if rank.count > 1:
            time.sleep(LOST_SECONDS)
        report(explain_failure(error))
        raise


def keep_step(steps: Path, fields: dict[str, Any]) -> None:
    """Append a step's metrics, with the time, to the file `steps`, a JSON object a line. The worker may be stopped, and the next one
    needs them.

    If the last line is incomplete, because the process that wrote it was killed, a new one begins.
    """
    with steps.open("a") as file:
        file.write(f"\n{json.dumps({**fields, 'time': round(time.time(), 3)})}")


def _write_event_file(folder: JobFolder) -> None:
    """Write the metrics for TensorBoard. The adapter is complete, so nothing that fails here may end the job."""
    try:
        from services.training.tracking.event_file import write_event_file

        write_event_file(folder.steps, folder.event_file)
    except Exception:
        traceback.print_exc()


def _expect_pause() -> threading.Event:
    """Return an event that the signal `PAUSE` sets."""
    requested = threading.Event()
    signal.signal(PAUSE, lambda *_: requested.set())
    return requested


def _reserve_output() -> TextIO:
    """Return the standard output, for messages only; the output of libraries goes to the standard error from now on."""
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return output


def _lower_priority() -> None:
    """Give way to the services on this machine: run at a lower priority, and be the first to be killed if memory runs out."""
    os.nice(5)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def hide_unused(plan: Plan) -> None:
    """Hide libraries from transformers and PEFT, which import them if they can, but do not need them for this training.

    scikit-learn is for text generation only; importing it takes 6 of 15 seconds of the start. bitsandbytes is for base models in 4 bits.
    """
    for name in ("sklearn", *(() if plan.load_in_4bit else ("bitsandbytes",))):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
