"""The size of a base model, from its `config.json` alone: its parameters, its linear layers, and the parameters of an adapter for them.

Decoders that are built like Llama are known: attention, then two or three matrices with a gate, or experts. With experts, blocks differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.contracts.fine_tuning import ALL_LINEAR
from shared.planning.experts import MIXTURES, list_shared, read_experts
from shared.planning.linear_layers import LATENT, LinearLayer, Settings, list_attention, list_gated, list_latent_widths, read_head_size

QUERY_NORM = frozenset({"qwen3", "qwen3_moe", "gemma3_text"})  # normalize each head's queries and keys
FOUR_NORMS = frozenset({"gemma2", "gemma3_text"})  # have norms also after attention and after the matrices of a block
TIED = frozenset({"gemma", "gemma2", "gemma3_text", "smollm3"})  # use the embedding as output layer unless the configuration says otherwise
SINKS = frozenset({"gpt_oss"})  # have a parameter for each head, to which its attention may go; PyTorch's fast attention has none
KNOWN = QUERY_NORM | FOUR_NORMS | TIED | MIXTURES | {"granite", "llama", "mistral", "phi3", "qwen2"}
LLAMA = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "vocab_size": 32_000, "num_attention_heads": 16}


@dataclass(frozen=True)
class ModelSize:
    """`linear` are the linear layers of the blocks, which can be adapted. `parameters` counts all weights.

    `inner` is the width of the matrices or experts that a token uses in a block, the largest of any block. `attention` is that of its
    queries, keys and values together. `is_known` says whether the counts are exact: False if the model may be built in another way.

    `experts` are the weights of all experts. A block keeps `expert_activations` numbers for a token until the backward pass.
    `keeps_attention` says whether it also keeps how much each token attends to each other one.
    """

    hidden: int
    inner: int
    layers: int
    heads: int
    vocabulary: int
    linear: Sequence[LinearLayer]
    parameters: int
    is_known: bool
    experts: int = 0
    attention: int = 0
    expert_activations: int = 0
    keeps_attention: bool = False

    @property
    def linear_parameters(self) -> int:
        """Weights of the linear layers in all blocks, which QLoRA stores in 4 bits."""
        return sum(layer.weights for layer in self.linear)

    @property
    def block_parameters(self) -> int:
        """Weights of the linear layers and experts of one block, on average."""
        return (self.linear_parameters + self.experts) // self.layers

    def count_adapter_parameters(self, rank: int, modules: str | list[str]) -> int:
        """Return the weights of an adapter: `rank` times inputs plus outputs of each adapted layer (Hu et al. 2021).

        A layer with an unknown name counts like the largest one, in every block.
        """
        names = {layer.name for layer in self.linear}
        adapted = [layer for layer in self.linear if modules == ALL_LINEAR or layer.name in modules]
        unknown = 0 if modules == ALL_LINEAR else sum(name not in names for name in modules)
        largest = self.layers * max(layer.inputs + layer.outputs for layer in self.linear)
        return rank * (sum(layer.blocks * (layer.inputs + layer.outputs) for layer in adapted) + unknown * largest)


def read_model_size(config: Mapping[str, Any]) -> ModelSize:
    """Return the size of the model with this configuration. What it does not say is as in Llama."""
    settings: Settings = {**LLAMA, **config, **(config.get("text_config") or {})}
    kind = str(settings.get("model_type", ""))
    hidden, layers, vocabulary = settings["hidden_size"], settings["num_hidden_layers"], settings["vocab_size"]
    experts = read_experts(kind, settings)
    dense = layers - (experts.blocks if experts else 0)
    attention = list_attention(kind, settings)
    linear = [*attention, *list_gated(kind, settings, settings["intermediate_size"], dense)]
    linear += list_shared(kind, settings, experts) if experts else []
    blocks = sum(layer.parameters for layer in linear) + layers * _count_small(kind, settings)
    blocks += experts.parameters + experts.routers if experts else 0
    embeddings = vocabulary * hidden * (1 if settings.get("tie_word_embeddings", kind in TIED) else 2)
    return ModelSize(
        hidden=hidden,
        inner=max(settings["intermediate_size"] if dense else 0, experts.width if experts else 0),
        layers=layers,
        heads=settings["num_attention_heads"],
        vocabulary=vocabulary,
        linear=linear,
        parameters=embeddings + blocks + hidden,
        is_known=kind in KNOWN and "vision_config" not in settings and (experts is not None or kind not in MIXTURES),
        experts=experts.parameters if experts else 0,
        attention=sum(layer.outputs for layer in attention if layer.name != "o_proj"),
        expert_activations=experts.kept if experts else 0,
        keeps_attention=kind in SINKS,
    )


def _count_small(kind: str, settings: Settings) -> int:
    """Return the parameters of a block that are in no matrix: those of its norms and of its attention."""
    heads = 2 * read_head_size(settings) if kind in QUERY_NORM else 0
    latent = sum(list_latent_widths(settings)) if kind in LATENT else 0
    sinks = settings["num_attention_heads"] if kind in SINKS else 0
    return int(settings["hidden_size"] * (4 if kind in FOUR_NORMS else 2) + heads + latent + sinks)
