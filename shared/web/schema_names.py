"""Gives the schemas of an OpenAPI document names that are valid in every language, and one name for what is the same.

FastAPI names a schema `X-Input` and `X-Output` if requests and responses use it, and the page of a list `Page_X_`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]

REFERENCE = "#/components/schemas/"
INPUT, OUTPUT = "-Input", "-Output"
PAGE = re.compile(r"Page_(\w+?)_")
# OpenAI's objects whose shape depends on their type, such as the items of a response.
UNTYPED, ITEM = "dict_str__Any_", "Item"


def rename_schemas(document: Document) -> Document:
    """Return the document with plain names; schemas under `$defs` become components."""
    schemas = document["components"]["schemas"]
    for node in list(walk(document["paths"])):
        for name, schema in node.pop("$defs", {}).items():
            schemas.setdefault(name, schema)
    different = _different(schemas)
    names = {name: _plain_name(name, different) for name in schemas}
    renamed: Document = _rename_references(document, {f"{REFERENCE}{old}": f"{REFERENCE}{new}" for old, new in names.items()})
    renamed["components"]["schemas"] = {
        names[old]: _retitle(schema, names[old]) for old, schema in renamed["components"]["schemas"].items()
    }
    return renamed


def walk(node: Any) -> Iterator[Document]:
    """Yield every object in a JSON value."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(child)


def _different(schemas: Document) -> set[str]:
    """Return the names whose `-Input` and `-Output` differ, or refer to some that do."""
    pairs = {name.removesuffix(INPUT) for name in schemas if name.endswith(INPUT)}
    texts = {pair: [_merged(schemas.get(pair + end)) for end in (INPUT, OUTPUT)] for pair in pairs}
    different = {pair for pair, (sent, returned) in texts.items() if sent != returned}
    while more := {pair for pair in pairs - different if any(f'{REFERENCE}{other}"' in texts[pair][0] for other in different)}:
        different |= more
    return different


def _merged(schema: Document | None) -> str:
    return re.sub(f'({INPUT}|{OUTPUT})"', '"', json.dumps(schema, sort_keys=True))


def _plain_name(name: str, different: set[str]) -> str:
    base = name.removesuffix(INPUT).removesuffix(OUTPUT)
    if page := PAGE.fullmatch(base):
        return (ITEM if page[1] == UNTYPED else page[1]) + "Page"
    return base + "Output" if name.endswith(OUTPUT) and base in different else base


def _rename_references(node: Any, names: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_rename_references(child, names) for child in node]
    if isinstance(node, dict):
        return {key: _rename_references(child, names) for key, child in node.items()}
    return names.get(node, node) if isinstance(node, str) else node


def _retitle(schema: Document, name: str) -> Document:
    return {**schema, "title": name} if "title" in schema else schema
