"""The linear layers of a base model, from its `config.json`: those of the attention, and the matrices with a gate after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Settings = Mapping[str, Any]

FUSED = frozenset({"phi3"})  # store queries, keys and values in one matrix, and gate and up in another
LATENT = frozenset({"deepseek_v2", "deepseek_v3"})  # compress queries, keys and values (multi-head latent attention, arXiv:2405.04434)
QUERY_BIAS = frozenset({"qwen2", "qwen2_moe"})  # have a bias for queries, keys and values, and no other
NO_BIAS = frozenset({"mistral", "mixtral", "phi3"})  # ignore `attention_bias`
ALWAYS_BIAS = frozenset({"gpt_oss"})  # have `attention_bias` unless the configuration says otherwise
# Ignore `mlp_bias`.
NO_MLP_BIAS = NO_BIAS | {"deepseek_v3", "gemma", "gemma2", "gemma3_text", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe"}
LATENT_HEADS = {"qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128}  # the widths of a head, and transformers' defaults


@dataclass(frozen=True)
class LinearLayer:
    """A linear layer that `blocks` blocks of the model have. `name` is the last part of its name."""

    name: str
    inputs: int
    outputs: int
    blocks: int
    has_bias: bool = False

    @property
    def weights(self) -> int:
        """Weights of the layer in all blocks, without its bias."""
        return self.blocks * self.inputs * self.outputs

    @property
    def parameters(self) -> int:
        """Weights and biases of the layer in all blocks."""
        return self.weights + self.blocks * self.outputs * self.has_bias


def read_head_size(settings: Settings) -> int:
    """Return the width of one head of the attention."""
    return int(settings.get("head_dim") or settings["hidden_size"] // settings["num_attention_heads"])


def list_attention(kind: str, settings: Settings) -> list[LinearLayer]:
    """Return the layers of the attention, which every block has."""
    if kind in LATENT:
        return _list_latent_attention(settings)
    hidden, heads, blocks = settings["hidden_size"], settings["num_attention_heads"], settings["num_hidden_layers"]
    head_size = read_head_size(settings)
    queries, keys = heads * head_size, head_size * (settings.get("num_key_value_heads") or heads)
    has_bias = kind not in NO_BIAS and bool(settings.get("attention_bias", kind in ALWAYS_BIAS))
    output = LinearLayer("o_proj", queries, hidden, blocks, has_bias and kind not in QUERY_BIAS)
    if kind in FUSED:
        return [LinearLayer("qkv_proj", hidden, queries + 2 * keys, blocks), output]
    inputs = {"q_proj": queries, "k_proj": keys, "v_proj": keys}
    if kind in QUERY_BIAS:
        has_bias = bool(settings.get("qkv_bias", True))
    return [*(LinearLayer(name, hidden, width, blocks, has_bias) for name, width in inputs.items()), output]


def list_gated(kind: str, settings: Settings, inner: int, blocks: int) -> list[LinearLayer]:
    """Return the matrices with a gate of so many blocks; `inner` is the width between them."""
    hidden, has_bias = settings["hidden_size"], bool(settings.get("mlp_bias")) and kind not in NO_MLP_BIAS
    if not blocks:
        return []
    into = {"gate_up_proj": 2 * inner} if kind in FUSED else {"gate_proj": inner, "up_proj": inner}
    layers = [LinearLayer(name, hidden, width, blocks, has_bias) for name, width in into.items()]
    return [*layers, LinearLayer("down_proj", inner, hidden, blocks, has_bias)]


def list_latent_widths(settings: Settings) -> list[int]:
    """Return the widths to which queries are compressed, if they are, and keys with values."""
    queries, keys = settings.get("q_lora_rank", 1536), settings.get("kv_lora_rank", 512)
    return [*([queries] if queries else []), keys]


def _list_latent_attention(settings: Settings) -> list[LinearLayer]:
    hidden, heads, blocks = settings["hidden_size"], settings["num_attention_heads"], settings["num_hidden_layers"]
    plain, rotated, values = (settings.get(name, default) for name, default in LATENT_HEADS.items())
    has_bias = bool(settings.get("attention_bias"))
    *compressed, keys = list_latent_widths(settings)
    queries = heads * (plain + rotated)
    layers = [LinearLayer("q_proj", hidden, queries, blocks)]
    if compressed:
        [width] = compressed
        layers = [LinearLayer("q_a_proj", hidden, width, blocks, has_bias), LinearLayer("q_b_proj", width, queries, blocks)]
    return [
        *layers,
        LinearLayer("kv_a_proj_with_mqa", hidden, keys + rotated, blocks, has_bias),
        LinearLayer("kv_b_proj", keys, heads * (plain + values), blocks),
        LinearLayer("o_proj", heads * values, hidden, blocks, has_bias),
    ]
