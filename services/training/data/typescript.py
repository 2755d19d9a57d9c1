"""Writes the functions that a model may call as TypeScript, as the Harmony format shows them to gpt-oss.

vLLM leaves this to the library of the format (`json_schema_to_typescript` in its `encoding.rs`), so each quirk here is the library's: what
it does not know, such as `anyOf`, is `any`; only the first line of a description is a comment; and `null` is `any`, too.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

SCALARS = {"number": "number", "integer": "number", "boolean": "boolean"}
SMALLEST_INTEGER, LARGEST_INTEGER = -(2**63), 2**64 - 1  # the library reads others as floating-point numbers


def write_functions(functions: Sequence[Mapping[str, Any]]) -> str:
    """Return the functions of `tools` as a namespace with a heading."""
    written = "".join(_write_function(function) for function in functions)
    return f"# Tools\n\n## functions\n\nnamespace functions {{\n\n{written}}} // namespace functions"


def _write_function(function: Mapping[str, Any]) -> str:
    comment = "".join(f"// {line}\n" for line in _split_lines(function.get("description") or ""))
    parameters = function.get("parameters")
    taken = "" if parameters is None else f"_: {write_type(parameters)}"
    return f"{comment}type {function['name']} = ({taken}) => any;\n\n"


def write_type(schema: Any, indent: str = "") -> str:
    """Return the type that a JSON Schema describes. `indent` is before each of its lines but the first."""
    schema = _fields(schema)
    kind, variants = schema.get("type"), schema.get("oneOf")
    if isinstance(variants, list):
        return "".join(f"\n{indent} | {_write_variant(variant, indent)}" for variant in variants)
    if isinstance(kind, list) and (names := [each for each in kind if isinstance(each, str)]):
        return " | ".join("number" if name == "integer" else name for name in names)
    if kind == "object":
        description = _texts(schema.get("description"))
        properties = "".join(_write_properties(schema, indent))
        return "".join(f"{indent}// {text}\n" for text in description) + f"{{\n{properties}{indent}}}"
    if kind == "string":
        return " | ".join(f'"{value}"' for value in _enumerate(schema) if isinstance(value, str)) or "string"
    if kind == "array":
        return f"{write_type(schema['items'], indent)}[]" if "items" in schema else "Array<any>"
    return SCALARS.get(kind, "any") if isinstance(kind, str) else "any"


def _write_variant(schema: Any, indent: str) -> str:
    variant = _fields(schema)
    comments = _texts(variant.get("description"))
    if "default" in variant:
        value = variant["default"]
        comments.append(f"default: {_write_json(value) if _enumerate(variant) else _quote(value)}")
    return _write_nullable(variant, f"{indent}   ") + _write_trailing(comments)


def _write_properties(schema: Mapping[str, Any], indent: str) -> Iterator[str]:
    required = schema.get("required")
    needed = {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
    for name, value in _fields(schema.get("properties")).items():
        own, label = _fields(value), name if name in needed else f"{name}?"
        variants = own.get("oneOf")
        yield from (f"{indent}// {title}\n{indent}//\n" for title in _texts(own.get("title")))
        if "oneOf" not in own:
            yield from (f"{indent}// {description}\n" for description in _texts(own.get("description")))
        yield from _write_examples(own.get("examples"), indent)
        if isinstance(variants, list):
            yield from _write_choice(own, label, variants, indent)
            continue
        default = [f"default: {_write_default(own)}"] if "default" in own and "oneOf" not in own else []
        yield f"{indent}{label}: {_write_nullable(own, f'{indent}    ')},{_write_trailing(default)}\n"


def _write_choice(schema: Mapping[str, Any], label: str, variants: Sequence[Any], indent: str) -> Iterator[str]:
    """Yield the lines of a property that is one of several types. Its description is not repeated by the first of them."""
    described, first = _texts(schema.get("description")), _texts(_fields(variants[0]).get("description")) if variants else []
    above = [text for text in described if text not in first]
    yield from (f"{indent}// {text}\n" for text in above)
    if "default" in schema:
        yield f"{indent}// default: {_write_default(schema)}\n"
    yield f"{indent}{label}:\n"
    for number, each in enumerate(variants):
        variant = _fields(each)
        comments = [] if number == 0 and above else [text for text in _texts(variant.get("description")) if text not in described]
        if "default" in variant:
            comments.append(f"default: {_write_default(variant)}")
        yield f"{indent} | {_write_nullable(variant, f'{indent}   ')}{_write_trailing(comments)}\n"
    yield f"{indent},\n"


def _write_examples(examples: Any, indent: str) -> Iterator[str]:
    if isinstance(examples, list) and examples:
        yield f"{indent}// Examples:\n"
        yield from (f'{indent}// - "{example}"\n' for example in examples if isinstance(example, str))


def _write_nullable(schema: Mapping[str, Any], indent: str) -> str:
    written = write_type(schema, indent)
    return f"{written} | null" if schema.get("nullable") is True and "null" not in written else written


def _write_trailing(comments: Sequence[str]) -> str:
    return f" // {' '.join(comments)}" if comments else ""


def _write_default(schema: Mapping[str, Any]) -> str:
    value = schema["default"]
    return value if isinstance(value, str) and _enumerate(schema) else _quote(value)


def _quote(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else _write_json(value)


def _write_json(value: Any) -> str:
    """Return a value as the library writes JSON: without spaces, with numbers in Rust's form."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_write_json(name)}:{_write_json(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_write_json, value)) + "]"
    if isinstance(value, float) or (isinstance(value, int) and not SMALLEST_INTEGER <= value <= LARGEST_INTEGER):
        return _write_float(float(value))
    return json.dumps(value, ensure_ascii=False)


def _write_float(value: float) -> str:
    """Return the shortest digits as Rust writes them: `0.00001` and `1e-6` for Python's `1e-05` and `1e-06`."""
    digits, _, power = f"{value!r}".partition("e-")
    if not power:
        return digits
    return f"{value:.{len(digits.partition('.')[2]) + 5}f}" if int(power) == 5 else f"{digits}e-{int(power)}"


def _enumerate(schema: Mapping[str, Any]) -> list[Any]:
    values = schema.get("enum")
    return values if isinstance(values, list) else []


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else []


def _fields(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _split_lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
