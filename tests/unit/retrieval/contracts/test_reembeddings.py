import pytest
from pydantic import ValidationError

from services.retrieval.contracts.reembeddings import ReembedRequest


def test_a_reembedding_that_changes_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="Send 'embedding_model', 'chunking_strategy' or both"):
        ReembedRequest.model_validate({})
