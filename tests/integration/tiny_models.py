"""Small models with random weights, made on the spot: their answers mean nothing, but they are loaded and run like real ones."""

from pathlib import Path

from tests.integration.retrieval_service import model_folder


def make_embedder(folder: Path, prompts: dict[str, str] | None = None, width: int = 32) -> str:
    """Write a sentence-transformers model with vectors of `width` numbers and a window of 64 tokens; return its folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    network = _network(folder, BertModel, BertConfig, width)
    transformer = Transformer(str(network), max_seq_length=64)
    model = SentenceTransformer(modules=[transformer, Pooling(width)], prompts=prompts or {}, device="cpu")
    model.save(str(folder / "model"), create_model_card=False)
    return str(folder / "model")


def make_reranker(folder: Path, labels: int = 1) -> str:
    """Write a cross-encoder with `labels` logits, weights large enough that texts differ clearly; return its folder."""
    from transformers import BertConfig, BertForSequenceClassification

    return str(_network(folder, BertForSequenceClassification, BertConfig, 32, num_labels=labels, initializer_range=0.5))


def _network(folder: Path, kind: object, config: object, width: int, **options: object) -> Path:
    import torch
    from transformers import AutoTokenizer

    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(model_folder())
    sizes = {"hidden_size": width, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 2 * width}
    network = kind(config(vocab_size=len(tokenizer), max_position_embeddings=128, **sizes, **options))  # type: ignore[operator]
    network.save_pretrained(folder / "network")
    tokenizer.save_pretrained(folder / "network")
    return folder / "network"
