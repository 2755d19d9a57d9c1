"""What the service (`model_client.py`) and the process that runs the models (`model_server.py`) send each other."""

from dataclasses import dataclass

from shared.workers.child_calls import CallFailed


@dataclass(frozen=True)
class LoadModel:
    """Load a model: its folder or Hugging Face id, its precision, and how many texts and tokens a batch has (0 tokens: as suits)."""

    source: str
    precision: str
    batch_size: int
    batch_tokens: int = 0


@dataclass(frozen=True)
class EmbedTexts:
    """Embed texts, whose lengths in tokens are given, each after the prompt."""

    texts: list[str]
    token_counts: list[int]
    prompt: str | None
    is_urgent: bool


@dataclass(frozen=True)
class UnloadModel:
    """Free the model's memory."""


Action = LoadModel | EmbedTexts | UnloadModel


@dataclass(frozen=True)
class ModelInfo:
    """The properties of a loaded model. `max_tokens` is its window; `tokenizer` is in the JSON format of the tokenizers library.

    `packing_error` says why its weights were not packed, if they should have been (`packed_linear.py`).
    """

    dimension: int
    max_tokens: int
    prompts: dict[str, str]
    tokenizer: str
    dtype: str
    device: str
    packing_error: str | None


@dataclass(frozen=True)
class ModelCall:
    """A request of the service: an action for the model called `model`."""

    model: str
    action: Action


class ModelNotLoaded(CallFailed):
    """The model is not in memory: it was unloaded, or the process has been restarted."""
