"""JSON Schemas with any mixture of what the library of the Harmony format knows, and some things that it does not."""

import random
from collections.abc import Sequence
from typing import Any

WORDS = ("Spüle", "山 🙂", "a\nb", " x ", "it's 12345", "\n\n", "«q»", '"', "\\n", "null", "-", "I'LL_say/it")
NUMBERS = (1, -0.0, 1.5e300, 1e16, 123456789012345680.0, 1e-5, 2.5e-5, 1e-6, 0.1, 2**64, -(2**63), 2**70)
SCALARS: Sequence[Any] = ("string", "number", "integer", "boolean", "null", None)
TYPES: Sequence[Any] = (*SCALARS, "object", "object", "array", ["string", "integer", "null"], [])
NAMES = ("z", "y", "x", "a", "b", "ä", "with space")
MAX_DEPTH = 4
FIELDS: dict[str, Sequence[Any]] = {
    "description": [*WORDS, ""],
    "title": WORDS,
    "nullable": [True, False],
    "examples": [list(WORDS), [1, "x"], [], "x"],
    "enum": [["a", "b"], ["ä", 1, None], [], [1, 2], ['"']],
    "$ref": ["#/x"],
    "const": [1],
    "default": [*WORDS, *NUMBERS, None, True, [1, "ä", {"b": 1.0, "a": []}], {}],
    "required": [["a", "x"], ["z", 1], "a", []],
    "oneOf": ["x"],
}
CHANCES = {"required": 0.5, "oneOf": 0.02}
OTHERWISE = 0.25


def make_schema(chance: random.Random, depth: int = 0) -> dict[str, Any]:
    """Return a schema, of the same kind for the same `chance`."""
    schema = {name: chance.choice(values) for name, values in FIELDS.items() if chance.random() < CHANCES.get(name, OTHERWISE)}
    kind = chance.choice(TYPES if depth < MAX_DEPTH else SCALARS)
    if kind is not None:
        schema["type"] = kind
    if kind == "object" and chance.random() < 0.9:
        schema["properties"] = {chance.choice(NAMES): _make_inner(chance, depth) for _ in range(chance.randrange(5))}
    if kind == "array" and chance.random() < 0.9:
        schema["items"] = _make_inner(chance, depth)
    if depth < MAX_DEPTH and chance.random() < 0.15:
        schema[chance.choice(["oneOf", "oneOf", "anyOf"])] = [_make_inner(chance, depth) for _ in range(chance.randrange(4))]
    return schema


def _make_inner(chance: random.Random, depth: int) -> Any:
    return chance.random() < 0.5 if chance.random() < 0.03 else make_schema(chance, depth + 1)
