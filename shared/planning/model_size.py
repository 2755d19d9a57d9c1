"""The size of a base model, from its `config.json` alone: its parameters, its linear layers, and the parameters of an adapter for them.

Decoders that are built like Llama are known: attention, then two or three matrices with a gate, in blocks that are all alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.fine_tuning import ALL_LINEAR

QUERY_NORM = frozenset({"qwen3", "gemma3_text"})  # normalize each head's queries and keys
FOUR_NORMS = frozenset({"gemma2", "gemma3_text"})  # have norms also after attention and after the matrices of a block
FUSED = frozenset({"phi3"})  # store queries, keys and values in one matrix, and gate and up in another
TIED = frozenset({"gemma", "gemma2", "gemma3_text", "smollm3"})  # use the embedding as output layer unless the configuration says otherwise
NO_BIAS = frozenset({"mistral", "phi3"})  # ignore `attention_bias`
NO_MLP_BIAS = NO_BIAS | QUERY_NORM | FOUR_NORMS | frozenset({"gemma", "qwen2"})  # ignore `mlp_bias`
KNOWN = QUERY_NORM | FOUR_NORMS | FUSED | TIED | {"granite", "llama", "mistral", "qwen2"}


@dataclass(frozen=True)
class ModelSize:
    """`linear` has inputs and outputs of the linear layers of one block, by the last parts of their names.

    `parameters` counts all weights, `is_known` says whether the count is exact: False if the model may be built in another way.
    """

    hidden: int
    inner: int
    layers: int
    heads: int
    vocabulary: int
    linear: Mapping[str, tuple[int, int]]
    parameters: int
    is_known: bool

    @property
    def linear_parameters(self) -> int:
        """Weights of the linear layers in all blocks, which QLoRA stores in 4 bits."""
        return self.layers * sum(inputs * outputs for inputs, outputs in self.linear.values())

    def count_adapter_parameters(self, rank: int, modules: str | list[str]) -> int:
        """Return the weights of an adapter: `rank` times inputs plus outputs of each adapted layer (Hu et al. 2021).

        A layer with an unknown name counts like the largest one.
        """
        sums = {name: inputs + outputs for name, (inputs, outputs) in self.linear.items()}
        adapted = list(sums) if modules == ALL_LINEAR else modules
        return rank * self.layers * sum(sums.get(name, max(sums.values())) for name in adapted)


def read_model_size(config: Mapping[str, Any]) -> ModelSize:
    """Return the size of the model with this configuration. What it does not say is as in Llama."""
    settings = {**config, **(config.get("text_config") or {})}
    kind = str(settings.get("model_type", ""))
    hidden, inner = settings.get("hidden_size", 1024), settings.get("intermediate_size", 4096)
    layers, vocabulary = settings.get("num_hidden_layers", 24), settings.get("vocab_size", 32_000)
    heads = settings.get("num_attention_heads", 16)
    head_size = settings.get("head_dim") or hidden // heads
    keys = head_size * (settings.get("num_key_value_heads") or heads)
    linear = _list_linear(kind, hidden, inner, heads * head_size, keys)
    block = sum(inputs * outputs for inputs, outputs in linear.values())
    block += _count_biases(kind, settings, linear) + _count_norms(kind, hidden, head_size)
    embeddings = vocabulary * hidden * (1 if settings.get("tie_word_embeddings", kind in TIED) else 2)
    is_known = kind in KNOWN and "vision_config" not in settings
    return ModelSize(hidden, inner, layers, heads, vocabulary, linear, embeddings + layers * block + hidden, is_known)


def _list_linear(kind: str, hidden: int, inner: int, queries: int, keys: int) -> dict[str, tuple[int, int]]:
    output = {"o_proj": (queries, hidden), "down_proj": (inner, hidden)}
    if kind in FUSED:
        return {"qkv_proj": (hidden, queries + 2 * keys), "gate_up_proj": (hidden, 2 * inner), **output}
    attention = {"q_proj": (hidden, queries), "k_proj": (hidden, keys), "v_proj": (hidden, keys)}
    return {**attention, "gate_proj": (hidden, inner), "up_proj": (hidden, inner), **output}


def _count_biases(kind: str, settings: Mapping[str, Any], linear: Mapping[str, tuple[int, int]]) -> int:
    has_attention = settings.get("attention_bias") and kind not in NO_BIAS
    biased = [
        *(["q_proj", "k_proj", "v_proj"] if has_attention or kind == "qwen2" else []),
        *(["o_proj"] if has_attention and kind != "qwen2" else []),
        *(["gate_proj", "up_proj", "down_proj"] if settings.get("mlp_bias") and kind not in NO_MLP_BIAS else []),
    ]
    return sum(linear[name][1] for name in biased)


def _count_norms(kind: str, hidden: int, head_size: int) -> int:
    return hidden * (4 if kind in FOUR_NORMS else 2) + (2 * head_size if kind in QUERY_NORM else 0)
