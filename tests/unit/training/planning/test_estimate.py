"""The estimate: what a training will take."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.training.data.validate import Dataset
from services.training.planning import estimate as planning
from services.training.planning.estimate import describe_estimate, estimate, read_size
from shared.contracts.fine_tuning import Hyperparameters, LoraOptions, SupervisedMethod
from shared.planning.memory import Computation, estimate_activations
from tests.unit.training.cases import make_model_folder, make_schedule


def make_dataset(lengths: list[int]) -> Dataset:
    return Dataset(sha256="0", lengths=lengths, num_labels=400, truncated_lines=[], skipped_lines=[], num_without_end=0)


HUNDRED_TOKENS_EACH = make_dataset([100] * 40)

LLAMA = {
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 256,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "vocab_size": 258,
}

METHOD_OF_RANK_2 = SupervisedMethod(lora=LoraOptions(rank=2))


@pytest.fixture(autouse=True)
def cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Estimate for a processor that computes in fp32, whatever this machine has."""
    monkeypatch.setattr(planning, "has_gpu", lambda: False)
    monkeypatch.setattr(planning, "multiplies_bf16", lambda: False)


def test_an_adapters_parameters_are_counted_for_all_linear_layers(tmp_path: Path) -> None:
    expected = estimate(make_schedule(), HUNDRED_TOKENS_EACH, METHOD_OF_RANK_2, make_model_folder(tmp_path / "model"))
    # inputs + outputs: query and output 8+8, keys and values 8+4, gate and up 8+16, down 16+8; two layers, rank 2
    assert expected.adapter_parameters == 2 * 2 * (2 * 16 + 2 * 12 + 3 * 24)
    assert expected.tokens == 2 * 4000


def test_an_adapter_of_fewer_layers_has_fewer_parameters(tmp_path: Path) -> None:
    method = SupervisedMethod(lora=LoraOptions(rank=2, target_modules=["q_proj", "v_proj"]))
    expected = estimate(make_schedule(), HUNDRED_TOKENS_EACH, method, make_model_folder(tmp_path / "model"))
    assert expected.adapter_parameters == 2 * 2 * (16 + 12)


def test_longer_examples_need_more_memory(tmp_path: Path) -> None:
    base, datasets = make_model_folder(tmp_path / "model"), (HUNDRED_TOKENS_EACH, make_dataset([100] * 39 + [1000]))
    short, long = (estimate(make_schedule(), dataset, SupervisedMethod(), base).memory_bytes for dataset in datasets)
    assert short < long


def test_the_estimate_is_described_in_a_sentence(tmp_path: Path) -> None:
    schedule = make_schedule()
    expected = estimate(schedule, HUNDRED_TOKENS_EACH, SupervisedMethod(), make_model_folder(tmp_path / "model"))
    sentence = describe_estimate(schedule, HUNDRED_TOKENS_EACH, expected)
    assert sentence == (
        "40 examples with 4,000 tokens, of which 400 are learned; 2 epochs in batches of 4: 20 steps, 8,000 tokens; about 0.8 GB of memory."
    )


def test_one_is_no_plural_and_several_sequences_of_a_chat_are_one_example(tmp_path: Path) -> None:
    schedule, dataset = make_schedule(epochs=1, steps_per_epoch=1), replace(make_dataset([100, 100]), num_extra=1)
    expected = estimate(schedule, dataset, SupervisedMethod(), make_model_folder(tmp_path / "model"))
    sentence = describe_estimate(schedule, dataset, expected)
    assert sentence.startswith("1 example with 200 tokens,")
    assert "; 1 epoch in batches of 4: 1 step, 200 tokens; about " in sentence


def test_on_a_gpu_the_sentence_promises_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "has_gpu", lambda: True)
    schedule = make_schedule()
    expected = estimate(schedule, HUNDRED_TOKENS_EACH, SupervisedMethod(), make_model_folder(tmp_path / "model"))
    assert describe_estimate(schedule, HUNDRED_TOKENS_EACH, expected).endswith("20 steps, 8,000 tokens.")


def test_bf16_takes_less_memory_than_fp32(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = make_model_folder(tmp_path / "model")
    fp32 = estimate(make_schedule(), HUNDRED_TOKENS_EACH, SupervisedMethod(), base)
    monkeypatch.setattr(planning, "multiplies_bf16", lambda: True)
    bf16 = estimate(make_schedule(), HUNDRED_TOKENS_EACH, SupervisedMethod(), base)
    adapter = 4 * bf16.adapter_parameters
    assert bf16.memory.weights - adapter == (fp32.memory.weights - adapter) / 2
    assert bf16.activation_bytes < fp32.activation_bytes


@pytest.mark.parametrize(("parts", "share"), [(1, 2), (4, 4), (8, 8), (16, 8)])
def test_the_peak_has_the_examples_that_are_computed_at_a_time(tmp_path: Path, parts: int, share: int) -> None:
    schedule = make_schedule(batch_size=8)
    method = SupervisedMethod(hyperparameters=Hyperparameters(gradient_accumulation_steps=parts))
    expected = estimate(schedule, make_dataset([100] * 39 + [250]), method, make_model_folder(tmp_path / "model"))
    assert expected.memory.activations * share == expected.activation_bytes


def test_a_base_model_in_4_bits_needs_less_memory_and_the_sentence_says_what_that_means(tmp_path: Path) -> None:
    base = make_model_folder(tmp_path / "model", {**LLAMA, "hidden_size": 512, "intermediate_size": 1024})
    plain, quantized = (
        estimate(make_schedule(), HUNDRED_TOKENS_EACH, SupervisedMethod(lora=LoraOptions(load_in_4bit=in_4bit)), base)
        for in_4bit in (False, True)
    )
    assert quantized.memory.weights < plain.memory.weights
    sentences = [describe_estimate(make_schedule(), HUNDRED_TOKENS_EACH, expected) for expected in (plain, quantized)]
    assert "4 bits" not in sentences[0]
    assert sentences[1].endswith(
        "During the training, the base model is in 4 bits. The engine serves the adapter with the base model as it is, so its answers and "
        "probabilities are not exactly those that are measured during the training."
    )


def test_a_gpu_has_the_activations_of_its_own_computations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "multiplies_bf16", lambda: True)
    base = make_model_folder(tmp_path / "model", LLAMA)
    without = estimate(make_schedule(), HUNDRED_TOKENS_EACH, SupervisedMethod(), base)
    monkeypatch.setattr(planning, "has_gpu", lambda: True)
    on_gpu = estimate(make_schedule(), HUNDRED_TOKENS_EACH, SupervisedMethod(), base)
    size = read_size(base)
    tokens = 4 * 100
    computation = Computation(tokens, learned=40, is_gpu=True, bf16=True)
    assert on_gpu.activation_bytes == estimate_activations(size, computation) > without.activation_bytes
