"""A temporary folder is deleted at its end, or, if its process was killed, by the next worker."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from shared.workers.scratch import LOCK, delete_abandoned_scratch, open_scratch

HOLD = """
import sys
from shared.workers.scratch import open_scratch
with open_scratch("test") as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_deleted_at_its_end(temporary: Path) -> None:
    with open_scratch("test") as folder:
        (folder / "file").touch()
        delete_abandoned_scratch()
        assert (folder / "file").exists()
        assert (folder.parent, folder.name.startswith("tandem-test-")) == (temporary, True)
    assert list(temporary.iterdir()) == []


def test_the_folder_of_a_process_that_was_killed_is_deleted_by_another(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(temporary))
    process = subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        delete_abandoned_scratch()
        assert folder.exists()
        process.kill()
    assert folder.exists()
    delete_abandoned_scratch()
    assert not folder.exists()


def test_folders_of_others_are_kept(temporary: Path) -> None:
    elsewhere = temporary / "elsewhere"
    for path in (elsewhere, temporary / "tandem-thesis", temporary / "notes"):
        path.mkdir()
        (path / "file").touch()
    (elsewhere / LOCK).touch()
    (temporary / "tandem-link").symlink_to(elsewhere)
    delete_abandoned_scratch()
    assert len(list(temporary.glob("*/file"))) == 4
