"""The `/v1/embeddings` request: strings or token ids to vectors, within the limits, with the number of tokens."""

from collections.abc import Sequence

from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.embedders import Embedders
from services.retrieval.embedding.vectors import Vectors, normalize
from shared.contracts.embeddings import MAX_TOKENS, EmbeddingsRequest
from shared.errors import InvalidRequest, NotFound


def vectorize(request: EmbeddingsRequest, embedders: Embedders) -> tuple[Vectors, int]:
    """Return one vector of length 1 for each input, and the number of tokens of all inputs, without special tokens.

    Raises:
        NotFound: if there is no such model.
        InvalidRequest: if an input is too long or not a token id, if all inputs together are too long, or if the model's vectors
            cannot be shortened to `dimensions`.
    """
    embedder = _find_embedder(request.model, embedders)
    dimensions = _check_dimensions(request.dimensions, embedder)
    texts = [_to_text(each, position, embedder) for position, each in enumerate(request.inputs)]
    prompt = embedder.prompt(request.input_type) if request.input_type else None
    token_counts = _count_tokens(texts, embedder, embedder.max_tokens(prompt))
    vectors = embedder.embed_texts(texts, token_counts, prompt)[:, :dimensions]
    return normalize(vectors), sum(token_counts)


def _find_embedder(name: str, embedders: Embedders) -> Embedder:
    try:
        return embedders.find(name)
    except InvalidRequest as error:
        raise NotFound(error.message, param="model", code="model_not_found") from error


def _check_dimensions(dimensions: int | None, embedder: Embedder) -> int:
    if dimensions is None or dimensions == embedder.dimension:
        return embedder.dimension
    if not embedder.is_matryoshka:
        problem = f"'dimensions' must be {embedder.dimension} for '{embedder.name}', or left out; got {dimensions}."
        raise InvalidRequest(f"{problem} RETRIEVAL_MATRYOSHKA_MODELS names the models that support fewer.", param="dimensions")
    if dimensions > embedder.dimension:
        problem = f"'dimensions' must be at most {embedder.dimension} for '{embedder.name}'; got {dimensions}."
        raise InvalidRequest(problem, param="dimensions")
    return dimensions


def _to_text(value: str | Sequence[int], position: int, embedder: Embedder) -> str:
    if isinstance(value, str):
        return value
    size = embedder.vocabulary_size
    if max(value) >= size:
        problem = f"'input[{position}]' has the token id {max(value)}; the ids of '{embedder.name}' are 0 to {size - 1}."
        help = (
            "Ids must come from this model's tokenizer, not OpenAI's. Send strings instead (LangChain: check_embedding_ctx_length=False)."
        )
        raise InvalidRequest(f"{problem} {help}", param="input")
    return embedder.decode(value)


def _count_tokens(texts: list[str], embedder: Embedder, limit: int) -> list[int]:
    token_counts = embedder.count_tokens(texts)
    for position, count in enumerate(token_counts):
        if count > limit:
            raise InvalidRequest(
                f"'input[{position}]' must have at most {limit} tokens for '{embedder.name}'; got {count}. Split it into several inputs.",
                param="input",
                code="context_length_exceeded",
            )
    if sum(token_counts) > MAX_TOKENS:
        problem = f"The inputs must have at most {MAX_TOKENS} tokens together; got {sum(token_counts)}. Send them in several requests."
        raise InvalidRequest(problem, param="input")
    return token_counts
