"""Texts (or token ids) to vectors, for callers who want the vectors themselves: checks the limits, counts the tokens."""

from typing import Any

import numpy as np

from services.retrieval.embedding.embed import Embedder, Vectors
from services.retrieval.embedding.embedders import Embedders
from shared.contracts.embeddings import MAX_TOKENS, EmbeddingsRequest
from shared.errors import InvalidRequest, NotFound


def vectorize(asked: EmbeddingsRequest, embedders: Embedders) -> tuple[Vectors, int]:
    """Return one vector of length 1 for each input, and how many tokens they have together, special ones not counted.

    Raises:
        NotFound: there is no such model.
        InvalidRequest: an input is too long or no token id, all together are too long, or the model's vectors cannot be cut to
            `dimensions`.
    """
    embedder = _named(asked.model, embedders)
    width = _width(asked.dimensions, embedder)
    texts = [_text(each, number, embedder) for number, each in enumerate(asked.inputs)]
    prompt = embedder.prompt(asked.input_type) if asked.input_type else None
    sizes = _sizes(texts, embedder, embedder.room(prompt))
    vectors = embedder.embed_texts(texts, sizes, prompt)[:, :width]
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), sum(sizes)


def _named(name: str, embedders: Embedders) -> Embedder:
    try:
        return embedders.named(name)
    except InvalidRequest as error:
        raise NotFound(error.message, param="model", code="model_not_found") from error


def _width(wanted: int | None, embedder: Embedder) -> int:
    if wanted is None or wanted == embedder.dimension:
        return embedder.dimension
    if wanted > embedder.dimension or not embedder.can_be_cut:
        cut = "at most" if embedder.can_be_cut else "always"
        problem = f"Vectors of '{embedder.name}' have {cut} {embedder.dimension} numbers"
        raise InvalidRequest(f"{problem} (RETRIEVAL_MATRYOSHKA_MODELS names the models that can have fewer).", param="dimensions")
    return wanted


def _text(given: Any, number: int, embedder: Embedder) -> str:
    if isinstance(given, str):
        return given
    largest = embedder.vocabulary
    if max(given) >= largest:
        problem = f"'input[{number}]' has the token id {max(given)}; those of '{embedder.name}' go from 0 to {largest - 1}."
        better = "Ids must come from its own tokenizer, not OpenAI's; better send texts (LangChain: `check_embedding_ctx_length=False`)."
        raise InvalidRequest(f"{problem} {better}", param="input")
    return embedder.decode(given)


def _sizes(texts: list[str], embedder: Embedder, room: int) -> list[int]:
    sizes = embedder.sizes(texts)
    for number, size in enumerate(sizes):
        if size > room:
            raise InvalidRequest(
                f"'input[{number}]' has {size} tokens; '{embedder.name}' reads at most {room} at once. Cut it into pieces.",
                param="input",
                code="context_length_exceeded",
            )
    if sum(sizes) > MAX_TOKENS:
        raise InvalidRequest(f"The inputs have {sum(sizes)} tokens together; send at most {MAX_TOKENS} at once.", param="input")
    return sizes
