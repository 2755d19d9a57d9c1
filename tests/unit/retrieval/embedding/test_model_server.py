"""The process of embedding models, as far as it goes without a model."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]
SERVE = """
import importlib.util, socket
from services.retrieval.embedding import model_server

server, service = socket.socketpair()
model_server.sys.argv = ["model_server", str(server.detach())]
model_server.run_child = lambda run: None
model_server.main()
print(importlib.util.find_spec("bitsandbytes"))
"""


def test_the_process_does_not_see_a_library_that_only_training_needs() -> None:
    done = subprocess.run([sys.executable, "-c", SERVE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"
