"""The memory of a training, part by part."""

from dataclasses import replace

import pytest

from shared.planning.memory import Computation, estimate_activations, estimate_memory, name_method
from shared.planning.model_size import read_model_size

SIZE = read_model_size({"model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "vocab_size": 1000})
EXPERTS = {"num_local_experts": 8, "num_experts_per_tok": 2, "num_hidden_layers": 2, "vocab_size": 1000, "hidden_size": 64}
GPT_OSS = read_model_size({"model_type": "gpt_oss", "intermediate_size": 32, **EXPERTS})
MIXTRAL = read_model_size({"model_type": "mixtral", "intermediate_size": 32, **EXPERTS})
ADAPTER = 10_000
CPU = Computation(tokens=512, learned=100, is_gpu=False, bf16=True)


@pytest.mark.parametrize(("bf16", "number"), [(True, 2), (False, 4)])
def test_all_weights_are_trained_in_their_own_precision(bf16: bool, number: int) -> None:
    memory = estimate_memory(SIZE, "full", SIZE.parameters, replace(CPU, bf16=bf16))
    assert (memory.weights, memory.gradients, memory.optimizer) == tuple(count * number * SIZE.parameters for count in (1, 1, 2))


def test_an_adapter_is_trained_in_fp32_beside_weights_in_bf16() -> None:
    memory = estimate_memory(SIZE, "lora", ADAPTER, CPU)
    assert (memory.weights, memory.gradients, memory.optimizer) == (2 * SIZE.parameters + 4 * ADAPTER, 4 * ADAPTER, 8 * ADAPTER)


def test_qlora_saves_three_quarters_of_the_linear_layers_and_converts_one_back_at_a_time() -> None:
    lora, qlora = (estimate_memory(SIZE, method, ADAPTER, CPU) for method in ("lora", "qlora"))
    assert lora.weights - qlora.weights == int((2 - 4.127 / 8) * SIZE.linear_parameters)
    largest = 64 * 128
    assert replace(qlora, weights=lora.weights, activations=qlora.activations - 2 * largest) == lora


def test_an_adapter_on_a_base_model_in_4_bits_is_trained_by_qlora() -> None:
    assert [name_method(load_in_4bit) for load_in_4bit in (False, True)] == ["lora", "qlora"]


def test_the_gradients_of_a_batch_that_is_computed_at_once_come_after_its_activations() -> None:
    at_once, in_parts = (estimate_memory(SIZE, "full", SIZE.parameters, replace(CPU, accumulates=each)) for each in (False, True))
    assert in_parts.peak - at_once.peak == min(at_once.gradients, at_once.activations) > 0


def test_the_peak_has_all_parts_and_libraries_count_only_without_a_gpu() -> None:
    memory = estimate_memory(SIZE, "lora", ADAPTER, CPU)
    assert memory.peak == memory.weights + memory.gradients + memory.optimizer + memory.activations + memory.libraries
    assert memory.libraries > 0
    assert estimate_memory(SIZE, "lora", ADAPTER, replace(CPU, is_gpu=True)).libraries == 0


@pytest.mark.parametrize("less", [{"tokens": 256}, {"learned": 50}, {"recompute": True}])
def test_activations_are_fewer_with_fewer_tokens_or_if_they_are_computed_twice(less: dict[str, int]) -> None:
    assert estimate_activations(SIZE, replace(CPU, **less)) < estimate_activations(SIZE, CPU)  # type: ignore[arg-type]  # of each field's type


def test_the_output_layer_works_on_parts_of_many_tokens() -> None:
    large = replace(CPU, learned=128)
    assert estimate_activations(SIZE, replace(CPU, learned=10_000)) == estimate_activations(SIZE, large)


@pytest.mark.parametrize("bf16", [False, True])
def test_an_adapter_takes_less_than_all_weights_without_a_gpu_and_as_much_on_one(bf16: bool) -> None:
    peaks = [
        [estimate_memory(SIZE, method, ADAPTER, replace(CPU, is_gpu=is_gpu, bf16=bf16)).activations for method in ("full", "lora")]
        for is_gpu in (False, True)
    ]
    assert peaks[0][1] < peaks[0][0]
    assert peaks[1][1] == peaks[1][0]


def test_with_all_weights_the_output_layer_works_on_parts_of_a_large_vocabulary() -> None:
    sizes = [replace(SIZE, vocabulary=vocabulary) for vocabulary in (32_768, 262_144)]
    activations = [estimate_memory(size, "full", ADAPTER, CPU).activations for size in sizes]
    assert activations[0] == activations[1]


@pytest.mark.parametrize("is_gpu", [False, True])
def test_attention_that_is_kept_grows_with_the_length_of_a_chat_and_not_only_with_the_tokens(is_gpu: bool) -> None:
    computation = replace(CPU, is_gpu=is_gpu)
    short, long = replace(computation, length=128), replace(computation, length=512)
    assert estimate_activations(GPT_OSS, short) < estimate_activations(GPT_OSS, long) == estimate_activations(GPT_OSS, computation)
    assert estimate_activations(MIXTRAL, short) == estimate_activations(MIXTRAL, long)


def test_experts_have_libraries_of_their_own_without_a_gpu() -> None:
    plain, with_experts = (estimate_memory(size, "lora", ADAPTER, CPU).libraries for size in (SIZE, MIXTRAL))
    assert plain < with_experts
    assert estimate_memory(MIXTRAL, "lora", ADAPTER, replace(CPU, is_gpu=True)).libraries == 0


def test_activations_of_experts_are_fewer_if_they_are_computed_twice() -> None:
    for size in (GPT_OSS, MIXTRAL):
        assert estimate_activations(size, replace(CPU, recompute=True)) < estimate_activations(size, CPU)
