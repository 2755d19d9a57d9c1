"""Text recognition for pages that are images: by Tesseract or RapidOCR, whichever is installed; neither is required.

The environment variable `RETRIEVAL_OCR_LANGUAGES` names the languages for Tesseract, in its own notation (`deu+eng`); the default is
English. RapidOCR reads the languages of its model (Chinese and English).
"""

import io
import os
import shutil
import subprocess
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

LANGUAGES_VARIABLE = "RETRIEVAL_OCR_LANGUAGES"
PAGE_SECONDS = 120
ADVICE = "install Tesseract, or the Python packages rapidocr and onnxruntime, to read them"


class RecognitionFailed(Exception):
    """The text in an image could not be read; the message says why and what to do."""


def recognize_text(image: Any) -> str:
    """Return the text in a PIL image.

    Raises:
        RecognitionFailed: if no text recognition is installed, the data of a language is missing, or it failed.
    """
    if shutil.which("tesseract"):
        return _run_tesseract(image, os.environ.get(LANGUAGES_VARIABLE, ""))
    if find_spec("rapidocr") and find_spec("onnxruntime"):
        return "\n".join(_open_rapidocr()(image).txts or ())
    raise RecognitionFailed(ADVICE)


def _run_tesseract(image: Any, languages: str) -> str:
    missing = sorted(set(filter(None, languages.split("+"))) - _installed_languages()) if languages else []
    if missing:
        installed = ", ".join(sorted(_installed_languages())) or "none"
        problem = f"Tesseract lacks the language data of {', '.join(missing)} ({LANGUAGES_VARIABLE}={languages})"
        raise RecognitionFailed(f"{problem}; installed: {installed}")
    png = io.BytesIO()
    image.save(png, "PNG")
    return _run(["-", "-", *(["-l", languages] if languages else [])], png.getvalue()).strip()


@cache
def _installed_languages() -> frozenset[str]:
    """Return the languages that Tesseract has data for. The first line of its output is a title."""
    return frozenset(line.strip() for line in _run(["--list-langs"]).splitlines()[1:])


def _run(arguments: list[str], data: bytes = b"") -> str:
    try:
        done = subprocess.run(["tesseract", *arguments], input=data, capture_output=True, check=True, timeout=PAGE_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise RecognitionFailed(f"Tesseract took longer than {PAGE_SECONDS} seconds for a page") from error
    except (subprocess.SubprocessError, OSError) as error:
        raise RecognitionFailed(f"Tesseract failed ({type(error).__name__}); is its language data installed?") from error
    return done.stdout.decode("utf-8", "replace")


@cache
def _open_rapidocr() -> Any:
    return import_module("rapidocr").RapidOCR()
