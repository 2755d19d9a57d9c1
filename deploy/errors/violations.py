"""Breaks a valid value in every way that its JSON Schema does not allow: each type, limit, choice, key and missing field.

Knows nothing of pydantic or of messages.
"""

from collections.abc import Iterator
from typing import Any

from shared.validation.schema import Node, Schema

MAX_DEPTH = 7
UNKNOWN = "no such value"
# Texts that many validators convert to a number or a boolean.
CONVERTIBLE = ("5", "true")
VALUES: dict[str, Any] = {"string": UNKNOWN, "boolean": True, "number": 7.5, "array": [], "object": {}, "null": None}


def violations(schema: Schema) -> Iterator[Any]:
    """Yield values that are wrong in one place each. A value that another form of its field allows may be among them."""
    yield from _break_node(schema.root, schema.document, 0)


def _forms(node: Node, document: Node) -> list[Node]:
    return Schema(node, document).forms_at(())


def _break_node(node: Node, document: Node, depth: int) -> Iterator[Any]:
    if depth > MAX_DEPTH:
        return
    forms = _forms(node, document)
    yield from _wrong_types(node, forms)
    for form in forms:
        yield from _wrong_values(form)
        if form.get("type") == "array" and "items" in form:
            yield from ([wrong] for wrong in _break_node(form["items"], document, depth + 1))
        if form.get("type") == "object":
            yield from _break_object(form, document, depth)


def _wrong_types(node: Node, forms: list[Node]) -> Iterator[Any]:
    right = {form.get("type") for form in forms}
    right |= {"number"} if "integer" in right else set()
    right |= {"null"} if "default" in node or any(choice.get("type") == "null" for choice in node.get("anyOf", ())) else set()
    yield from (value for kind, value in VALUES.items() if kind not in right)
    if "string" not in right:
        yield from CONVERTIBLE


def _wrong_values(form: Node) -> Iterator[Any]:
    if "enum" in form or "const" in form:
        yield UNKNOWN
    if form.get("type") == "integer":
        yield 7.5
    for keyword, wrong in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)):
        if keyword in form:
            limit = form[keyword] + wrong
            yield int(limit) if form.get("type") == "integer" else limit
    for noun, fill in (("Length", "a"), ("Items", [UNKNOWN]), ("Properties", None)):
        yield from _wrong_sizes(form, noun, fill)
    if "pattern" in form:
        yield "no / match"


def _wrong_sizes(form: Node, noun: str, fill: Any) -> Iterator[Any]:
    low, high = form.get(f"min{noun}"), form.get(f"max{noun}")
    for size in ([low - 1] if low else []) + ([high + 1] if high else []):
        yield {str(number): UNKNOWN for number in range(size)} if fill is None else fill * size


def _break_object(form: Node, document: Node, depth: int) -> Iterator[dict[str, Any]]:
    valid = _sample_object(form, document, depth)
    if form.get("additionalProperties") is False:
        yield {**valid, "no_such_field": 1}
    for name in form.get("required", ()):
        yield {key: value for key, value in valid.items() if key != name}
    for name, child in form.get("properties", {}).items():
        yield from ({**valid, name: wrong} for wrong in _break_node(child, document, depth + 1))
    if isinstance(entries := form.get("additionalProperties"), dict):
        yield from ({"key": wrong} for wrong in _break_node(entries, document, depth + 1))
        yield from ({wrong: "value"} for wrong in _wrong_sizes(form.get("propertyNames", {}), "Length", "k"))


def _sample_object(form: Node, document: Node, depth: int) -> dict[str, Any]:
    properties = form.get("properties", {})
    return {name: _sample(properties[name], document, depth + 1) for name in form.get("required", ())}


def _sample(node: Node, document: Node, depth: int) -> Any:
    """Return a valid value with the required fields only."""
    form = _forms(node, document)[0]
    if "const" in form or "enum" in form:
        return form.get("const", form.get("enum", [None])[0])
    if form.get("type") == "object":
        return _sample_object(form, document, depth)
    if form.get("type") == "array":
        return [_sample(form["items"], document, depth + 1) for _ in range(form.get("minItems", 0))]
    if form.get("type") in ("integer", "number"):
        return form.get("minimum", form.get("exclusiveMinimum", 0) + 1)
    return True if form.get("type") == "boolean" else "a" * max(1, form.get("minLength", 1))
