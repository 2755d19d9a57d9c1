"""A small general text, for measuring whether a model still predicts ordinary language as well as before a training.

It is English, and of several kinds: explanation, instruction, story, news, program. It is short, because without a GPU, a hundred tokens
take about half a second. A change to it changes the perplexities of all models.
"""

from pathlib import Path

from tokenizers import Tokenizer

TEXT = Path(__file__).with_name("general_text.txt")
BETWEEN_PASSAGES = "\n====\n"


def read_passages() -> list[str]:
    """Return the passages of the text."""
    return TEXT.read_text(encoding="utf-8").strip().split(BETWEEN_PASSAGES)


def encode_general_text(base: Path) -> list[list[int]]:
    """Return the passages as the tokens of the base model in the folder `base`."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return [tokenizer.encode(passage).ids for passage in read_passages()]
