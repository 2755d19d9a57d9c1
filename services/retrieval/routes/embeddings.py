"""`/v1/embeddings`."""

import base64
import struct
from collections.abc import Iterable

from fastapi import APIRouter

from services.retrieval.dependencies import EmbeddersDep, ProjectDep
from services.retrieval.embedding.vectorize import vectorize
from shared.contracts.embeddings import Embedding, EmbeddingList, EmbeddingsRequest, EmbeddingsUsage
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/embeddings", tags=["embeddings"], route_class=JsonRoute)


@router.post("")
def create_embeddings(body: EmbeddingsRequest, embedders: EmbeddersDep, _: ProjectDep) -> EmbeddingList:
    """Return one vector of length 1 for each input."""
    vectors, tokens = vectorize(body, embedders)
    data = [Embedding(index=index, embedding=_encode(vector, body.encoding_format)) for index, vector in enumerate(vectors)]
    return EmbeddingList(data=data, model=body.model, usage=EmbeddingsUsage(prompt_tokens=tokens, total_tokens=tokens))


def _encode(vector: Iterable[float], format: str) -> list[float] | str:
    numbers = [float(number) for number in vector]
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode("ascii") if format == "base64" else numbers
