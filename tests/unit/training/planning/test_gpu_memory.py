"""How much of a GPU's memory a training needs before it can start."""

from pathlib import Path

from services.training.data.validate import Dataset
from services.training.planning.estimate import read_size
from services.training.planning.execution import Execution, write_execution
from services.training.planning.gpu_memory import CONTEXT_BYTES, estimate_gpu_memory
from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import Parallelism, write_parallelism
from tests.unit.training.cases import make_model_folder, make_plan

SMOLLM2 = {
    "model_type": "llama",
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "vocab_size": 49152,
    "tie_word_embeddings": True,
}


def make_dataset(longest: int) -> Dataset:
    return Dataset(sha256="0", lengths=[100, longest], num_labels=50, truncated_lines=[], skipped_lines=[], num_without_end=0)


def test_the_weights_in_bf16_are_the_least(tmp_path: Path) -> None:
    needed = estimate_gpu_memory(make_plan(), make_dataset(100), make_model_folder(tmp_path / "model", SMOLLM2), JobFolder(tmp_path))
    weights = 2 * 134_515_008
    assert CONTEXT_BYTES + weights < needed < CONTEXT_BYTES + 1.3 * weights


def test_longer_examples_need_more(tmp_path: Path) -> None:
    base = make_model_folder(tmp_path / "model", SMOLLM2)
    short, long = (estimate_gpu_memory(make_plan(), make_dataset(longest), base, JobFolder(tmp_path)) for longest in (100, 2000))
    assert short < long


def test_a_training_that_has_begun_needs_what_its_first_process_had_decided(tmp_path: Path) -> None:
    base, dataset, plan = make_model_folder(tmp_path / "model", SMOLLM2), make_dataset(1000), make_plan(batch_size=8)
    first = estimate_gpu_memory(plan, dataset, base, JobFolder(tmp_path))
    needed = {}
    for size, recompute in ((8, False), (4, False), (1, True)):
        write_execution(Execution(size, recompute, bf16=True, threads=1, group=8), JobFolder(tmp_path))
        needed[size] = estimate_gpu_memory(plan, dataset, base, JobFolder(tmp_path))
    assert first == needed[1] < needed[4] < needed[8]


def test_a_base_model_in_4_bits_needs_less(tmp_path: Path) -> None:
    base, dataset = make_model_folder(tmp_path / "model", SMOLLM2), make_dataset(100)
    plain, quantized = (estimate_gpu_memory(make_plan(load_in_4bit=each), dataset, base, JobFolder(tmp_path)) for each in (False, True))
    linear = 30 * (2 * 576 * 576 + 2 * 576 * 192 + 3 * 576 * 1536)
    assert plain - quantized == int((2 - 4.127 / 8) * linear) - 2 * 576 * 1536


def test_each_of_several_gpus_needs_the_whole_model_unless_they_share_it(tmp_path: Path) -> None:
    layers = {**SMOLLM2, "num_hidden_layers": 300, "vocab_size": 1000}  # nearly all weights are in the blocks
    base, dataset, plan = make_model_folder(tmp_path / "model", layers), make_dataset(100), make_plan(batch_size=8)
    needed = {}
    for parallelism in (Parallelism(1), Parallelism(4), Parallelism(4, sharded=True)):
        write_parallelism(parallelism, JobFolder(tmp_path))
        needed[parallelism] = estimate_gpu_memory(plan, dataset, base, JobFolder(tmp_path))
    alone, each, shared = needed.values()
    assert each == alone
    weights = 2 * read_size(base).parameters
    assert 0.7 * weights < alone - shared < 0.75 * weights
