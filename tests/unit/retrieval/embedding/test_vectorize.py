"""How long the inputs of `/v1/embeddings` may be, and how little is tokenized of a request that is refused."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers

from services.retrieval.embedding.embedders import Embedders
from services.retrieval.embedding.vectorize import vectorize
from shared.contracts.embeddings import EmbeddingsRequest
from shared.errors import InvalidRequest
from tests.fake_embedder import WordEmbedder

LIMIT = 64
ENGLISH = "The seal on the valve is turquoise, and the second crew replaced it in 1997. "
PIECES = [
    "a",
    "ab",
    "abc " * 20,
    " ",
    " " * 900,
    "\n\n",
    "b" * 50,
    "b" * 5000,
    "!",
    "e\u0301",
    "\u0301" * 700,
    "\u200b" * 300,
    "漢字",
    "[MASK]",
]


class RecordingEmbedder(WordEmbedder):
    """Remembers how many characters it tokenized."""

    tokenized = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        self.tokenized += sum(len(text) for text in texts)
        return super().count_tokens(texts)


class TokenizerEmbedder(WordEmbedder):
    """Has a tokenizer of the library that real models use."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.tokenizer = tokenizer

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(each) for each in self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]


def count(embedder: Any, value: Any) -> int:
    """Return the number of tokens of the inputs."""
    return vectorize(EmbeddingsRequest.model_validate({"model": "words", "input": value}), Embedders([embedder]))[1]


def word_pieces() -> Tokenizer:
    """A tokenizer like BERT's: white space and accents have no token, a word of more than 100 characters has one."""
    words = ["[UNK]", "[MASK]", "a", "b", "e", "!", "ab", "##a", "##b", "##c", "##bc", "漢"]
    tokenizer = Tokenizer(models.WordPiece({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def byte_pairs() -> Tokenizer:
    """A tokenizer like RoBERTa's: its special token takes the white space before it, which has tokens elsewhere."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("a", "b"), ("ab", "c"), ("Ġ", "Ġ"), ("Ġ", "abc")]
    vocabulary = {token: number for number, token in enumerate([*alphabet, *("".join(pair) for pair in merges)])}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def unigrams() -> Tokenizer:
    """A tokenizer like XLM-R's: a text without white space is one word, and characters that it does not know are one token together."""
    scores = {
        "<unk>": -9.0,
        "▁": -2.0,
        "a": -2.0,
        "b": -2.1,
        "c": -2.2,
        "e": -2.2,
        "!": -3.0,
        "ab": -3.0,
        "▁abc": -4.0,
        "漢": -5.0,
        "bbbb": -6.0,
    }
    tokenizer = Tokenizer(models.Unigram(list(scores.items()), unk_id=0))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("a " * 99_500, "input"),
        (["a " * 99_500] * 45, "input[0]"),
        ([(ENGLISH * 3000)[:199_000]] * 16, "input[0]"),
        ([*["a"] * 3, "漢 " * 99_500], "input[3]"),
        (["a" * 150_000, " " * 190_000, "a " * 99_500], "input[2]"),
        ([1] * 200_000, "input"),
        ([[1], [2] * 100_000, [3] * 100_000], "input[1]"),
    ],
)
def test_an_input_that_is_far_too_long_is_refused_by_its_beginning(value: Any, path: str) -> None:
    embedder = RecordingEmbedder()
    with pytest.raises(InvalidRequest) as refused:
        count(embedder, value)
    expected = f"'{path}' must have at most 64 tokens for 'words'; got more than 128. Split it into several inputs."
    assert (refused.value.message, refused.value.param, refused.value.code) == (expected, path, "context_length_exceeded")
    assert embedder.tokenized < 50_000


def test_the_inputs_after_one_that_is_too_long_are_not_tokenized() -> None:
    embedder = RecordingEmbedder()
    with pytest.raises(InvalidRequest, match=r"^'input\[1\]' must have at most 64 tokens for 'words'; got 1000\. Split"):
        count(embedder, ["a", *["a " * 1000] * 2000])
    assert embedder.tokenized < 200_000


def test_inputs_that_have_too_many_tokens_together_are_not_all_tokenized() -> None:
    class Long(RecordingEmbedder):
        def max_tokens(self, prompt: str | None = None) -> int:
            return 8192

    embedder = Long()
    with pytest.raises(InvalidRequest, match=r"at most 300000 tokens together; got at least 3[0-9]{5}\. Send them in several requests"):
        count(embedder, ["a " * 8000] * 600)
    assert embedder.tokenized < 1_000_000


@pytest.mark.parametrize(
    ("value", "tokens"),
    [
        (" " * 199_000, 0),
        ("b" * 199_000, 1),
        ("\u0301" * 199_000, 0),
        ("\u200b" * 199_000, 0),
        ((" " * 3000 + "a") * 64, 64),
        (["a " * 64] * 3, 192),
    ],
)
def test_an_input_of_any_length_is_accepted_if_its_tokens_fit(value: Any, tokens: int) -> None:
    assert count(TokenizerEmbedder(word_pieces()), value) == tokens


@pytest.mark.parametrize("make", [word_pieces, byte_pairs, unigrams])
def test_an_input_is_refused_exactly_if_it_has_too_many_tokens(make: Callable[[], Tokenizer]) -> None:
    tokenizer, generator = make(), random.Random(7)
    tokenizer.add_special_tokens([AddedToken("[MASK]", lstrip=True)])
    embedder, outcomes = TokenizerEmbedder(tokenizer), {True: 0, False: 0}
    for _ in range(300):
        text = "".join(piece * generator.choice([1, 1, 3, 40]) for piece in generator.choices(PIECES, k=generator.randint(1, 30)))[:199_000]
        text = generator.choice([text, " " * generator.randint(1, 60_000) + text[:20] + "[MASK]"])
        (expected,) = embedder.count_tokens([text])
        outcomes[expected <= LIMIT] += 1
        if expected <= LIMIT:
            assert count(embedder, text) == expected
        else:
            with pytest.raises(InvalidRequest, match="at most 64 tokens"):
                count(embedder, text)
    assert min(outcomes.values()) > 10
