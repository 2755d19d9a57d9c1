"""The `retrieval` field that Tandem adds to chat and completions requests. The rest of such a request belongs to the engine."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.contracts.filters import BoundedFilter
from shared.contracts.search import RankingOptions, Rerank, SearchMode, check_ranking
from shared.contracts.wire import Id, Request

PassageOrder = Literal["relevance", "reverse", "document"]
Attribution = Literal["embeddings", "words", "none"]
Query = Literal["last", "conversation"]
OnEmpty = Literal["answer", "abstain"]
ReasoningEffort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
Seed = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""The seed of an answer. JSON has no larger integers that every client reads as they are."""
# The answer if a request abstains, unless a setting has another one. Graders recognize it (shared/graders/abstention.py).
ABSTENTION = "The documents do not answer this question."


class GroundingOptions(Request):
    """How an answer is made from documents: extensions of OpenAI's `file_search`, and a part of `retrieval`.

    `max_context_tokens` limits the passages, counted with the model's own tokenizer. `order`: the best passage first or last, or passages
    in the order of their documents. `query`: search with the last question, or let the model rewrite it so that it makes sense
    without the conversation. `prompt_template`: a Jinja template that uses `passages` and `question`. `on_empty`: what to do if no passage
    reaches the threshold; `abstain` calls no model. `attribution`: how the answer's sentences are compared with the passages: by embeddings
    and words, by words only, or not at all.
    """

    search_mode: SearchMode = "hybrid"
    rerank: Rerank | None = None
    max_context_tokens: int = Field(1024, ge=32)
    order: PassageOrder = "relevance"
    query: Query = "last"
    prompt_template: str | None = Field(None, min_length=1, max_length=8000)
    on_empty: OnEmpty = "answer"
    attribution: Attribution = "embeddings"


class RetrievalOptions(GroundingOptions):
    """The `retrieval` field: answer from these vector stores.

    If `ranking_options` is sent, its `score_threshold` replaces the field of the same name.
    """

    vector_store_ids: list[Id] = Field(min_length=1, max_length=8)
    max_num_results: int = Field(5, ge=1, le=50)
    score_threshold: float = Field(0.0, ge=0, le=1)
    filters: BoundedFilter | None = None
    ranking_options: RankingOptions | None = None

    @model_validator(mode="after")
    def _check_combination(self) -> Self:
        if self.ranking_options:
            check_ranking(self.search_mode, self.rerank, self.ranking_options)
        return self
