"""The training process starts without anything heavy, so that it can watch its worker from the first moment."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]


def test_the_process_imports_no_torch_before_it_trains() -> None:
    check = "import sys; import services.training.trainer.process; sys.exit('torch' in sys.modules or 'huggingface_hub' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=False).returncode == 0
