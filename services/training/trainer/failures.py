"""Explains why a training failed: a code, and a message that a user can act on."""

import errno

from services.training.trainer.messages import Message

NO_SPACE = ("No space left on device", "os error 28", "Disk quota exceeded")
NO_MEMORY = ("out of memory", "not enough memory", "can't allocate memory", "Cannot allocate memory")
# Not a smaller batch: whenever memory runs out, fewer examples are computed at a time already.
MORE_MEMORY = "Use shorter examples ('max_length'), a lower 'rank', or a worker with more memory."


class LossNotFinite(Exception):
    """The loss became infinite or not a number, so nothing can be learned from it."""


class PackingNotSupported(Exception):
    """Examples cannot be packed, because the base model does not keep them apart."""


class ShardingNotSupported(Exception):
    """The weights of the base model cannot be shared among several processes."""


def explain_failure(error: BaseException) -> Message:
    """Return the `failed` message for the error that ended the training."""
    code, message = _explain(error, str(error))
    return Message("failed", {"code": code, "message": message})


def _explain(error: BaseException, text: str) -> tuple[str, str]:
    if isinstance(error, LossNotFinite):
        return "loss_not_finite", f"{text} Try a lower learning rate, or check the examples."
    if isinstance(error, PackingNotSupported):
        return "packing_not_supported", f"{text} Leave out 'packing'."
    if isinstance(error, ShardingNotSupported):
        return "sharding_not_supported", f"{text} Set TRAINING_PARALLELISM=ddp."
    if isinstance(error, MemoryError) or any(part in text for part in NO_MEMORY):
        return "out_of_memory", f"The training ran out of memory. {MORE_MEMORY}"
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or any(part in text for part in NO_SPACE):
        return "storage_full", "There is no space left for the training's checkpoints (TRAINING_WORK)."
    return "training_failed", f"The training failed with {type(error).__name__}: {text.splitlines()[0] if text else 'no message'}"
