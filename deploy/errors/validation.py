"""The errors that the services' schemas can cause: each request body and parameter is broken in every way, and the message is kept."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi._compat import ModelField
from fastapi.dependencies.utils import get_flat_dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from deploy.errors.violations import violations
from services.generation.contracts.chat.engine_fields import ChatFields, CompletionFields
from services.generation.contracts.chat.messages import Message
from shared.contracts.chat import RetrievalOptions
from shared.datasets import Example, Question, read_examples, read_questions
from shared.errors import InvalidRequest
from shared.validation.schema import Path, Schema, schema_of
from shared.validation.translate import parse, to_invalid_request


@dataclass(frozen=True)
class Input:
    """What a client sends: a body or the parameters of one operation."""

    name: str
    schema: Schema
    refuse: Callable[[Any], InvalidRequest | None]

    def errors(self) -> Iterator[InvalidRequest]:
        """Yield the error for every way in which it can be wrong."""
        for wrong in violations(self.schema):
            error = self.refuse(wrong)
            if error is not None:
                yield error


def inputs(app: FastAPI) -> Iterator[Input]:
    """Yield every body and every query parameter of an app."""
    document = app.openapi()
    for route in app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            yield from _inputs_of(route, document)


def hand_parsed_inputs() -> Iterator[Input]:
    """Yield what the services parse themselves."""
    yield _parsed("retrieval of POST /v1/chat/completions", RetrievalOptions, ("retrieval",))
    yield _parsed("a message of POST /v1/chat/completions", Message, ("messages", 0))
    yield _parsed("the other fields of POST /v1/chat/completions", ChatFields)
    yield _parsed("the fields of POST /v1/completions", CompletionFields)
    yield Input("a line of a training file", schema_of(Example), partial(_refuse_line, read_examples))
    yield Input("a line of a question file", schema_of(Question), partial(_refuse_line, read_questions))


def _parsed(name: str, model: type[BaseModel], location: Path = ()) -> Input:
    return Input(name, schema_of(model), lambda value: _catch(lambda: parse(model, value, location)))


def _refuse_line(read: Callable[[list[str]], Iterator[Any]], value: Any) -> InvalidRequest | None:
    return _catch(lambda: next(read([json.dumps(value)])))


def _catch(call: Callable[[], object]) -> InvalidRequest | None:
    try:
        call()
    except InvalidRequest as error:
        return error
    return None


def _inputs_of(route: APIRoute, document: dict[str, Any]) -> Iterator[Input]:
    operation = document["paths"][route.path_format][min(route.methods).lower()]
    name = f"{min(route.methods)} {route.path_format}"
    if route.body_field is not None:
        content = next(iter(operation["requestBody"]["content"].values()))
        yield _input(name, route.body_field, Schema(content["schema"], document), ("body",))
    schemas = {parameter["name"]: parameter["schema"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"}
    for field in get_flat_dependant(route.dependant).query_params:
        if field.alias not in schemas:
            continue
        properties = {"type": "object", "properties": {field.alias: schemas[field.alias]}}
        yield _input(f"{name}?{field.alias}=", field, Schema(properties, document), ("query", field.alias))


def _input(name: str, field: ModelField, schema: Schema, location: Path) -> Input:
    is_body = location == ("body",)
    broken = schema if is_body else Schema(schema.root["properties"][field.alias], schema.document)

    def refuse(value: Any) -> InvalidRequest | None:
        sent = value if is_body or isinstance(value, list) else str(value)
        _, problems = field.validate(sent, {}, loc=location)
        return to_invalid_request(problems, sent, schema) if problems else None

    return Input(name, broken, refuse)
