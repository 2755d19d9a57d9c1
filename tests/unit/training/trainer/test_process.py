"""The training process starts without anything heavy, so that it can watch its worker from the first moment."""

import json
import subprocess
import sys
from pathlib import Path

from services.training.trainer.process import keep_step

ROOT = Path(__file__).parents[4]


def test_the_process_imports_no_torch_before_it_trains() -> None:
    check = "import sys; import services.training.trainer.process; sys.exit('torch' in sys.modules or 'huggingface_hub' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=False).returncode == 0


def test_every_step_is_kept_even_after_a_line_that_a_killed_process_left_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "steps.jsonl"
    path.write_text('{"step": 1, "tra')
    steps = [{"step": step, "train_loss": 1.0} for step in (2, 3)]
    for fields in steps:
        keep_step(path, fields)
    kept = [json.loads(line) for line in path.read_text().splitlines()[1:]]
    assert [{**fields, "time": line["time"]} for fields, line in zip(steps, kept, strict=True)] == kept
