"""What is refused before any work is done for it."""

from pathlib import Path

import pytest

from services.training.planning import preflight
from services.training.planning.estimate import Estimate
from services.training.planning.preflight import check_adapter_name, check_base, check_disk_space, check_spec, find_memory_warning
from shared.errors import InvalidRequest, StorageFull, TandemError
from shared.planning.memory import TrainingMemory
from tests.unit.training.cases import BASE, make_model_folder, make_spec, method_of


def estimate_of(size: int) -> Estimate:
    """Return the estimate of a training with `size` parameters."""
    memory = TrainingMemory(weights=size, gradients=size, optimizer=size, activations=1, libraries=1)
    return Estimate(tokens=1, memory=memory, adapter_parameters=size, activation_bytes=1)


SMALL, HUGE = estimate_of(1), estimate_of(10**15)


def test_a_job_that_the_engine_can_serve_passes() -> None:
    check_spec(make_spec(method=method_of(lora={"rank": 16})), BASE, 16, 500)
    check_adapter_name("ft:smollm2-135m-instruct:default:short:abcdefgh")


def test_a_rank_above_the_engines_is_refused_with_the_settings_name() -> None:
    with pytest.raises(InvalidRequest, match=r"must be at most 16 \(TRAINING_MAX_LORA_RANK\), .*; got 32\.") as caught:
        check_spec(make_spec(method=method_of(lora={"rank": 32})), BASE, 16, 500)
    assert (caught.value.code, caught.value.param) == ("rank_too_high", "method.supervised.lora.rank")


def test_an_example_longer_than_the_worker_takes_is_refused_with_the_settings_name() -> None:
    check_spec(make_spec(method=method_of(max_length=500)), BASE, 16, 500)
    with pytest.raises(InvalidRequest, match=r"must be at most 500 \(TRAINING_MAX_LENGTH\); got 501\.") as caught:
        check_spec(make_spec(method=method_of(max_length=501)), BASE, 16, 500)
    assert caught.value.param == "method.supervised.hyperparameters.max_length"


def test_a_model_that_the_worker_does_not_train_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="This worker cannot train 'gpt-4o'; it trains 'smollm2-135m-instruct'"):
        check_spec(make_spec(model="gpt-4o"), BASE, 16, 500)


@pytest.mark.parametrize("name", ["ft:../../etc:default::abcdefgh", "ft:Base:default::abcdefgh", "ft:base:default:a/b:abcdefgh"])
def test_a_name_that_cannot_be_a_directory_name_is_refused(name: str) -> None:
    with pytest.raises(TandemError, match="TANDEM_BASE_NAME"):
        check_adapter_name(name)


def test_a_disk_that_is_too_small_is_refused_with_both_sizes(tmp_path: Path) -> None:
    check_disk_space(SMALL, tmp_path / "work", tmp_path / "adapters")
    with pytest.raises(StorageFull, match=r"MB free; the training needs [\d,]+ MB there"):
        check_disk_space(HUGE, tmp_path)


def test_too_little_memory_gives_a_warning_and_no_error() -> None:
    assert find_memory_warning(SMALL) is None
    assert "Batches are split to fit" in str(find_memory_warning(HUGE))


def test_a_base_model_in_4_bits_needs_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = make_spec(method=method_of(lora={"load_in_4bit": True}))
    monkeypatch.setattr(preflight, "has_gpu", lambda: True)
    check_spec(spec, BASE, 16, 500)
    monkeypatch.setattr(preflight, "has_gpu", lambda: False)
    check_spec(make_spec(), BASE, 16, 500)
    with pytest.raises(InvalidRequest, match="needs a GPU, and this worker has none") as caught:
        check_spec(spec, BASE, 16, 500)
    assert (caught.value.code, caught.value.param) == ("gpu_required", "method.supervised.lora.load_in_4bit")


def test_a_base_model_without_the_adapted_layers_or_that_cannot_be_quantized_is_refused(tmp_path: Path) -> None:
    base = make_model_folder(tmp_path / "model", {"num_local_experts": 8})
    check_base(make_spec(method=method_of(lora={"target_modules": ["q_proj"]})), BASE, base)
    for lora, code in (({"target_modules": ["x_proj"]}, "target_module_not_found"), ({"load_in_4bit": True}, "quantization_not_supported")):
        with pytest.raises(InvalidRequest) as caught:
            check_base(make_spec(method=method_of(lora=lora)), BASE, base)
        assert caught.value.code == code
