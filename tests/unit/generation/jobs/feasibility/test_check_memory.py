"""A training is refused if no device can ever have the memory for it, and the error says what would help."""

from dataclasses import replace
from typing import Any

import pytest

from deploy.errors.wording import faults
from services.generation.jobs.feasibility.check_memory import check_memory, plan, select_devices
from shared.contracts.fine_tuning import Method
from shared.datasets.checks.warn import Note
from shared.errors import InvalidRequest
from shared.records.training_devices import Device

SMOLLM: dict[str, Any] = {
    "model_type": "llama",
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "vocab_size": 49_152,
    "tie_word_embeddings": True,
}
MIB = 2**20
CPU = Device("alpha", "EPYC, 2 cores", "tiny", is_gpu=False, bf16=True, free_bytes=20_000 * MIB, total_bytes=24_000 * MIB)
GPU = Device("beta", "L4", "tiny", is_gpu=True, bf16=True, free_bytes=20_000 * MIB, total_bytes=24_000 * MIB)


def check(
    *devices: Device,
    length: int = 1,
    config: dict[str, Any] = SMOLLM,
    elsewhere: tuple[Device, ...] = (),
    continues: bool = False,
    **lora: Any,
) -> list[Note]:
    method = Method.model_validate({"type": "supervised", "supervised": {"lora": lora}})
    return list(check_memory(plan(method, config, length, continues=continues), devices, [*devices, *elsewhere]))


def refuse(*devices: Device, **options: Any) -> str:
    with pytest.raises(InvalidRequest) as caught:
        check(*devices, **options)
    assert (caught.value.param, caught.value.code, faults(caught.value.message)) == ("model", "does_not_fit", [])
    return caught.value.message


def test_a_training_that_fits_into_free_memory_has_no_note() -> None:
    assert check(CPU, length=2048) == check(GPU, length=2048) == []


def test_the_error_says_what_is_needed_and_what_the_closest_device_has() -> None:
    small, smaller = (replace(CPU, name=f"{gib} GiB", total_bytes=int(gib * 1024) * MIB) for gib in (0.5, 0.25))
    message = refuse(smaller, small)
    assert message.startswith("The training needs at least 0.9")
    assert "of memory with rank 16, and no running training worker has that much: '0.5 GiB' has 0.54 GB." in message
    assert message.endswith("Train a smaller base model, or start a worker with more memory.")


def test_the_error_names_the_longest_examples_that_fit() -> None:
    message = refuse(replace(CPU, total_bytes=1300 * MIB), length=100_000)
    length = int(message.partition("max_length' to ")[2].partition(" ")[0])
    assert length % 64 == 0
    assert check(replace(CPU, total_bytes=1300 * MIB), length=length) == []
    refuse(replace(CPU, total_bytes=1300 * MIB), length=length + 64)


def test_the_error_names_the_highest_rank_that_fits_unless_an_adapters_training_goes_on() -> None:
    small = replace(CPU, total_bytes=1400 * MIB)
    message = refuse(small, rank=256)
    rank = int(message.partition("'method.supervised.lora.rank' to ")[2].partition(",")[0])
    assert check(small, rank=rank) == []
    refuse(small, rank=2 * rank)
    assert "rank'" not in refuse(small, rank=256, continues=True)


def test_the_error_names_4_bits_if_a_gpu_could_train_like_that_and_the_model_can_be_quantized() -> None:
    large = {**SMOLLM, "hidden_size": 4096, "intermediate_size": 14_336, "num_hidden_layers": 32, "num_attention_heads": 32}
    small_gpu = replace(GPU, total_bytes=8000 * MIB)
    in_4bit = "'method.supervised.lora.load_in_4bit' to true (QLoRA, on a GPU)"
    assert in_4bit in refuse(small_gpu, config=large)
    assert in_4bit in refuse(replace(CPU, total_bytes=8000 * MIB), config=large, elsewhere=(small_gpu,))
    assert "4bit" not in refuse(replace(CPU, total_bytes=8000 * MIB), config=large)
    assert "4bit" not in refuse(small_gpu, config={**large, "quantization_config": {"quant_method": "gptq"}})


def test_a_device_that_is_busy_is_only_noted() -> None:
    [note] = check(replace(GPU, free_bytes=100 * MIB), length=64)
    assert (note.level, faults(note.message)) == ("warn", [])
    assert "no running training worker has that much free: 'L4' has 0.10 GB." in note.message
    assert check(replace(GPU, free_bytes=100 * MIB), CPU) == []


def test_a_device_whose_memory_is_not_known_refuses_nothing() -> None:
    tiny = replace(CPU, total_bytes=MIB)
    refuse(tiny)
    assert check(tiny, replace(GPU, total_bytes=None)) == []


def test_without_a_device_or_with_a_model_of_unknown_size_nothing_is_refused() -> None:
    assert check() == []
    assert check(replace(CPU, total_bytes=MIB), config={"model_type": "mamba"}) == []
    assert check(replace(CPU, total_bytes=MIB), config={}) == []


def test_only_devices_of_the_requested_type_count() -> None:
    assert select_devices([CPU, GPU], "auto") == [CPU, GPU]
    assert (select_devices([CPU, GPU], "cpu"), select_devices([CPU, GPU], "gpu")) == ([CPU], [GPU])
