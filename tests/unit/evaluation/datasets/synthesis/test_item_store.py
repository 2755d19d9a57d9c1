from services.evaluation.datasets.synthesis.item_store import ItemStore, StoredItem
from shared.records import jobs
from shared.records.database import Database


def test_items_are_read_as_they_were_stored_last(database: Database) -> None:
    with database.session() as session:
        ids = [jobs.submit(session, jobs.DATASET, "default", {}).id for _ in range(2)]
    first, second = (ItemStore(database, job_id) for job_id in ids)
    first.save("file-a:0:0", StoredItem("proposed", {"question": "Wie schwer? \U0001f600"}))
    first.save("file-a:0:0", StoredItem("kept", {"question": "Wie schwer? \U0001f600", "kind": "fact"}))
    first.save("file-a:9:0", StoredItem("not_json", {}))
    assert ItemStore(database, ids[0]).read() == {
        "file-a:0:0": StoredItem("kept", {"question": "Wie schwer? \U0001f600", "kind": "fact"}),
        "file-a:9:0": StoredItem("not_json", {}),
    }
    assert second.read() == {}
