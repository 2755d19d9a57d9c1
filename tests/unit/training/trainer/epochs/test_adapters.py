"""Which adapters are kept at the ends of epochs, and how they get to the disk."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.training.trainer.epochs.adapters import delete_epochs, list_epoch_ends, write_epoch
from tests.unit.training.cases import make_plan


def test_adapters_are_kept_of_the_last_epochs_but_the_final_one() -> None:
    assert [list_epoch_ends(make_plan(epochs=epochs, steps_per_epoch=10)) for epochs in (1, 2, 3, 50)] == [[], [10], [10, 20], [480, 490]]


def test_with_a_validation_file_each_epoch_may_be_the_best() -> None:
    assert list_epoch_ends(make_plan(epochs=4, steps_per_epoch=10, validation=True)) == [10, 20, 30, 40]


def test_an_epochs_adapter_appears_complete_and_replaces_that_of_an_earlier_attempt(tmp_path: Path) -> None:
    def write(text: str) -> Callable[[Path], None]:
        def write_text(folder: Path) -> None:
            (folder / "weights").write_text(text)

        return write_text

    def fail(folder: Path) -> None:
        (folder / "weights").write_text("inc")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        write_epoch(tmp_path, 10, fail)
    assert list(tmp_path.glob("step-*")) == []
    for text in ("first", "second"):
        write_epoch(tmp_path, 10, write(text))
        assert (tmp_path / "step-10" / "weights").read_text() == text


def test_adapters_that_are_not_needed_any_more_are_deleted(tmp_path: Path) -> None:
    for step in (10, 20):
        write_epoch(tmp_path, step, lambda folder: (folder / "weights").touch())
    delete_epochs(tmp_path, [5, 10])
    assert [path.name for path in tmp_path.iterdir()] == ["step-20"]
