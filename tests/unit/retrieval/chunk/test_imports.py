import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]
READERS = ("charset_normalizer", "lxml", "pptx", "pypdfium2", "python_calamine", "striprtf")


def test_cutting_a_document_imports_no_library_of_the_readers() -> None:
    code = f"import sys, services.retrieval.chunk; print([name for name in {READERS!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
