"""Text recognition for pages that are images: by Tesseract or by RapidOCR, whichever is installed; neither is required.

The variable `RETRIEVAL_OCR_LANGUAGES` of the process says which languages Tesseract reads, in its own way (`deu+eng`); without it, it takes
English. RapidOCR reads what its own model does (Chinese and English).
"""

import io
import os
import shutil
import subprocess
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

LANGUAGES = "RETRIEVAL_OCR_LANGUAGES"
PAGE_SECONDS = 120
ADVICE = "install Tesseract, or the Python packages rapidocr and onnxruntime, to have them read"


class NotRecognized(Exception):
    """Text in an image could not be read; the message says why, and what would help."""


def recognize(image: Any) -> str:
    """Return the text in a PIL image.

    Raises:
        NotRecognized: nothing that reads images is installed, a language's data is missing, or reading failed.
    """
    if shutil.which("tesseract"):
        return _by_tesseract(image, os.environ.get(LANGUAGES, ""))
    if find_spec("rapidocr") and find_spec("onnxruntime"):
        return "\n".join(_rapidocr()(image).txts or ())
    raise NotRecognized(ADVICE)


def _by_tesseract(image: Any, languages: str) -> str:
    missing = sorted(set(filter(None, languages.split("+"))) - _installed()) if languages else []
    if missing:
        known = ", ".join(sorted(_installed())) or "none"
        raise NotRecognized(f"Tesseract lacks the language data of {', '.join(missing)} ({LANGUAGES}={languages}); installed: {known}")
    packed = io.BytesIO()
    image.save(packed, "PNG")
    return _run(["-", "-", *(["-l", languages] if languages else [])], packed.getvalue()).strip()


@cache
def _installed() -> frozenset[str]:
    """Return the languages that Tesseract has data of; the first line of what it says is a title."""
    return frozenset(line.strip() for line in _run(["--list-langs"]).splitlines()[1:])


def _run(arguments: list[str], data: bytes = b"") -> str:
    try:
        done = subprocess.run(["tesseract", *arguments], input=data, capture_output=True, check=True, timeout=PAGE_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise NotRecognized(f"Tesseract took longer than {PAGE_SECONDS} seconds for a page") from error
    except (subprocess.SubprocessError, OSError) as error:
        raise NotRecognized(f"Tesseract failed ({type(error).__name__}); is its language data installed?") from error
    return done.stdout.decode("utf-8", "replace")


@cache
def _rapidocr() -> Any:
    return import_module("rapidocr").RapidOCR()
