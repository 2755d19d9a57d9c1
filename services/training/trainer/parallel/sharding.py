"""A base model whose weights are shared among the processes that train an adapter together (FSDP: Zhao et al. 2023, arXiv:2304.11277).

Each process stores a part of each layer, and gets the rest just before it is needed. The adapter is small, so each process has all of it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import FSDPModule, register_fsdp_forward_method
from torch.distributed.tensor import DTensor
from transformers import AutoModelForCausalLM, PreTrainedModel
from transformers.distributed.configuration_utils import DistributedConfig

from services.training.trainer.failures import ShardingNotSupported
from services.training.trainer.parallel.agreement import count_ranks, is_first, share

T = TypeVar("T")


def load_sharded(base: Path, bf16: bool) -> PreTrainedModel:
    """Load this process's part of the base model in the directory `base`, in the precision of the training, bf16 or fp32.

    Raises:
        ShardingNotSupported: if transformers does not know how to divide this model.
    """
    sharing = DistributedConfig(fsdp_size=count_ranks())
    try:
        model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
            base, dtype=torch.bfloat16 if bf16 else torch.float32, distributed_config=sharing
        )
    except ValueError as error:
        raise ShardingNotSupported("The base model cannot be divided among several GPUs.") from error
    # Otherwise PEFT takes the model for one with parallel tensors, and gathers all of it, from all processes, to save an adapter.
    setattr(model, "_tp_size", None)  # noqa: B010  it is private, and the versions are pinned
    return model


def is_sharded(model: nn.Module) -> bool:
    """Return whether each process has only a part of the model's weights."""
    return any(isinstance(weight, DTensor) for weight in model.parameters())


def prepare_sharded(model: Any) -> None:
    """Let PEFT's `model` gather the weights of each layer for each computation, and let go of them after it.

    PyTorch does this when the base model is called, but PEFT calls its `forward`; and transformers keeps the output layer. Then the
    processes would no longer gather the same: saving an adapter in the first one lets go of what is kept there, and not in the others.
    """
    base: Any = model.get_base_model()
    base.set_reshard_after_forward(True)
    for module in base.modules():
        if isinstance(module, FSDPModule):
            module.reshard()  # it may have computed before
    register_fsdp_forward_method(base, "forward")


def average_gradients(model: nn.Module, is_last_part: Callable[[], bool]) -> None:
    """Give all processes the first one's trained weights, and from now on the mean of their gradients after the last part of a batch."""
    for weight in model.parameters():
        if weight.requires_grad:
            dist.broadcast(weight.data, src=0)
            weight.register_post_accumulate_grad_hook(  # type: ignore[no-untyped-call]
                lambda trained: _average(trained.grad) if is_last_part() else None
            )


def _average(gradient: torch.Tensor | None) -> None:
    if gradient is not None:
        dist.all_reduce(gradient)
        gradient /= count_ranks()


def lead(model: Any, work: Callable[[], T]) -> T | None:
    """Let the first process do `work` with the model, and return its result; None in the others.

    If the model is sharded, it can compute only if all do: each time that it does in the first process, the others compute something, too.
    If a computation fails in the first process, the others stay in theirs, and nothing more can be exchanged with them. So the error is
    raised here, even if `work` has handled it. It must end the first process, and thereby the others (see `ranks`).
    """
    if count_ranks() == 1 or not is_sharded(model):
        return work() if is_first() else None
    if not is_first():
        _accompany(model)
        return None
    own = vars(model).get("forward")  # only if something has replaced that of its class
    model.forward = together = _Together(model.forward)
    try:
        result = work()
    finally:
        del model.forward
        if own:
            model.forward = own
    if together.error:
        raise together.error
    share(False)
    return result


class _Together:
    """A model's `forward`, in which the other processes compute, too. After an error, it only raises that error again."""

    def __init__(self, forward: Callable[..., Any]) -> None:
        self._forward = forward
        self.error: Exception | None = None

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        if self.error:
            raise self.error
        share(True)
        try:
            return self._forward(*arguments, **options)
        except Exception as error:
            self.error = error
            raise


def _accompany(model: Any) -> None:
    """Compute something each time that the first process does.

    No random numbers are drawn: how often the first process computes may depend on the time that is left for its answers.
    """
    was_training = model.training
    model.eval()
    with torch.no_grad():
        while share(False):
            model(input_ids=torch.zeros((1, 1), dtype=torch.long, device=model.device), use_cache=False)
    model.train(was_training)
