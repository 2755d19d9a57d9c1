"""The loss of adapters on examples that were not trained, by transformers and PEFT alone, in float32, one example at a time.

python -m benchmarks.training.held_out_loss <model> <tokens.jsonl> <adapter> …

Prints a JSON list: the loss of the model itself, then of each adapter, in nats per learned token.
"""

import json
import sys
from typing import Any

import torch
from peft import PeftModel
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM

from benchmarks.training.examples import IGNORED, read_tokens


def main() -> None:
    """Print the losses."""
    model, tokens, *adapters = sys.argv[1:]
    examples = read_tokens(tokens)
    base = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    losses = [measure_loss(base, examples)]
    for adapter in adapters:
        adapted = PeftModel.from_pretrained(base, adapter)
        losses.append(measure_loss(adapted, examples))
        base = adapted.unload()
    print(json.dumps(losses))


@torch.no_grad()
def measure_loss(model: Any, examples: list[dict[str, list[int]]]) -> float:
    """Return the mean cross entropy of all learned tokens."""
    model.eval()
    total, count = 0.0, 0
    for example in examples:
        logits = model(input_ids=torch.tensor([example["input_ids"]])).logits[0, :-1]
        labels = torch.tensor(example["labels"][1:])
        total += float(cross_entropy(logits, labels, ignore_index=IGNORED, reduction="sum"))
        count += int((labels != IGNORED).sum())
    return total / count


if __name__ == "__main__":
    main()
