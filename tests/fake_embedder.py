"""An embedder in plain Python, for tests."""

import hashlib
import re
from collections.abc import Callable, Sequence

import numpy as np

from services.retrieval.embedding.vectors import Vectors

TOKEN = re.compile(r"\w+|[^\w\s]")
WORD = re.compile(r"\w+")


class WordEmbedder:
    """Texts that share words are close to each other; a token is a word or a punctuation mark. `before_batch` is called before each.

    Its token ids are those of ten words.
    """

    space = "words"
    name = "words"
    dimension = 64
    is_matryoshka = False
    vocabulary_size = 10

    def __init__(self) -> None:
        self.before_batch: Callable[[], None] = lambda: None
        self.embedded: list[str] = []
        self.is_loaded = False

    def load(self) -> None:
        """Remember that it was loaded."""
        self.is_loaded = True

    def check(self) -> None:
        """Do nothing: it is always available."""

    def close(self) -> None:
        """Do nothing."""

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in TOKEN.finditer(text)]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(self.token_offsets(text)) for text in texts]

    def prompt(self, kind: str) -> str | None:
        return None

    def max_tokens(self, prompt: str | None = None) -> int:
        return 64

    def decode(self, tokens: Sequence[int]) -> str:
        return " ".join(f"word{token}" for token in tokens)

    def embed_texts(self, texts: Sequence[str], token_counts: Sequence[int], prompt: str | None) -> Vectors:
        return np.array([self.embed_query(text) for text in texts], np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.before_batch()
        self.embedded += texts
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(len(texts), self.dimension)

    def embed_query(self, text: str) -> list[float]:
        vector = [0.01] * self.dimension
        for word in WORD.findall(text.lower()):
            vector[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1.0
        length = sum(number * number for number in vector) ** 0.5
        return [number / length for number in vector]

    def start_query(self, text: str) -> Callable[[], list[float]]:
        return lambda: self.embed_query(text)


class LetterEmbedder(WordEmbedder):
    """A second embedder, whose vectors are in another space."""

    space = "letters"
    name = "letters"
    dimension = 32
