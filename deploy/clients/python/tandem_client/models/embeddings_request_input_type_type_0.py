from typing import Literal

EmbeddingsRequestInputTypeType0 = Literal["passage", "query"]

EMBEDDINGS_REQUEST_INPUT_TYPE_TYPE_0_VALUES: set[EmbeddingsRequestInputTypeType0] = {
    "passage",
    "query",
}


def check_embeddings_request_input_type_type_0(
    value: str,
) -> EmbeddingsRequestInputTypeType0:
    if value in EMBEDDINGS_REQUEST_INPUT_TYPE_TYPE_0_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {EMBEDDINGS_REQUEST_INPUT_TYPE_TYPE_0_VALUES!r}"
    )
