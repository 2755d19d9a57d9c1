import pytest
import torch
from torch import nn

from services.retrieval.embedding.packed_linear import PackedLinear, pack_linear_layers


def is_possible() -> bool:
    try:
        pack_linear_layers(nn.Sequential(nn.Linear(8, 8).bfloat16()))
    except Exception:
        return False
    return True


pytestmark = pytest.mark.skipif(not is_possible(), reason="this processor or this torch does not lay out weights in bfloat16")


@pytest.mark.parametrize("rows", [1, 7, 300])
def test_a_packed_model_computes_what_it_computed(rows: int) -> None:
    torch.manual_seed(7)
    model = nn.Sequential(nn.Linear(64, 96), nn.GELU(), nn.Sequential(nn.Linear(96, 32, bias=False))).bfloat16().eval()
    given = torch.randn(2, rows, 64).bfloat16()
    with torch.inference_mode():
        before = model(given)
        pack_linear_layers(model)
        after = model(given)
    assert sum(isinstance(layer, PackedLinear) for layer in model.modules()) == 2
    assert after.shape == before.shape
    torch.testing.assert_close(after, before, rtol=0.02, atol=0.02)


def test_layers_of_other_kinds_stay() -> None:
    class Own(nn.Linear):
        pass

    model = nn.Sequential(Own(8, 8)).bfloat16()
    pack_linear_layers(model)
    assert isinstance(model[0], Own)
