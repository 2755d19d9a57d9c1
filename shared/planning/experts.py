"""The experts of a base model, from its `config.json`: each token uses a few of those in a block (Shazeer et al. 2017, arXiv:1701.06538).

transformers keeps all experts of a block in one tensor, so they are no linear layers that could be adapted or quantized. A shared expert,
which every token uses, has linear layers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.planning.linear_layers import LinearLayer, Settings, list_gated

PLAIN = frozenset({"gpt_oss", "mixtral"})  # have experts in every block, with their width in `intermediate_size`
QWEN = frozenset({"qwen2_moe", "qwen3_moe"})
DEEPSEEK = frozenset({"deepseek_v2", "deepseek_v3"})  # have none in the first blocks
MIXTURES = PLAIN | QWEN | DEEPSEEK
BIASED = frozenset({"gpt_oss"})  # have a bias in experts and routers
# How configurations say how many experts a block has.
COUNTS = ("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts")


@dataclass(frozen=True)
class Experts:
    """Experts with the width `inner` in `blocks` of a model's blocks: `count` in each, of which a token uses `chosen`.

    `shared` is the width of the shared expert in each of these blocks, 0 if there is none.
    """

    hidden: int
    inner: int
    blocks: int
    count: int
    chosen: int
    shared: int = 0
    has_bias: bool = False

    @property
    def parameters(self) -> int:
        """Parameters of all experts, without the shared ones."""
        return self.blocks * self.count * self._each

    @property
    def routers(self) -> int:
        """Parameters of the routers, which choose the experts of a token."""
        return self.blocks * self.count * (self.hidden + self.has_bias)

    @property
    def width(self) -> int:
        """The width of all experts together that a token uses in a block."""
        return self.chosen * self.inner + self.shared

    @property
    def kept(self) -> int:
        """How many numbers a block keeps for a token until the backward pass. Measured, without a GPU.

        The gate of gpt-oss, whose experts have a bias, is computed in more steps. A shared expert is adapted.
        """
        return self.chosen * (self.hidden + (6 if self.has_bias else 3) * self.inner) + 4 * self.shared

    @property
    def _each(self) -> int:
        return 3 * self.hidden * self.inner + self.has_bias * (2 * self.inner + self.hidden)


def read_experts(kind: str, settings: Settings) -> Experts | None:
    """Return the experts of a model; None if it has none, or its configuration does not say how many or how wide they are."""
    count = next((settings[name] for name in COUNTS if settings.get(name)), 0) if kind in MIXTURES else 0
    inner = settings.get("intermediate_size" if kind in PLAIN else "moe_intermediate_size")
    chosen = settings.get("num_experts_per_tok")
    if not count or not inner or not chosen:
        return None
    shared = settings.get("shared_expert_intermediate_size", 0) if kind == "qwen2_moe" else 0
    if kind in DEEPSEEK:
        shared = inner * (settings.get("n_shared_experts") or 0)
    return Experts(settings["hidden_size"], inner, _count_blocks(kind, settings), count, chosen, shared, kind in BIASED)


def list_shared(kind: str, settings: Settings, experts: Experts) -> Sequence[LinearLayer]:
    """Return the linear layers of the shared experts."""
    if not experts.shared:
        return []
    gate = [LinearLayer("shared_expert_gate", experts.hidden, 1, experts.blocks)] if kind in QWEN and experts.blocks else []
    return [*list_gated(kind, settings, experts.shared, experts.blocks), *gate]


def _count_blocks(kind: str, settings: Settings) -> int:
    """Return how many blocks have experts."""
    layers = int(settings["num_hidden_layers"])
    if kind in DEEPSEEK:
        return max(0, layers - int(settings.get("first_k_dense_replace") or 0))
    if kind in QWEN:
        step, without = settings.get("decoder_sparse_step") or 1, settings.get("mlp_only_layers") or ()
        return sum((number + 1) % step == 0 and number not in without for number in range(layers))
    return layers
