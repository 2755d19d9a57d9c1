import subprocess
import sys
from pathlib import Path

from tests.unit.conftest import HEAVY

ROOT = Path(__file__).parents[2]
COLLECT = f"""
import sys, pytest
code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", "tests/unit"])
print("LOADED", code.value, *sorted(name for name in {HEAVY!r} if name in sys.modules))
"""


def test_the_unit_tests_import_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", COLLECT], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "LOADED 0", done.stdout[-2000:]
