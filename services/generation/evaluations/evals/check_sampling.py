"""How a model is asked about each row of a run: its messages, its tools, and the form of its answers."""

from collections.abc import Collection
from typing import Any

from services.generation.contracts.responses.options import TextFormat
from services.generation.contracts.responses.response import Conversation
from services.generation.evaluations.evals.criteria import check_model
from services.generation.evaluations.project import Project
from shared.contracts.chat import RetrievalOptions
from shared.contracts.evals.data_sources import (
    CompletionsRun,
    CompletionsSampling,
    InputMessages,
    ItemReference,
    ResponsesRun,
    Sampling,
)
from shared.datasets.examples.tools import check_tools
from shared.errors import InvalidRequest, NotFound
from shared.graders.check import check_template, list_texts
from shared.graders.template import find_paths
from shared.validation.json_schema import find_schema_problem
from shared.validation.translate import parse

PLACE = "data_source"
MESSAGES, SAMPLING, RETRIEVAL = f"{PLACE}.input_messages", f"{PLACE}.sampling_params", f"{PLACE}.retrieval"
SampledRun = CompletionsRun | ResponsesRun


def check_sampling(data_source: SampledRun, fields: Collection[str] | None, project: Project) -> None:
    """Check how a run asks a model, if it does. `fields` are those of the items, None if they are not known.

    Raises:
        InvalidRequest: if a field is wrong or lacks another one, or if the model or a vector store does not exist.
    """
    _check_required(data_source)
    if data_source.model is None or data_source.input_messages is None:
        return
    check_model(data_source.model, f"{PLACE}.model", project)
    _check_messages(data_source.input_messages, fields)
    if data_source.sampling_params is not None:
        _check_params(data_source.sampling_params, project)
        _check_window(data_source.sampling_params, data_source.model, project)
    if isinstance(data_source, CompletionsRun) and data_source.retrieval is not None:
        options = parse(RetrievalOptions, data_source.retrieval, (PLACE, "retrieval"))
        _check_stores(options.vector_store_ids, f"{RETRIEVAL}.vector_store_ids", project)


def _check_required(data_source: SampledRun) -> None:
    """Check that a model is asked with messages, or nothing says how."""
    if data_source.model is not None:
        if data_source.input_messages is None:
            _refuse_missing("input_messages", "model")
        return
    for name in ("input_messages", "sampling_params", "retrieval"):
        if getattr(data_source, name, None) is not None:
            _refuse_missing("model", name)


def _refuse_missing(missing: str, present: str) -> None:
    problem = f"'{PLACE}.{missing}' is required, because '{PLACE}.{present}' is set."
    raise InvalidRequest(problem, param=f"{PLACE}.{missing}", code="missing_required_parameter")


def _check_messages(messages: InputMessages, fields: Collection[str] | None) -> None:
    if isinstance(messages, ItemReference):
        _check_reference(messages.item_reference, fields)
        return
    for number, message in enumerate(messages.template):
        for path, text in list_texts(message.content, f"{MESSAGES}.template[{number}].content"):
            _check_text(text, fields, path)


def _check_reference(reference: str, fields: Collection[str] | None) -> None:
    param, text = f"{MESSAGES}.item_reference", f"{{{{{reference}}}}}"
    found = list(find_paths(text))
    if len(found) != 1 or found[0][0] != text or found[0][1][0] != "item" or len(found[0][1]) == 1:
        problem = f"'{param}' must be 'item.' followed by a field of the item, such as 'item.messages'; got '{reference[:80]}'."
        raise InvalidRequest(problem, param=param)
    check_template(text, fields, param)


def _check_text(text: str, fields: Collection[str] | None, param: str) -> None:
    used = next((written for written, path in find_paths(text) if path[0] == "sample"), None)
    if used is not None:
        problem = f"'{param}' uses '{used}', but the model is asked before there is an answer; use fields of 'item'."
        raise InvalidRequest(problem, param=param)
    check_template(text, fields, param)


def _check_params(sampling: Sampling, project: Project) -> None:
    one, other = sampling.max_completion_tokens, sampling.max_completions_tokens
    if one is not None and other is not None and one != other:
        param = f"{SAMPLING}.max_completions_tokens"
        problem = f"'{param}' must be left out, or equal 'max_completion_tokens', which means the same; got {other} and {one}."
        raise InvalidRequest(problem, param=param)
    if isinstance(sampling, CompletionsSampling):
        _check_functions(sampling.tools)
        _check_response_format(sampling.response_format)
        return
    text = getattr(sampling, "text", None)
    sent = {"tools": sampling.tools, "text": text.model_dump(exclude_none=True) if text is not None else None}
    conversation = parse(Conversation, sent, tuple(SAMPLING.split(".")))
    _check_format_schema(conversation.text.format, f"{SAMPLING}.text.format.schema")
    if conversation.search is not None:
        _check_stores(conversation.search.vector_store_ids, f"{SAMPLING}.{conversation.search_path}.vector_store_ids", project)


def _check_window(sampling: Sampling, model: str, project: Project) -> None:
    """Check that the model can write as much as it may. If its engine does not respond, the run finds out."""
    for name in ("max_completion_tokens", "max_completions_tokens"):
        sent = getattr(sampling, name)
        window = project.find_window(model) if sent is not None else None
        if window is not None and sent > window:
            param = f"{SAMPLING}.{name}"
            problem = f"'{param}' must be at most {window}, the context window of '{model}' in tokens; got {sent}."
            raise InvalidRequest(problem, param=param)


def _check_functions(tools: list[dict[str, Any]] | None) -> None:
    found = next(check_tools({"tools": tools}, SAMPLING), None)
    if found is not None:
        raise InvalidRequest(found.message, param=found.field)


def _check_response_format(sent: dict[str, Any] | None) -> None:
    if sent is None:
        return
    path = (*SAMPLING.split("."), "response_format")
    if sent.get("type") != "json_schema":
        parse(TextFormat, sent, path)
        return
    described = sent.get("json_schema")
    if not isinstance(described, dict):
        param = f"{SAMPLING}.response_format.json_schema"
        raise InvalidRequest(f"'{param}' must be an object with 'name' and 'schema'.", param=param)
    form = parse(TextFormat, {**described, "type": "json_schema"}, (*path, "json_schema"))
    _check_format_schema(form, f"{SAMPLING}.response_format.json_schema.schema")


def _check_format_schema(form: TextFormat, param: str) -> None:
    problem = find_schema_problem(form.schema_) if form.schema_ is not None else None
    if problem is not None:
        raise InvalidRequest(f"'{param}' {problem}.", param=param, code="invalid_schema")


def _check_stores(store_ids: Collection[str], param: str, project: Project) -> None:
    try:
        project.check_stores(store_ids, param)
    except NotFound as error:
        raise InvalidRequest(error.message, param=error.param, code=error.code) from error
