"""Causal attention on a processor by products of matrices, a few heads at a time.

PyTorch's own function for processors takes about three times as long for sequences of some hundred tokens. As in transformers' eager
attention, scores are rounded to the precision of the model. Unlike there, no table of probabilities is kept: the backward pass computes
them again.
"""

from typing import Any

import torch
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NAME = "tandem_processor"  # transformers' name for this attention
SCORES = 4_000_000  # that are computed at a time, so that they stay in the cache
MAX_TOKENS = 4096  # a longer sequence has too many scores for one head

Tensor = torch.Tensor


class BlockAttention(torch.autograd.Function):
    """`softmax(q k' + mask) v`, for sequences of tokens. The queries of all heads that share keys and values are one long sequence."""

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
        """Return the shape of `q`, (sequences, heads * tokens, width).

        `k` and `v` are (sequences, tokens, width). `mask` is transformers': (examples, 1, tokens, tokens), or None if each token sees those
        before it. All layers have the same one, so it takes no memory to keep it; what is added to the scores is made again.
        """
        output, added = torch.empty_like(q), _make_addend(mask, q, k)
        for part in _split(q, k):
            torch.bmm(_compute_probabilities(q[part], k[part], _take(added, part, len(k))), v[part], out=output[part])
        ctx.save_for_backward(q, k, v, mask)
        return output

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        """Return the gradients of `q`, `k` and `v`."""
        q, k, v, mask = ctx.saved_tensors
        gradient, added = gradient.contiguous(), _make_addend(mask, q, k)
        d_q, d_k, d_v = torch.empty_like(q), torch.empty_like(k), torch.empty_like(v)
        for part in _split(q, k):
            probabilities = _compute_probabilities(q[part], k[part], _take(added, part, len(k)))
            torch.bmm(probabilities.transpose(1, 2), gradient[part], out=d_v[part])
            d_probabilities = torch.bmm(gradient[part], v[part].transpose(1, 2))
            d_scores = torch._softmax_backward_data(d_probabilities, probabilities, -1, probabilities.dtype)
            torch.bmm(d_scores, k[part], out=d_q[part])
            torch.bmm(d_scores.transpose(1, 2), q[part], out=d_k[part])
        return d_q, d_k, d_v, None


def _make_addend(mask: Tensor | None, q: Tensor, k: Tensor) -> Tensor:
    """Return what is added to the scores, (1 or examples, tokens, tokens): 0 where a token is seen, and the least number elsewhere."""
    tokens, least = k.shape[1], torch.finfo(q.dtype).min
    if mask is None:
        return torch.full((1, tokens, tokens), least, dtype=q.dtype).triu_(1)
    if mask.dtype == torch.bool:
        return torch.zeros(mask.shape, dtype=q.dtype).masked_fill_(~mask, least)[:, 0]
    return mask[:, 0]


def _split(q: Tensor, k: Tensor) -> list[slice]:
    """Return the parts of the sequences that are computed at a time."""
    size = max(1, SCORES // (q.shape[1] * k.shape[1]))
    return [slice(start, min(start + size, len(q))) for start in range(0, len(q), size)]


def _take(added: Tensor, part: slice, sequences: int) -> Tensor:
    """Return what is added to the scores of some of the sequences, of which each example has equally many."""
    if len(added) == 1:
        return added
    return added[torch.arange(part.start, part.stop) // (sequences // len(added))]


def _compute_probabilities(q: Tensor, k: Tensor, added: Tensor) -> Tensor:
    scores = torch.bmm(q, k.transpose(1, 2))
    scores.view(len(q), -1, *added.shape[1:]).add_(added.unsqueeze(1))
    return torch.softmax(scores, dim=-1)


def attend(
    module: torch.nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """Return what transformers' function for PyTorch's attention returns, in the shape (batch, tokens, heads, width)."""
    batch, heads, tokens, width = query.shape
    is_plain = tokens == key.shape[2] and tokens <= MAX_TOKENS and query.device.type == "cpu" and kwargs.get("is_causal") is not False
    if not is_plain or dropout or kwargs.get("position_bias") is not None or value.shape[-1] != width:
        return sdpa_attention_forward(module, query, key, value, attention_mask, dropout=dropout, scaling=scaling, **kwargs)
    pairs = batch * key.shape[1]
    scaled = query * (width**-0.5 if scaling is None else scaling)
    q, k, v = scaled.reshape(pairs, -1, width), key.reshape(pairs, tokens, width), value.reshape(pairs, tokens, width)
    output: Tensor = BlockAttention.apply(q, k, v, attention_mask)  # type: ignore[no-untyped-call]
    return output.view(batch, heads, tokens, width).transpose(1, 2).contiguous(), None


def use_block_attention(model: PreTrainedModel) -> None:
    """Let a model that uses PyTorch's attention use this one."""
    if model.config._attn_implementation != "sdpa":
        return
    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    model.set_attn_implementation(NAME)
