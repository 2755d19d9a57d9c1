"""What is refused before anything is spent on it."""

from pathlib import Path

import pytest

from services.training.planning.estimate import Size
from services.training.planning.preflight import check_name, check_request, check_room, warn_of_memory
from shared.errors import InvalidRequest, StorageFull, TandemError
from tests.unit.training.cases import BASE, make_spec, method_of

SMALL = Size(tokens=1, weight_bytes=1, adapter_weights=1, activation_bytes=1, seconds=1)
HUGE = Size(tokens=1, weight_bytes=10**15, adapter_weights=10**15, activation_bytes=1, seconds=1)


def test_what_the_engine_would_load_passes() -> None:
    check_request(make_spec(method=method_of(lora={"rank": 16})), BASE, 16)
    check_name("ft:smollm2-135m-instruct:default:short:abcdefgh")


def test_a_rank_above_the_engines_is_refused_with_the_settings_name() -> None:
    with pytest.raises(InvalidRequest, match="TRAINING_MAX_LORA_RANK") as caught:
        check_request(make_spec(method=method_of(lora={"rank": 32})), BASE, 16)
    assert (caught.value.code, caught.value.param) == ("rank_too_high", "method.supervised.lora.rank")


def test_another_model_than_the_workers_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="This worker trains 'smollm2-135m-instruct', not 'gpt-4o'"):
        check_request(make_spec(model="gpt-4o"), BASE, 16)


@pytest.mark.parametrize("name", ["ft:../../etc:default::abcdefgh", "ft:Base:default::abcdefgh", "ft:base:default:a/b:abcdefgh"])
def test_a_name_that_cannot_be_a_directorys_is_refused(name: str) -> None:
    with pytest.raises(TandemError, match="TANDEM_BASE_NAME"):
        check_name(name)


def test_a_disk_that_is_too_small_is_refused_with_both_sizes(tmp_path: Path) -> None:
    check_room(SMALL, tmp_path / "work", tmp_path / "adapters")
    with pytest.raises(StorageFull, match=r"MB free; the training needs [\d,]+ MB there"):
        check_room(HUGE, tmp_path)


def test_memory_that_may_not_suffice_is_warned_of_not_refused() -> None:
    assert warn_of_memory(SMALL) is None
    assert "batches are split to fit" in str(warn_of_memory(HUGE))
