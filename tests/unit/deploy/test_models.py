from pathlib import Path

import pytest

from deploy.local.models import make_once, packaged


def test_a_model_is_made_once_and_appears_complete(tmp_path: Path) -> None:
    place = tmp_path / "model"

    def make(folder: Path) -> None:
        assert not place.exists()
        (folder / "weights").write_text("1")

    make_once(place, make)
    assert (place / "weights").read_text() == "1"
    make_once(place, lambda folder: pytest.fail("made twice"))


def test_an_unfinished_model_is_made_again_from_the_start(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        make_once(tmp_path / "model", fail)
    assert not (tmp_path / "model").exists()
    make_once(tmp_path / "model", lambda folder: (folder / "whole").touch())
    assert [path.name for path in (tmp_path / "model").iterdir()] == ["whole"]


def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(SystemExit, match=r"no_such_package is not installed\. Run `make setup`\."):
        packaged("no_such_package", "file")
