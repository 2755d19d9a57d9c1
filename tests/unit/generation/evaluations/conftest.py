"""A project with all that a comparison needs."""

import httpx
import pytest

from shared.records.database import Database
from tests.fake_retrieval import FakeRetrieval
from tests.unit.generation.evaluations.setup import Setup, open_setup


@pytest.fixture
def setup(http: httpx.Client, retrieval: FakeRetrieval, database: Database) -> Setup:
    return open_setup(http, retrieval, database)
