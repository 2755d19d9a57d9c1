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
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
        """Return the shape of `q`, (sequences, heads * tokens, width).

        `k` and `v` are (sequences, tokens, width), `mask` is (1 or sequences, tokens, tokens).
        """
        output = torch.empty_like(q)
        for part in _split(q, k):
            torch.bmm(_compute_probabilities(q[part], k[part], _take(mask, part)), v[part], out=output[part])
        ctx.save_for_backward(q, k, v, mask)
        return output

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        """Return the gradients of `q`, `k` and `v`."""
        q, k, v, mask = ctx.saved_tensors
        gradient = gradient.contiguous()
        d_q, d_k, d_v = torch.empty_like(q), torch.empty_like(k), torch.empty_like(v)
        for part in _split(q, k):
            probabilities = _compute_probabilities(q[part], k[part], _take(mask, part))
            torch.bmm(probabilities.transpose(1, 2), gradient[part], out=d_v[part])
            d_probabilities = torch.bmm(gradient[part], v[part].transpose(1, 2))
            d_scores = torch._softmax_backward_data(d_probabilities, probabilities, -1, probabilities.dtype)
            torch.bmm(d_scores, k[part], out=d_q[part])
            torch.bmm(d_scores.transpose(1, 2), q[part], out=d_k[part])
        return d_q, d_k, d_v, None


def _split(q: Tensor, k: Tensor) -> list[slice]:
    """Return the parts of the sequences that are computed at a time."""
    size = max(1, SCORES // (q.shape[1] * k.shape[1]))
    return [slice(start, start + size) for start in range(0, len(q), size)]


def _take(mask: Tensor, part: slice) -> Tensor:
    return mask if len(mask) == 1 else mask[part]


def _compute_probabilities(q: Tensor, k: Tensor, mask: Tensor) -> Tensor:
    scores = torch.bmm(q, k.transpose(1, 2))
    scores.view(len(q), -1, *mask.shape[1:]).add_(mask.unsqueeze(1))
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
    mask = _add_up(attention_mask, query, key.shape[1])
    q, k, v = scaled.reshape(pairs, -1, width), key.reshape(pairs, tokens, width), value.reshape(pairs, tokens, width)
    output: Tensor = BlockAttention.apply(q, k, v, mask)  # type: ignore[no-untyped-call]
    return output.view(batch, heads, tokens, width).transpose(1, 2).contiguous(), None


def _add_up(attention_mask: Tensor | None, query: Tensor, sequences: int) -> Tensor:
    """Return what is added to the scores: 0 where a token may be seen, and the least number elsewhere."""
    tokens, least = query.shape[2], torch.finfo(query.dtype).min
    if attention_mask is None:
        return torch.full((1, tokens, tokens), least, dtype=query.dtype).triu(1)
    added = attention_mask
    if attention_mask.dtype == torch.bool:
        added = torch.zeros(attention_mask.shape, dtype=query.dtype).masked_fill_(~attention_mask, least)
    return added[:, 0].repeat_interleave(sequences, dim=0)


def use_block_attention(model: PreTrainedModel) -> None:
    """Let a model that uses PyTorch's attention use this one."""
    if model.config._attn_implementation != "sdpa":
        return
    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    model.set_attn_implementation(NAME)
