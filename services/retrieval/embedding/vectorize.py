"""The `/v1/embeddings` request: strings or token ids to vectors, within the limits, with the number of tokens."""

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.embedders import Embedders
from services.retrieval.embedding.vectors import Vectors, normalize
from shared.contracts.embeddings import MAX_TOKENS, EmbeddingsRequest
from shared.errors import InvalidRequest, NotFound

Inputs: TypeAlias = Sequence[str | list[int]]

GROUP_CHARACTERS = 100_000  # tokenized in one call; of a request that is refused, the texts after that are not tokenized
# The beginning of a text may have more tokens than the same characters have in the whole text: a word that goes on may be one token
# (BERT's [UNK] of more than 100 characters), and so may the white space before a special token. A beginning that ends at the last white
# space in its last `LONGEST_WORD` characters has at most `SPARE_TOKENS` too many.
SPARE_TOKENS = 200
LONGEST_WORD = 1000
# How many characters of a long text are tokenized first, for each of the tokens that would be too many; then 16 times as many are.
CHARACTERS_PER_TOKEN = (8, 128)
LAST_SPACE = re.compile(r"\s\S*\Z")


def vectorize(request: EmbeddingsRequest, embedders: Embedders) -> tuple[Vectors, int]:
    """Return one vector of length 1 for each input, and the number of tokens of all inputs, without special tokens.

    Raises:
        NotFound: if there is no such model.
        InvalidRequest: if an input is too long or not a token id, if all inputs together are too long, or if the model's vectors
            cannot be shortened to `dimensions`.
    """
    embedder = _find_embedder(request.model, embedders)
    dimensions = _check_dimensions(request.dimensions, embedder)
    prompt = embedder.prompt(request.input_type) if request.input_type else None
    limit, inputs = embedder.max_tokens(prompt), request.inputs
    _check_token_ids(request, inputs, embedder)
    _check_beginnings(request, inputs, embedder, limit)
    texts = [_to_text(each, embedder) for each in inputs]
    token_counts = _count_tokens(request, texts, embedder, limit)
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


def _check_token_ids(request: EmbeddingsRequest, inputs: Inputs, embedder: Embedder) -> None:
    size = embedder.vocabulary_size
    for position, each in enumerate(inputs):
        if isinstance(each, str) or max(each) < size:
            continue
        index = next(index for index, token in enumerate(each) if token >= size)
        path = request.path_of(position, index)
        problem = f"'{path}' must be one of the token ids of '{embedder.name}', which are 0 to {size - 1}; got {each[index]}."
        help = (
            "Ids must come from this model's tokenizer, not OpenAI's. Send strings instead (LangChain: check_embedding_ctx_length=False)."
        )
        raise InvalidRequest(f"{problem} {help}", param=path)


def _check_beginnings(request: EmbeddingsRequest, inputs: Inputs, embedder: Embedder, limit: int) -> None:
    """Refuse an input whose beginning alone has too many tokens, before any is tokenized completely.

    No length in characters is certainly too much: white space and words of any length may have no token, or only one.
    """
    too_many = 2 * max(limit, 0) + SPARE_TOKENS
    for factor in CHARACTERS_PER_TOKEN:
        for position, each in enumerate(inputs):
            if len(each) <= factor * too_many:
                continue
            beginning = _drop_last_word(_to_text(each[: factor * too_many], embedder))
            if embedder.count_tokens([beginning])[0] > too_many:
                raise _too_long(request, position, embedder, limit, f"more than {too_many - SPARE_TOKENS}")


def _drop_last_word(text: str) -> str:
    """Return `text` up to its last white space, if that is not far from the end."""
    space = LAST_SPACE.search(text, max(0, len(text) - LONGEST_WORD))
    return text[: space.start()].rstrip() if space else text


def _to_text(value: str | list[int], embedder: Embedder) -> str:
    return value if isinstance(value, str) else embedder.decode(value)


def _count_tokens(request: EmbeddingsRequest, texts: Sequence[str], embedder: Embedder, limit: int) -> list[int]:
    token_counts: list[int] = []
    for group in _group(texts):
        for count in embedder.count_tokens(group):
            if count > limit:
                raise _too_long(request, len(token_counts), embedder, limit, str(count))
            token_counts.append(count)
        if sum(token_counts) > MAX_TOKENS:
            problem = f"The inputs must have at most {MAX_TOKENS} tokens together; got at least {sum(token_counts)}."
            raise InvalidRequest(f"{problem} Send them in several requests.", param="input")
    return token_counts


def _group(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the texts in groups, each of which ends with the text that fills it."""
    group, length = list[str](), 0
    for text in texts:
        group.append(text)
        length += len(text)
        if length >= GROUP_CHARACTERS:
            yield group
            group, length = [], 0
    if group:
        yield group


def _too_long(request: EmbeddingsRequest, position: int, embedder: Embedder, limit: int, count: str) -> InvalidRequest:
    path = request.path_of(position)
    problem = f"'{path}' must have at most {limit} tokens for '{embedder.name}'; got {count}. Split it into several inputs."
    return InvalidRequest(problem, param=path, code="context_length_exceeded")
