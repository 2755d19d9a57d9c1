"""Text recognition for pages that are images: by Tesseract or by RapidOCR, whichever is installed; neither is required."""

import io
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from services.retrieval.parse.document import InvalidFile

Recognize = Callable[[Any], str]
PAGE_SECONDS = 120
ADVICE = "install Tesseract, or the Python packages rapidocr and onnxruntime, to have them read"


def find_recognizer() -> Recognize | None:
    """Return what reads the text in a PIL image; None where nothing is installed."""
    if shutil.which("tesseract"):
        return _by_tesseract
    if find_spec("rapidocr") and find_spec("onnxruntime"):
        return _by_rapidocr
    return None


def _by_tesseract(image: Any) -> str:
    packed = io.BytesIO()
    image.save(packed, "PNG")
    try:
        done = subprocess.run(["tesseract", "-", "-"], input=packed.getvalue(), capture_output=True, check=True, timeout=PAGE_SECONDS)
    except (subprocess.SubprocessError, OSError) as error:
        raise InvalidFile(f"Tesseract failed on a page ({type(error).__name__}). Is its language data installed?") from error
    return done.stdout.decode("utf-8", "replace").strip()


def _by_rapidocr(image: Any) -> str:
    found = _rapidocr()(image)
    return "\n".join(found.txts or ())


@cache
def _rapidocr() -> Any:
    return import_module("rapidocr").RapidOCR()
