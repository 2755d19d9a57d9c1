"""Functions are written as the library of the Harmony format writes them. An integration test compares many with the library itself."""

from typing import Any

import pytest

from services.training.data.typescript import write_functions, write_type


def test_functions_are_a_namespace() -> None:
    functions: list[dict[str, Any]] = [
        {"name": "get_location", "description": "Gets the location of the user.\r\nIn words."},
        {
            "name": "get_current_weather",
            "description": "Gets the current weather in the provided location.\n",
            "parameters": {
                "type": "object",
                "properties": {
                    "location": {"type": "string", "description": "The city and state, e.g. San Francisco, CA"},
                    "format": {"type": "string", "enum": ["celsius", "fahrenheit"], "default": "celsius"},
                },
                "required": ["location"],
            },
        },
        {"name": "wait", "description": None, "parameters": {}},
    ]
    assert (
        write_functions(functions)
        == """# Tools

## functions

namespace functions {

// Gets the location of the user.
// In words.
type get_location = () => any;

// Gets the current weather in the provided location.
type get_current_weather = (_: {
// The city and state, e.g. San Francisco, CA
location: string,
format?: "celsius" | "fahrenheit", // default: celsius
}) => any;

type wait = (_: any) => any;

} // namespace functions"""
    )


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"type": "integer"}, "number"),
        ({"type": ["integer", "null"]}, "number | null"),
        ({"type": "array", "items": {"type": "string", "enum": ["Spüle", "山"]}}, '"Spüle" | "山"[]'),
        ({"type": "array"}, "Array<any>"),
        ({"anyOf": [{"type": "string"}]}, "any"),
        ({"type": "null"}, "any"),
        (True, "any"),
        (
            {"oneOf": [{"type": "string", "default": "x"}, {"type": "number", "description": "kg"}]},
            '\n | string // default: "x"\n | number // kg',
        ),
        ({"type": "object", "description": "A box."}, "// A box.\n{\n}"),
    ],
)
def test_types(schema: Any, written: str) -> None:
    assert write_type(schema) == written


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"type": "string", "nullable": True}, "x?: string | null,\n"),
        ({"title": "T", "description": "D", "examples": ["a", 1]}, '// T\n//\n// D\n// Examples:\n// - "a"\nx?: any,\n'),
        ({"type": "number", "default": 1e16}, "x?: number, // default: 1e+16\n"),
        ({"type": "number", "default": 0.0000015}, "x?: number, // default: 1.5e-6\n"),
        ({"type": "number", "default": 0.000015}, "x?: number, // default: 0.000015\n"),
        ({"default": {"ä": [None, True, "\n"]}}, 'x?: any, // default: {"ä":[null,true,"\\n"]}\n'),
        ({"type": "object", "properties": {"y": {"type": "boolean"}}}, "x?: {\n    y?: boolean,\n    },\n"),
        ({"description": "D", "oneOf": [{"type": "string"}, {"type": "null"}]}, "// D\nx?:\n | string\n | any\n,\n"),
    ],
)
def test_properties(schema: Any, written: str) -> None:
    assert write_type({"type": "object", "properties": {"x": schema}}) == f"{{\n{written}}}"
