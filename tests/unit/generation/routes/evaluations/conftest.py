"""A project with evals."""

import httpx
import pytest
from sqlalchemy import delete

from shared.records.database import Database
from shared.records.evaluation.evals import StoredEval
from tests.fake_retrieval import FakeRetrieval
from tests.unit.generation.routes.evaluations.eval_setup import EvalSetup


@pytest.fixture
def evals(http: httpx.Client, retrieval: FakeRetrieval, database: Database) -> EvalSetup:
    with database.session() as session:
        session.execute(delete(StoredEval))
    return EvalSetup(http, retrieval, database)
