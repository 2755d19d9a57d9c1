"""The output layer and the log-probabilities of the tokens to learn, with their gradient, in one pass over parts of the tokens.

TRL's own function computes the products twice, once more in the backward pass, and there in float32; and it has the entropy, which
nothing here reads. This one keeps the gradient of each log-probability by the layer's input, as many numbers as the input has, instead
of computing the table of the vocabulary again.
"""

from typing import Any

import torch
from trl.kernels.chunked_logprob import ChunkedLogProbFunction

ROWS = 128  # tokens at a time: so the table of a vocabulary of 49,152 words in float32 stays in a cache of 32 MB

PerToken = tuple[torch.Tensor, torch.Tensor, None, None, torch.Tensor]


class LabelLogProbabilities(torch.autograd.Function):
    """The log-probability of each target, and whether no other token is more probable."""

    @staticmethod
    def forward(ctx: Any, hidden: torch.Tensor, weight: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return both, (tokens). `hidden` is (tokens, width), `weight` (words, width), `targets` (tokens)."""
        rows, needs_gradient = hidden.to(weight.dtype), ctx.needs_input_grad[0]
        log_probabilities = torch.empty(len(rows), dtype=torch.float32)
        hits = torch.empty(len(rows), dtype=torch.bool)
        gradient = torch.empty_like(rows) if needs_gradient else None
        for start in range(0, len(rows), ROWS):
            part = slice(start, start + ROWS)
            table, wanted = (rows[part] @ weight.t()).float(), targets[part].unsqueeze(1)
            hits[part] = table.argmax(dim=-1) == wanted.squeeze(1)
            table = torch.log_softmax(table, dim=-1)
            log_probabilities[part] = table.gather(1, wanted).squeeze(1)
            if gradient is not None:
                # d(log p of the target) / d(logits) is 1 at the target, minus the probabilities.
                table.exp_().neg_().scatter_add_(1, wanted, torch.ones_like(wanted, dtype=torch.float32))
                torch.mm(table.to(weight.dtype), weight, out=gradient[part])
        if gradient is not None:
            ctx.save_for_backward(gradient)
        ctx.mark_non_differentiable(hits)
        ctx.hidden_dtype = hidden.dtype
        return log_probabilities, hits

    @staticmethod
    def backward(ctx: Any, d_log_probabilities: torch.Tensor, _: Any) -> tuple[torch.Tensor, None, None]:
        """Return the gradient of `hidden`."""
        (gradient,) = ctx.saved_tensors
        return (gradient * d_log_probabilities.unsqueeze(1)).to(ctx.hidden_dtype), None, None


class OutputLayer:
    """Takes the place of TRL's function, and leaves to it what is rare: a bias, scaled or bounded logits, weights that are trained."""

    @staticmethod
    def apply(
        hidden: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        targets: torch.Tensor,
        temperature: float,
        chunk_size: int,
        softcap: float | None = None,
        logit_scale: float = 1.0,
        outputs: tuple[str, ...] = (),
    ) -> Any:
        """Return TRL's five values for each token. The entropy is 0."""
        is_plain = bias is None and softcap is None and temperature == logit_scale == 1.0
        if not is_plain or weight.requires_grad or hidden.device.type != "cpu":
            rest = (temperature, chunk_size, softcap, logit_scale, outputs)
            return ChunkedLogProbFunction.apply(hidden, weight, bias, targets, *rest)  # type: ignore[no-untyped-call]
        log_probabilities, hits = LabelLogProbabilities.apply(hidden, weight, targets)  # type: ignore[no-untyped-call]
        return log_probabilities, torch.zeros_like(log_probabilities), None, None, hits
