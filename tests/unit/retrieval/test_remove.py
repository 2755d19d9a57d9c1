import os
import time
from pathlib import Path

from services.retrieval.remove import ORPHAN_SECONDS, sweep_bytes
from tests.unit.retrieval.stand_ins import Office


def test_only_old_bytes_without_a_record_are_swept(tmp_path: Path) -> None:
    office = Office(tmp_path)
    known = office.put("known")
    for name in (known, "file-orphan", "file-new", "notes.txt"):
        place = office.folder.place(name)
        place.touch()
        if name != "file-new":
            os.utime(place, (0, time.time() - ORPHAN_SECONDS - 1))
    sweep_bytes(office.database, office.folder)
    assert {path.name for path in (tmp_path / "files").iterdir()} == {known, "file-new", "notes.txt"}
    office.close()
