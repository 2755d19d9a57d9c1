"""What both TRL scripts do at their end."""

import json
from typing import Any


def print_result(trainer: Any, output: str) -> None:
    """Save the adapter, and print as JSON how many seconds the training took, without imports and loading."""
    trainer.save_model(output)
    seconds = next(entry["train_runtime"] for entry in trainer.state.log_history if "train_runtime" in entry)
    print(json.dumps({"seconds": seconds}))
