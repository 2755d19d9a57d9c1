"""The training process: `python -m services.training.trainer.process <plan.json>` trains by the plan and says how far it is.

What it says are JSON lines on its standard output (see `plan`). It ends by itself when its standard input closes, that is, when
the worker that started it is gone. Nothing heavy is imported before that is watched.
"""

import contextlib
import errno
import os
import sys
import threading
from pathlib import Path
from typing import Any

from services.training.planning.plan import LossNotFinite, Message, format_message, read_plan

NO_SPACE = ("No space left on device", "os error 28", "Disk quota exceeded")
NO_MEMORY = ("out of memory", "not enough memory", "can't allocate memory", "Cannot allocate memory")


def main() -> None:
    """Train what the plan named on the command line says; exit with 0, or with 1 after a `failed` line."""
    threading.Thread(target=_die_with_worker, daemon=True).start()
    _yield_to_services()
    output = _claim_output()

    def report(message: Message) -> None:
        output.write(format_message(message) + "\n")
        output.flush()

    try:
        _skip_sklearn()
        from services.training.trainer.train import train

        report(Message("trained", train(read_plan(Path(sys.argv[1])), report)))
    except BaseException as error:
        report(explain(error))
        raise


def explain(error: BaseException) -> Message:
    """Return the `failed` message for what ended the training."""
    text = str(error)
    if isinstance(error, LossNotFinite):
        code, message = "loss_not_finite", f"{text} A lower learning rate may help, or other examples."
    elif isinstance(error, MemoryError) or any(part in text for part in NO_MEMORY):
        code, message = "out_of_memory", "The training ran out of memory. Use a smaller batch or shorter examples."
    elif getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or any(part in text for part in NO_SPACE):
        code, message = "storage_full", "There is no space left for the training's checkpoints (TRAINING_WORK)."
    else:
        code, message = (
            "training_failed",
            f"The training ended with {type(error).__name__}: {text.splitlines()[0] if text else 'no message'}",
        )
    return Message("failed", {"code": code, "message": message})


def _claim_output() -> Any:
    """Return the standard output for messages alone; what libraries print goes to the standard error."""
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return output


def _die_with_worker() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _yield_to_services() -> None:
    """Give way to the services on this machine: a lower priority, and the first to go when memory runs out."""
    os.nice(5)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def _skip_sklearn() -> None:
    """Hide scikit-learn from transformers, which imports it for text generation only: 6 of 15 seconds of start."""
    sys.modules.setdefault("sklearn", None)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
