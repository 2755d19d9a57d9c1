"""QLoRA on a tiny model: the base model is in 4 bits, as bitsandbytes quantizes it on a processor too; an adapter is trained on it."""

import json
import math
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, LlamaConfig

from services.training.data.encode import open_encoder
from services.training.data.preferences import validate_preferences
from services.training.data.validate import validate_dataset
from services.training.planning.execution import read_execution
from services.training.planning.job_folder import SCORES, JobFolder
from services.training.planning.plan import LoraShape, Plan
from services.training.publishing.effect import choose_effect_samples
from services.training.publishing.evidence import choose_evidence_examples
from services.training.trainer import execution
from services.training.trainer.configure import load_model
from services.training.trainer.messages import Message
from services.training.trainer.train import build_trainer, train
from shared.planning.memory import NF4
from shared.planning.model_size import read_model_size
from tests.unit.training.cases import dataset_of, make_facts, make_model_folder, make_pairs, make_plan, pairs_of

ROOT = Path(__file__).parents[2]
ALL = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}

pytestmark = pytest.mark.timeout(900)  # the cores may be busy with other work


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    make_model_folder(folder)
    shape: dict[str, Any] = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2}
    torch.manual_seed(0)
    config = LlamaConfig(vocab_size=258, num_key_value_heads=1, eos_token_id=257, bos_token_id=256, **shape)
    model: Any = AutoModelForCausalLM
    model.from_config(config).save_pretrained(folder)
    return folder


@pytest.fixture(autouse=True)
def _plain_kernels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep bitsandbytes from what it does only on some processors: in evaluation, it changes the weights' layout for good.

    One thread is a hundred times as fast as several if other programs use the cores too.
    """
    monkeypatch.setattr("bitsandbytes.nn.modules.has_avx512bf16", lambda: False)
    monkeypatch.setattr(execution, "count_cores", lambda: 1)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def prepare(folder: Path, base: Path, **changes: Any) -> Plan:
    """Write the tokens of 12 examples to `folder`; return the plan of two epochs over them, with the base model in 4 bits."""
    folder.mkdir()
    job = JobFolder(folder)
    job.dataset("training").write_text(dataset_of(make_facts(12)))
    validate_dataset(job.dataset("training"), job.tokens("training"), open_encoder(base), 500, param="training_file")
    return make_plan(**{"load_in_4bit": True, "learning_rate": 0.01, **changes})


def prepare_pairs(folder: Path, base: Path, start: Path) -> Plan:
    """Write the tokens of 12 preference pairs and the adapter `start` to `folder`; return the plan of a training that continues it."""
    folder.mkdir()
    job = JobFolder(folder)
    job.dataset("training").write_text(pairs_of(make_pairs(12)))
    validate_preferences(job.dataset("training"), job.tokens("training"), open_encoder(base), 500, param="training_file")
    shutil.copytree(start, job.start)
    return make_plan(load_in_4bit=True, learning_rate=0.01, beta=0.1)


def run(folder: Path, base: Path, plan: Plan, stop_at: int = 0) -> list[float]:
    """Train by a plan whose tokens are in `folder`; return the losses. At the step `stop_at`, the process dies."""
    losses: list[float] = []

    def report(message: Message) -> None:
        if message.kind == "progress":
            if message.fields["step"] == stop_at:
                raise KeyboardInterrupt
            losses.extend(message.fields[name] for name in ("train_loss",) if name in message.fields)

    train(plan, JobFolder(folder), base, report, threading.Event())
    return losses


def find_quantized(model: Any) -> dict[str, Any]:
    """Return the layers in 4 bits by their names."""
    from bitsandbytes.nn.modules import Linear4bit

    return {name: layer for name, layer in model.named_modules() if isinstance(layer, Linear4bit)}


def read_weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "adapter_model.safetensors")


def score(model: Any, examples: list[dict[str, Any]]) -> float:
    """Return the mean log-probability of the examples' learned tokens."""
    found = []
    for example in examples:
        with torch.no_grad():
            table = torch.log_softmax(model(input_ids=torch.tensor([example["input_ids"]])).logits[0].float(), dim=-1)
        found += [float(table[position - 1, example["input_ids"][position]]) for position in example["learned"]]
    return sum(found) / len(found)


def test_the_linear_layers_are_in_4_bits_with_double_quantization_and_the_adapter_is_in_fp32(base: Path, tmp_path: Path) -> None:
    plan = prepare(tmp_path / "job", base)
    model: Any = build_trainer(plan, JobFolder(tmp_path / "job"), base, lambda _: None).model
    quantized = find_quantized(model)
    assert {name.split(".")[-2] for name in quantized} == ALL  # PEFT's layers have them as `base_layer`
    assert len(quantized) == 2 * len(ALL)
    for layer in quantized.values():
        assert (layer.weight.quant_type, layer.weight.quant_state.nested, layer.weight.dtype) == ("nf4", True, torch.uint8)
        assert layer.weight.numel() * 2 == layer.in_features * layer.out_features
    assert model.get_output_embeddings() not in quantized.values()
    trained = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    assert {parameter.dtype for parameter in trained.values()} == {torch.float32}
    assert len(trained) == 2 * len(quantized)
    assert all("lora_" in name for name in trained)


def test_quantized_weights_take_as_much_memory_as_the_estimate_says(tmp_path: Path) -> None:
    shape: dict[str, Any] = {"hidden_size": 512, "intermediate_size": 1024, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = LlamaConfig(vocab_size=8, num_key_value_heads=1, **shape)
    maker: Any = AutoModelForCausalLM
    maker.from_config(config).save_pretrained(tmp_path)
    model: Any = load_model(tmp_path, bf16=True, load_in_4bit=True)
    layers = find_quantized(model).values()
    states = [layer.weight.quant_state for layer in layers]
    constants = [tensor for state in states for tensor in (state.absmax, state.offset, state.state2.absmax)]
    measured = sum(tensor.numel() * tensor.element_size() for tensor in (*constants, *(layer.weight for layer in layers)))
    size = read_model_size(config.to_dict())
    assert measured == pytest.approx(NF4 * size.linear_parameters, rel=0.001)


def test_what_an_adapter_learns_on_a_base_model_in_4_bits_helps_the_base_model_as_it_is(base: Path, tmp_path: Path) -> None:
    plan, folder = prepare(tmp_path / "job", base, epochs=8), JobFolder(tmp_path / "job")
    choose_evidence_examples(folder, open_encoder(base), 4, 500)
    losses = run(folder.path, base, plan)
    assert losses[-1] < losses[0] - 0.1
    examples = json.loads(folder.evidence_examples.read_text())
    plain: Any = load_model(base, bf16=False)
    before = score(plain, examples)
    after = score(PeftModel.from_pretrained(plain, folder.adapter), examples)
    assert after > before + 0.1


def test_the_adapter_has_no_trace_of_the_quantization(base: Path, tmp_path: Path) -> None:
    for name, quantizes in (("quantized", True), ("plain", False)):
        run(tmp_path / name, base, prepare(tmp_path / name, base, load_in_4bit=quantizes))
    quantized, plain = (JobFolder(tmp_path / name).adapter for name in ("quantized", "plain"))
    configs = [json.loads((folder / "adapter_config.json").read_text()) for folder in (quantized, plain)]
    for config in configs:
        config["target_modules"].sort()
    assert configs[0] == configs[1]
    weights, expected = read_weights(quantized), read_weights(plain)
    assert {name: (each.dtype, each.shape) for name, each in weights.items()} == {
        name: (each.dtype, each.shape) for name, each in expected.items()
    }
    assert not all(torch.equal(weights[name], expected[name]) for name in weights)


def test_a_training_that_is_resumed_ends_with_the_same_weights(base: Path, tmp_path: Path) -> None:
    whole, resumed = (prepare(tmp_path / name, base, checkpoint_seconds=0.001) for name in ("whole", "resumed"))
    expected = run(tmp_path / "whole", base, whole)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "resumed", base, resumed, stop_at=5)
    assert run(tmp_path / "resumed", base, resumed) == expected[4:]
    weights = [read_weights(JobFolder(tmp_path / name).adapter) for name in ("whole", "resumed")]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_a_preference_training_continues_an_adapter_on_a_base_model_in_4_bits(base: Path, tmp_path: Path) -> None:
    run(tmp_path / "first", base, prepare(tmp_path / "first", base))
    start, folder = JobFolder(tmp_path / "first").adapter, JobFolder(tmp_path / "second")
    plan = prepare_pairs(folder.path, base, start)
    model: Any = build_trainer(plan, folder, base, lambda _: None).model
    continued = {
        name.replace(".default", ""): parameter.detach() for name, parameter in model.named_parameters() if parameter.requires_grad
    }
    assert all(torch.equal(continued[name], weights) for name, weights in read_weights(start).items())  # not rounded
    losses = run(folder.path, base, plan)
    assert losses[0] == pytest.approx(math.log(2), abs=1e-3)  # the model has not moved from the reference
    assert losses[-1] < losses[0] - 0.01


def test_evidence_and_effect_are_measured_with_and_without_the_adapter(base: Path, tmp_path: Path) -> None:
    plan, folder = prepare(tmp_path / "job", base, epochs=8, validation=True), JobFolder(tmp_path / "job")
    shutil.copy(folder.tokens("training"), folder.tokens("validation"))
    choose_evidence_examples(folder, open_encoder(base), 2, 500)
    choose_effect_samples(folder, base)
    run(folder.path, base, plan)
    measured = json.loads((folder.adapter / SCORES).read_text())
    assert all(each["adapter"] > each["base"] + 0.1 for each in measured)
    quantized: Any = load_model(base, bf16=False, load_in_4bit=True)
    examples = json.loads(folder.evidence_examples.read_text())
    assert sum(each["base"] for each in measured) / 2 == pytest.approx(
        sum(score(quantized, [example]) for example in examples) / 2, abs=0.02
    )
    effect = json.loads(folder.effect.read_text())
    assert effect["after"]["validation"]["loss"] < effect["before"]["validation"]["loss"] - 0.1


@pytest.mark.parametrize("changes", [{"packing": True}, {"shape": LoraShape(4, 8.0, 0.1, target_modules=("q_proj", "v_proj"))}], ids=str)
def test_packing_and_an_adapter_with_dropout_work_too(base: Path, tmp_path: Path, changes: dict[str, Any]) -> None:
    losses = run(tmp_path / "job", base, prepare(tmp_path / "job", base, epochs=8, **changes))
    assert losses[-1] < losses[0] - 0.05


def test_if_memory_is_short_activations_are_computed_twice(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = run(tmp_path / "whole", base, prepare(tmp_path / "whole", base))
    monkeypatch.setattr(execution, "free_memory", lambda: 1)
    losses = run(tmp_path / "short", base, prepare(tmp_path / "short", base))
    stored = read_execution(JobFolder(tmp_path / "short"))
    assert stored
    assert (stored.micro_batch, stored.recompute) == (1, True)
    assert losses[0] == pytest.approx(expected[0], abs=0.1)  # the batches have other examples, because none of similar length stay together
    assert losses[-1] < losses[0] - 0.1


@pytest.mark.parametrize("load_in_4bit", [False, True])
def test_a_training_process_imports_the_library_of_4_bits_only_if_it_needs_it(load_in_4bit: bool) -> None:
    code = (
        "import sys; from services.training.trainer import process; from tests.unit.training.cases import make_plan; "
        f"process.hide_unused(make_plan(load_in_4bit={load_in_4bit})); "
        "import services.training.trainer.train, transformers; print(transformers.utils.is_bitsandbytes_available(), end='')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == str(load_in_4bit)
