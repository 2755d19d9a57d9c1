"""The training's own computations against those that they replace: the same results, and the same gradients."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
import torch
import trl.trainer.utils
from peft import LoraConfig, get_peft_model
from peft.tuners.lora.layer import Linear
from torch import nn
from transformers import AutoModelForCausalLM, Gemma3TextConfig, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.models.llama.modeling_llama import LlamaRMSNorm
from trl.kernels.chunked_logprob import ChunkedLogProbFunction

from services.training.kernels import attention, output_layer
from services.training.kernels.adapted_linear import FusedLoraLinear, fuse_adapters
from services.training.kernels.attention import NAME, attend
from services.training.kernels.install import use_kernels
from services.training.kernels.output_layer import OutputLayer
from services.training.kernels.rms_norm import FusedRmsNorm

Gradients = dict[str, torch.Tensor]


@pytest.fixture(autouse=True)
def trl_as_it_was() -> Any:
    """Put TRL's own function back after each test, and make the same random numbers in each."""
    kept = vars(trl.trainer.utils)["_ChunkedLogProbFunction"]
    torch.manual_seed(0)
    yield
    setattr(trl.trainer.utils, "_ChunkedLogProbFunction", kept)  # noqa: B010


def make_model(config: Any, dropout: float = 0.0) -> Any:
    """Return a model with an adapter that changes its answers."""
    shape: dict[str, Any] = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "vocab_size": 120}
    maker: Any = AutoModelForCausalLM
    model = maker.from_config(config(num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64, **shape))
    adapted: Any = get_peft_model(model, LoraConfig(r=4, lora_alpha=6, lora_dropout=dropout, target_modules="all-linear"))
    for name, weight in adapted.named_parameters():
        if "lora_B" in name or name.endswith(("bias", "norm.weight")):
            nn.init.normal_(weight, std=0.2)
    return adapted


def make_batch() -> dict[str, torch.Tensor]:
    """Return two sequences, one of them padded."""
    ids = torch.randint(0, 120, (2, 11))
    mask = torch.ones_like(ids)
    mask[1, 7:] = 0
    labels = ids.masked_fill(mask == 0, -100)
    labels[:, :3] = -100
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def measure(model: Any, batch: dict[str, torch.Tensor]) -> tuple[float, Gradients]:
    """Return the loss, and the gradients of the adapter."""
    model.zero_grad()
    trl.trainer.utils.add_fused_lm_head(model.get_base_model(), outputs=("log_probs", "entropy", "is_top1"))
    loss = model(**batch, fused_lm_head=True).loss
    loss.backward()
    return loss.item(), {name: weight.grad.clone() for name, weight in model.named_parameters() if weight.grad is not None}


@pytest.mark.parametrize("config", [LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-4), (torch.bfloat16, 0.06)])
def test_a_model_has_the_same_loss_and_gradients(config: Any, dtype: torch.dtype, tolerance: float) -> None:
    plain = make_model(config).to(dtype)
    for name, weight in plain.named_parameters():
        if "lora_" in name:
            weight.data = weight.data.float()
    fused, batch = deepcopy(plain), make_batch()
    with torch.autocast("cpu", torch.bfloat16, enabled=dtype is torch.bfloat16):
        expected_loss, expected = measure(plain, batch)
        use_kernels(fused)
        loss, gradients = measure(fused, batch)
    kinds = {type(module) for module in fused.modules()}
    assert {FusedLoraLinear, FusedRmsNorm} <= kinds
    assert fused.get_base_model().config._attn_implementation == NAME
    assert loss == pytest.approx(expected_loss, rel=tolerance / 10)
    assert gradients.keys() == expected.keys() and len(gradients) == 2 * 7 * 2
    for name, gradient in gradients.items():
        assert gradient.dtype == torch.float32
        error = (gradient - expected[name]).norm() / expected[name].norm()
        assert error < tolerance, name


@pytest.mark.parametrize(("config", "window"), [(Gemma3TextConfig, 4), (MistralConfig, 3)])
def test_a_model_whose_attention_has_a_window_has_the_same_gradients(config: Any, window: int) -> None:
    plain, batch = make_model(partial(config, sliding_window=window)), make_batch()
    fused = deepcopy(plain)
    use_kernels(fused)
    expected_loss, expected = measure(plain, batch)
    loss, gradients = measure(fused, batch)
    assert loss == pytest.approx(expected_loss, rel=1e-5)
    for name, gradient in gradients.items():
        torch.testing.assert_close(gradient, expected[name], rtol=1e-3, atol=1e-5)


def test_a_model_learns_the_same_if_activations_are_computed_twice() -> None:
    fused, batch = make_model(LlamaConfig), make_batch()
    use_kernels(fused)
    expected_loss, expected = measure(fused, batch)
    again = deepcopy(fused)
    again.train()
    again.enable_input_require_grads()
    again.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    loss, gradients = measure(again, batch)
    assert loss == expected_loss
    assert all(torch.equal(gradients[name], expected[name]) for name in expected)


def test_the_same_batch_gives_the_same_bits_twice() -> None:
    fused, batch = make_model(LlamaConfig).bfloat16(), make_batch()
    use_kernels(fused)
    first, second = measure(fused, batch), measure(fused, batch)
    assert first[0] == second[0]
    assert all(torch.equal(first[1][name], second[1][name]) for name in first[1])


def make_layer(**options: Any) -> tuple[Any, torch.Tensor]:
    """Return a layer of PEFT's with an adapter, and an input."""
    options = {"r": 4, "lora_alpha": 6, "config": LoraConfig(**{"r": 4, "lora_alpha": 6, **options})}
    layer: Any = Linear(nn.Linear(16, 24), "default", **options)
    nn.init.normal_(layer.lora_B["default"].weight)
    return layer, torch.randn(3, 5, 16)


def fuse(layer: Any) -> None:
    fuse_adapters(nn.Sequential(layer))
    assert type(layer) is FusedLoraLinear


def test_an_adapter_that_is_switched_off_changes_nothing() -> None:
    layer, x = make_layer()
    fuse(layer)
    layer.enable_adapters(False)
    assert torch.equal(layer(x), layer.base_layer(x))


def test_dropout_and_a_second_adapter_are_computed_as_peft_does() -> None:
    layer, x = make_layer(lora_dropout=0.5)
    plain = deepcopy(layer)
    fuse(layer)
    for part in (plain, layer):
        part.train()
        torch.manual_seed(3)
    torch.manual_seed(3)
    expected = plain(x)
    torch.manual_seed(3)
    assert torch.equal(layer(x), expected)
    for part in (plain, layer):
        part.eval()
    torch.testing.assert_close(layer(x), plain(x))
    for part in (plain, layer):
        part.update_layer("second", 2, lora_alpha=2, config=LoraConfig(r=2, lora_alpha=2))
        part.set_adapter(["default", "second"])
        nn.init.ones_(part.lora_A["second"].weight)
        nn.init.ones_(part.lora_B["second"].weight)
    assert torch.equal(layer(x), plain(x))
    plain.set_adapter("second")
    layer.set_adapter("second")
    torch.testing.assert_close(layer(x), plain(x))


def test_a_layer_with_a_bias_of_its_adapter_stays() -> None:
    layer, _ = make_layer(lora_bias=True)
    fuse_adapters(nn.Sequential(layer))
    assert type(layer) is Linear


@pytest.mark.parametrize("rows", [1, 7, 40])
def test_the_output_layer_finds_the_probabilities_and_hits_of_trl(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_layer, "ROWS", 16)
    hidden, weight, targets = torch.randn(rows, 8, requires_grad=True), torch.randn(50, 8), torch.randint(0, 50, (rows,))
    with torch.no_grad():
        targets[::2] = (hidden[::2] @ weight.t()).argmax(-1)
    towards = torch.randn(rows)
    found: list[tuple[torch.Tensor, ...]] = []
    for function in (ChunkedLogProbFunction, OutputLayer):
        hidden.grad = None
        log_probabilities, _, _, _, hits = function.apply(hidden, weight, None, targets, 1.0, 32_768, None, 1.0, ("entropy", "is_top1"))
        (log_probabilities * towards).sum().backward()
        assert hidden.grad is not None
        found.append((log_probabilities, hits.bool(), hidden.grad.clone()))
    assert found[1][1][::2].all()
    for expected, value in zip(*found, strict=True):
        torch.testing.assert_close(value, expected, rtol=1e-4, atol=1e-5)


def test_an_improbable_target_has_a_finite_log_probability_and_no_labels_give_zero() -> None:
    hidden, weight = torch.tensor([[1000.0]], requires_grad=True), torch.tensor([[1.0], [-1.0]])
    log_probabilities, *_ = OutputLayer.apply(hidden, weight, None, torch.tensor([1]), 1.0, 1)
    log_probabilities.sum().backward()
    assert log_probabilities.item() == -2000
    assert hidden.grad is not None and hidden.grad.item() == -2
    empty, *_ = OutputLayer.apply(hidden[:0], weight, None, torch.tensor([], dtype=torch.long), 1.0, 1)
    assert len(empty) == 0


def test_scaled_and_bounded_logits_are_left_to_trl() -> None:
    hidden, weight, targets = torch.randn(5, 8), torch.randn(50, 8), torch.randint(0, 50, (5,))
    rest = (torch.randn(50), targets, 1.0, 32_768, 20.0, 0.5, ("entropy", "is_top1"))
    ours, theirs = [function.apply(hidden, weight, *rest) for function in (OutputLayer, ChunkedLogProbFunction)]
    assert all(torch.equal(one, two) for one, two in zip(ours, theirs, strict=True) if one is not None)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 0.03)])
def test_a_norm_computes_what_llama_does(dtype: torch.dtype, tolerance: float) -> None:
    layer = LlamaRMSNorm(24, eps=1e-5).to(dtype).requires_grad_(False)
    nn.init.normal_(layer.weight)
    towards = torch.randn(2, 5, 24, dtype=dtype)
    found = []
    for norm in (layer, FusedRmsNorm(layer.weight, layer.variance_epsilon)):
        x = (3 * torch.randn(2, 5, 24, generator=torch.Generator().manual_seed(1))).to(dtype).requires_grad_()
        y = norm(x)
        (y * towards).sum().backward()
        assert x.grad is not None
        found.append((y, x.grad))
    assert torch.equal(found[0][0], found[1][0])
    torch.testing.assert_close(found[0][1], found[1][1], rtol=tolerance, atol=tolerance)


def mask_padding(length: int) -> torch.Tensor:
    seen = torch.ones(2, 1, length, length, dtype=torch.bool).tril()
    seen[1, :, :, length - 4 :] = False
    return seen


@pytest.mark.parametrize("scores", [1, 300, 10**9])
@pytest.mark.parametrize(
    "make_mask", [lambda _: None, mask_padding, lambda length: torch.zeros(2, 1, length, length).masked_fill(~mask_padding(length), -1e30)]
)
def test_attention_computes_what_pytorch_does(
    scores: int, make_mask: Callable[[int], torch.Tensor | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "SCORES", scores)
    length, mask, towards = 13, make_mask(13), torch.randn(2, 13, 6, 8)
    module = nn.Module()
    module.num_key_value_groups = 3  # type: ignore[assignment]  # as transformers' layers have it
    found: list[tuple[Any, ...]] = []
    for function in (sdpa_attention_forward, attend):
        torch.manual_seed(2)
        q, k, v = (torch.randn(2, length, heads, 8).transpose(1, 2).requires_grad_() for heads in (6, 2, 2))
        output, _ = function(module, q, k, v, mask, scaling=0.3)
        assert output.shape == (2, length, 6, 8)
        (output * towards).sum().backward()  # type: ignore[no-untyped-call]
        found.append((output, q.grad, k.grad, v.grad))
    for expected, value in zip(*found, strict=True):
        torch.testing.assert_close(value, expected, rtol=1e-4, atol=1e-5)


def test_answers_are_generated_as_without_the_kernels() -> None:
    plain = make_model(LlamaConfig).eval()
    fused = deepcopy(plain)
    use_kernels(fused)
    prompt: dict[str, Any] = {"input_ids": torch.randint(3, 120, (1, 9)), "max_new_tokens": 8, "do_sample": False, "pad_token_id": 0}
    assert torch.equal(fused.generate(**prompt), plain.generate(**prompt))
