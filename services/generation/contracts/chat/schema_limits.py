"""How large a schema may be that an answer, or the arguments of a function, must match.

The engine compiles a schema while every other structured answer waits. The limits are those of OpenAI, except that it takes no optional
properties and fewer values. Each property that may be left out costs more than the one before, so there are fewer of these.
"""

import json
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator

from shared.validation.json_schema import OF_SCHEMAS, subschemas
from shared.validation.locate import error_at
from shared.validation.schema import Path

MAX_VALUES = 5_000
COUNTED = {*OF_SCHEMAS, "enum", "const"}


class SchemaSize(NamedTuple):
    """How much of a schema the engine has to compile."""

    properties: int = 0
    optional: int = 0
    values: int = 0
    characters: int = 0

    def plus(self, other: "SchemaSize") -> "SchemaSize":
        """Return the size of both schemas together."""
        return SchemaSize(*map(sum, zip(self, other, strict=True)))

    def problem(self, where: str = "in all") -> str | None:
        """Return what is too much, as the predicate of a sentence; None if nothing is."""
        for size, (most, what) in zip(self, LIMITS, strict=True):
            if size > most:
                return f"must have at most {most:,} {what} {where}; got {size:,}"
        return None


LIMITS = (
    (5_000, "properties"),
    (1_000, "properties that are not in 'required'"),
    (MAX_VALUES, "values of 'enum'"),
    (120_000, "characters in names of properties and definitions and in values of 'enum' and 'const'"),
)
SCHEMA_LIMITS = f"In all, at most {'; '.join(f'{most:,} {what}' for most, what in LIMITS)}."
Located = tuple[Path, Mapping[str, Any] | None]
"""The path of a schema in the request, and the schema."""


def measure(schema: Any) -> SchemaSize:
    """Return the size of a schema, with all schemas in it."""
    return reduce(SchemaSize.plus, map(_measure_one, (each for each in subschemas(schema) if not COUNTED.isdisjoint(each))), SchemaSize())


def check_schemas(schemas: Iterable[Located]) -> None:
    """Check the schemas of the parameters of functions. Together they may be as large as one schema, but for optional properties.

    Raises:
        PydanticCustomError: about the schema that is too large, or about the first part of its path if they are it together.
    """
    total = SchemaSize()
    for path, schema in schemas:
        size = measure(schema)
        total = total.plus(size)
        if problem := size.problem():
            raise error_at(path, ValueError(problem))
        if problem := total._replace(optional=0).problem("in the parameters of its functions"):
            raise error_at(path[:1], ValueError(problem))


def check_schema(schema: Any) -> Any:
    """Return a schema, or an object that has schemas. It may be written as JSON. Raise ValueError if it is too large."""
    try:
        parsed = json.loads(schema) if isinstance(schema, str) else schema
    except (ValueError, RecursionError):
        return schema  # the engine says what is wrong with it
    if problem := measure(parsed).problem():
        raise ValueError(problem)
    return schema


LimitedSchema = Annotated[dict[str, Any], AfterValidator(check_schema)]
LimitedText = Annotated[str, AfterValidator(check_schema)]


def _measure_one(schema: Mapping[str, Any]) -> SchemaSize:
    named = {name: each for name in OF_SCHEMAS if isinstance(each := schema.get(name), dict)}
    properties = named.get("properties", {})
    required = schema.get("required")
    names = {each for each in required if isinstance(each, str)} if isinstance(required, list) else set[str]()
    values = [each for each in [schema.get("enum")] if isinstance(each, list)]
    texts = [*(text for each in named.values() for text in each), *(text for each in values for text in each), schema.get("const", "")]
    return SchemaSize(len(properties), len(properties.keys() - names), sum(map(len, values)), sum(map(_length, texts)))


def _length(value: Any) -> int:
    return len(value if isinstance(value, str) else json.dumps(value))
