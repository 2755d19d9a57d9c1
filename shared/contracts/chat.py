"""What Tandem adds to chat completions: the `retrieval` field going in, `citations` coming out.

Everything else in a chat request belongs to the engine and passes through as it is.
"""

from pydantic import BaseModel, Field

from shared.contracts.filters import BoundedFilter
from shared.contracts.search import ChunkPlace, RankingOptions, SearchMode
from shared.contracts.wire import Request


class RetrievalOptions(Request):
    """The `retrieval` field: answer from these stores.

    `max_context_tokens` bounds the passages, counted with the model's own tokenizer. `ranking_options`, where given, are those of the
    search, and `score_threshold` is theirs.
    """

    vector_store_ids: list[str] = Field(min_length=1, max_length=8)
    max_num_results: int = Field(5, ge=1, le=50)
    score_threshold: float = Field(0.0, ge=0, le=1)
    search_mode: SearchMode = "hybrid"
    filters: BoundedFilter | None = None
    ranking_options: RankingOptions | None = None
    max_context_tokens: int = Field(1024, ge=32)


class Citation(BaseModel):
    """A chunk that was given to the model; `index` is its number in the prompt, from 1."""

    index: int
    file_id: str
    filename: str
    vector_store_id: str
    score: float
    text: str
    chunk: ChunkPlace
