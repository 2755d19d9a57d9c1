"""Finds the forms that a JSON Schema allows at a path, such as a string or an integer between 1 and 50."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from pydantic import BaseModel

Path: TypeAlias = tuple[str | int, ...]
Node: TypeAlias = Mapping[str, Any]
ANYTHING: Node = {}


@dataclass(frozen=True)
class Schema:
    """The JSON Schema of a value. References in `root` point into `document`."""

    root: Node
    document: Node

    def forms_at(self, path: Path) -> list[Node]:
        """Return the schemas without alternatives, references or null that a value at `path` may match."""
        forms = list(self._alternatives(self.root))
        for part in path:
            forms = [form for parent in forms for form in self._alternatives(_child(parent, part))]
        return forms

    def key_forms_at(self, path: Path) -> list[Node]:
        """Return the schemas for the keys of the object at `path`."""
        return [form["propertyNames"] for form in self.forms_at(path) if "propertyNames" in form]

    def _alternatives(self, node: Node) -> Iterator[Node]:
        if "$ref" in node:
            yield from self._alternatives(self._resolve(node["$ref"]))
        elif choices := node.get("anyOf") or node.get("oneOf"):
            for choice in choices:
                yield from self._alternatives(choice)
        elif node and node.get("type") != "null":
            yield node

    def _resolve(self, reference: str) -> Node:
        node = self.document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        return node


UNKNOWN = Schema(ANYTHING, ANYTHING)


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    """Return the schema of a model."""
    document = model.model_json_schema()
    return Schema(document, document)


def _child(node: Node, part: str | int) -> Node:
    if isinstance(part, int):
        child = node.get("items", ANYTHING)
    else:
        child = node.get("properties", ANYTHING).get(part) or node.get("additionalProperties")
    return child if isinstance(child, Mapping) else ANYTHING
