"""Why a training ended: each cause has its code, and a message a user can act on."""

import errno
import os

import pytest

from services.training.trainer.failures import LossNotFinite, ShardingNotSupported, explain_failure


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), "out_of_memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"), "out_of_memory"),
        (RuntimeError("[enforce fail at alloc_cpu.cpp:126] DefaultCPUAllocator: can't allocate memory"), "out_of_memory"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "storage_full"),
        (RuntimeError("I/O error: No space left on device (os error 28)"), "storage_full"),
        (LossNotFinite("The loss is no longer a number at step 3."), "loss_not_finite"),
        (ShardingNotSupported("The base model cannot be divided among several GPUs."), "sharding_not_supported"),
        (ValueError("what\neven"), "training_failed"),
        (KeyboardInterrupt(), "training_failed"),
    ],
)
def test_every_cause_has_its_code(error: BaseException, code: str) -> None:
    message = explain_failure(error)
    assert (message.kind, message.fields["code"]) == ("failed", code)
    assert "\n" not in message.fields["message"]
