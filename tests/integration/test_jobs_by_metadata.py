"""Jobs are found by their metadata in PostgreSQL as they are in SQLite, whatever the keys are."""

from collections.abc import Iterator

import pytest

from services.generation.contracts.metadata_filter import MetadataFilter
from services.generation.jobs.store import JobStore
from shared import records
from shared.contracts.fine_tuning import Method, TrainingSpec
from shared.contracts.paging import PageRequest
from shared.records import jobs
from shared.records.database import Database, migrate
from shared.web.auth import open_authenticator
from tests.migrated import open_migrated

ODD = {'quote"s': "1", "brackets[a]": "2", "größe & co": "ß=%", "\\back$.slash": "null", "empty": "", "0": "a"}


class SilentNotifier:
    """Notifies no one."""

    def notify(self, kind: str, job_id: str) -> None:
        """Do nothing."""


@pytest.fixture(params=["postgresql", "sqlite"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    if request.param == "sqlite":
        database = open_migrated(request.getfixturevalue("tmp_path") / "jobs.db", records.MIGRATIONS)
    else:
        database = Database(request.getfixturevalue("postgres_url"))
        migrate(database, records.MIGRATIONS)
    open_authenticator(database, {}, None)
    yield database
    database.close()


def test_jobs_are_found_by_metadata_in_both_databases(database: Database) -> None:
    store = JobStore(database, SilentNotifier())

    def submit(metadata: dict[str, str] | None) -> str:
        spec = TrainingSpec(
            model="tiny", training_file="file-1", validation_file=None, suffix=None, seed=1, method=Method(), metadata=metadata
        )
        return store.submit(jobs.FINE_TUNING, "default", spec.model_dump(), "Created.").id

    def find(wanted: MetadataFilter) -> list[str]:
        return [job.id for job in store.list_jobs(jobs.FINE_TUNING, "default", PageRequest(10), wanted).rows]

    odd, empty, without = submit(ODD), submit({}), submit(None)
    old = store.submit(jobs.FINE_TUNING, "default", {"model": "tiny"}, "Made by a version without metadata.").id
    assert [find(MetadataFilter({key: value})) for key, value in ODD.items()] == [[odd]] * len(ODD)
    assert find(MetadataFilter(ODD)) == [odd]
    assert find(MetadataFilter({**ODD, "empty": "x"})) == find(MetadataFilter({"other": ""})) == []
    assert set(find(MetadataFilter(is_null=True))) == {without, old}
    assert set(find(MetadataFilter())) == {odd, empty, without, old}
