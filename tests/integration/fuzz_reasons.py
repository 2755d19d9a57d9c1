"""What the fuzzer reports although it is right: a hook of Schemathesis, which it loads by SCHEMATHESIS_HOOKS."""

import re
from typing import Any

import schemathesis
from pydantic import BaseModel
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.openapi.checks import AllowHeaderMismatch, JsonSchemaError, RejectedPositiveData

from services.generation.contracts.chat.completions import ChatCompletionChunk, Completion
from services.generation.contracts.validation import ValidationEvent

# Messages of a 400 for a request that matches its schema, and why the schema cannot say so.
RULES = {
    "it depends on what exists, or on the server's settings": (
        r"'(after|before)' names '",
        r"There is no (embedding model|file) '|The model '.*' does not exist",
        r"Previous response with id '.*' not found",
        r"No (reranker|model that rewrites queries) is configured",
        r"is a base model, which belongs to the service",
        r"The engine does not parse tool calls|cannot be greater than max_model_len|maximum context length",
        r"'project_ids\[\d+\]' names ('.*', which is not a project|your own project)",
        r"Cannot cancel a synchronous response",
        r"'dimensions' must be \d+ for 'words'|'input' must have at most \d+ tokens for 'words'",
        r"must be at most (16 \(GENERATION_MAX_LORA_RANK|2048 \(GENERATION_MAX_TRAINING_LENGTH)\)",
        r"has no such linear layer",
        r"must be less than the \d+ steps of this training",
        r"but the training workers do not report to",
    ),
    "one field depends on another": (
        r"Send (either|one of them|'embedding_model', 'chunking_strategy' or both)",
        r"'chunk_overlap_tokens' of more than half|'parent_max_chunk_size_tokens' below",
        r"must have at least one weight greater than 0|must add up to|two numbers, the lower one first",
        r"must not be sent if 'source' is|With 'source': '\w+', 'split|must not be later than|must not be in the future",
        r"requires '\w+' to be|is required,? unless you send|must contain only values of|if its 'type' is",
        r"must be a (single value|number|list of 1 to 1000 values) for the type '",
        r"names a tool that is not in 'tools'|but 'tools' is empty|more than one 'file_search'",
        r"With '(retrieval|file_search)', (the last user message .*must have text|'messages' needs a message with the role 'user')",
        r"The prompt is empty|'input' is empty",
        r"must be set if 'type' is 'json_schema'|'[\w.\[\]]*format\.(name|schema)' must be .* got null",
        r"'messages\[\d+\]\.(content|name)' must be .* got null",
        r"must be left out unless 'search_mode' is|must not be 'none' if 'rerank' is sent",
        r"but this call has an answer already",
        r"must be left out if 'method\.type' is|'hyperparameters' is for the method 'supervised'",
        r"needs a 'validation_file'|has no effect without 'early_stopping_patience'|preference pairs are not packed",
    ),
    "a text has a grammar": (
        r"The prompt template has an error",
        r"A key of '(grader\.)?graders",
        r"'grader\.calculate_output' |'grader[\w.]*\.schema' must",
        r"'integrations\[\d\]\.wandb\.project' must not contain|A key of 'integrations\[\d\]\.mlflow\.tags'",
    ),
    "no item twice, none of them blank": (
        r"must not have empty documents|must be a string that is not blank",
        r"the same (label|run) twice|more than once",
    ),
    "an eval has rules for its data, criteria and messages": (
        r"'data_source_config\.item_schema' must",
        r"'testing_criteria\[\d+\][\w.\[\]]*' (uses|must|is required)|A key of 'testing_criteria",
        r"'eval\.(data_source_config|testing_criteria)\b[\w.\[\]]*' (uses|must|is)|A key of 'eval\.",
        r"'(runs|output_items)[\w.\[\]]*' (must|is)",
        r"'config(\.[^\n]*)?' (must|uses|is|cannot|and)|A key of 'config",
        r"'data_source\.(source|model|input_messages|sampling_params|retrieval)\b[\w.\[\]]*' (must|uses|is|has|was|cannot)",
    ),
    "a tree has a size": (r"must not be nested deeper than 8 levels or have more than 128 parts",),
    "items of a response have the shapes of OpenAI's items": (r"'input\[\d+\]",),
    "the kind is listed so that it can be refused by its name": (r"must not be 'python', because graders run no code here",),
    "a file has a format": (r"The file cannot be read as a tar archive|The archive has",),
    "no text has NUL": (r"must not contain (a|the) NUL character",),
    "a URL must be public, and its server must respond": (r"'url' must", r"The test of the webhook endpoint '"),
    "the engine refuses it": (r"The engine cannot read this",),
}
STREAMS: dict[str, type[BaseModel]] = {
    "/v1/chat/completions": ChatCompletionChunk,
    "/v1/completions": Completion,
    "/v1/fine_tuning/validate": ValidationEvent,
}
WITHOUT_DONE = (ValidationEvent,)
# A path that is also one of these, with an id in it, allows the methods of both.
ALSO = {
    "/v1/responses/input_tokens": "/v1/responses/{response_id}",
    "/v1/models/{model}/adapter": "/v1/models/{model}",
    "/v1/models/{model}/export": "/v1/models/{model}",
    "/v1/models/import": "/v1/models/{model}",
    "/v1/evals/import": "/v1/evals/{eval_id}",
}


@schemathesis.hook
def filter_failure(_: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Return whether a failure is one."""
    if isinstance(failure, RejectedPositiveData):
        return not any(re.search(rule, response.text) for rules in RULES.values() for rule in rules)
    if isinstance(failure, AcceptedNegativeData):
        is_refused = response.status_code == 413
        return not (is_refused or _has_null(case.body))
    if isinstance(failure, AllowHeaderMismatch):
        return case.path not in ALSO
    if isinstance(failure, JsonSchemaError) and case.path in STREAMS and response.text.startswith(("data:", "event:")):
        return not _are_events(response.text, STREAMS[case.path])
    return True


def _has_null(value: Any) -> bool:
    """Return whether a value has null, which stands for the default of a field."""
    if isinstance(value, dict | list):
        return any(map(_has_null, value.values() if isinstance(value, dict) else value))
    return value is None


def _are_events(stream: str, model: type[BaseModel]) -> bool:
    """Return whether the data of every event is what the document says: its schema is that of the data, not of a whole event."""
    data = [line.removeprefix("data: ") for line in stream.splitlines() if line.startswith("data:")]
    for each in data if model in WITHOUT_DONE else data[:-1]:
        model.model_validate_json(each)
    return model in WITHOUT_DONE or data[-1] == "[DONE]"
