"""Which examples belong together, so that a split puts no conversation into two parts.

Two examples belong together if their responses continue the same first response, if they have the same prompt, or if the prompt of one
repeats the other with its answer, as clients do that send the whole conversation each time. Case and white space do not matter. Memory:
about 300 bytes an example, whatever its length.
"""

from array import array
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

from services.evaluation.datasets.distillation.chat_messages import Message

KEY_BYTES = 8
FIRST_RESPONSE, PROMPT = "first response", "prompt"


class Conversations:
    """The conversations of examples, which are numbered from 0 in the order in which they are added."""

    def __init__(self) -> None:
        self._parents: array[int] = array("q")
        self._owners: dict[int, int] = {}
        self._answered: dict[int, int] = {}
        self._continuing: array[int] = array("q")
        self._continued: array[int] = array("q")

    def __len__(self) -> int:
        """Return the number of examples."""
        return len(self._parents)

    def add(self, first_id: str, prompt: Sequence[Message], reply: Message) -> None:
        """Add an example. `first_id` is the id of the first response of its conversation; `prompt` has no system messages."""
        number = len(self._parents)
        self._parents.append(number)
        *prefixes, asked, answered = _hash_prefixes([*prompt, reply])
        for key in (_hash(FIRST_RESPONSE, first_id), _hash(PROMPT, str(asked))):
            self._join(self._owners.setdefault(key, number), number)
        self._join(self._answered.setdefault(answered, number), number)
        # Linked at the end: responses come newest first, so the one that is continued is not known yet.
        for message, key in zip(prompt[:-1], prefixes, strict=True):
            if message["role"] == "assistant":
                self._continuing.append(number)
                self._continued.append(key)

    def group(self) -> list[int]:
        """Return the conversation of each example: the number of one of its examples."""
        for number, key in zip(self._continuing, self._continued, strict=True):
            if key in self._answered:
                self._join(self._answered[key], number)
        return [self._find(number) for number in range(len(self._parents))]

    def _join(self, first: int, second: int) -> None:
        roots = sorted((self._find(first), self._find(second)))
        self._parents[roots[1]] = roots[0]

    def _find(self, number: int) -> int:
        while self._parents[number] != number:
            self._parents[number] = self._parents[self._parents[number]]
            number = self._parents[number]
        return number


def _hash_prefixes(messages: Sequence[Message]) -> Iterator[int]:
    """Yield the hash of the first message, of the first two, and so on."""
    digest = blake2b(digest_size=KEY_BYTES)
    for message in messages:
        for text in (message["role"], _normalize(message.get("content")), _normalize(message.get("tool_calls"))):
            digest.update(f"{len(text)}:{text}".encode(errors="replace"))
        yield _to_key(digest.copy().digest())


def _normalize(value: Any) -> str:
    return " ".join(str(value or "").casefold().split())


def _hash(kind: str, text: str) -> int:
    return _to_key(blake2b(f"{kind}:{text}".encode(errors="replace"), digest_size=KEY_BYTES).digest())


def _to_key(digest: bytes) -> int:
    return int.from_bytes(digest, "big", signed=True)
