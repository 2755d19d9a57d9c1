"""The steps that only compute load no HTTP library, so they can be used and tested without one."""

import subprocess
import sys

PURE = (
    "services.generation.grounding.abstain",
    "services.generation.grounding.ground",
    "services.generation.grounding.prompt",
    "services.generation.grounding.request",
    "services.generation.grounding.retrieve",
    "services.generation.grounding.rewrite",
    "services.generation.grounding.template",
    "services.generation.answers.answer",
    "services.generation.answers.attribute",
    "services.generation.answers.citations",
    "services.generation.http.reply",
    "services.generation.http.sse",
)
HTTP_LIBRARIES = ("aiohttp", "httpx", "starlette", "fastapi", "uvicorn", "requests")
PROGRAM = """
import importlib, sys
for name in {names!r}:
    importlib.import_module(name)
    loaded = [library for library in {libraries!r} if library in sys.modules]
    if loaded:
        sys.exit(f"{{name}} loads {{', '.join(loaded)}}")
"""


def test_pure_steps_load_no_http_library() -> None:
    program = PROGRAM.format(names=PURE, libraries=HTTP_LIBRARIES)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
