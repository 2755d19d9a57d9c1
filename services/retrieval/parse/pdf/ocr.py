"""Text recognition for pages that are images: by Tesseract or RapidOCR, whichever is installed; neither is required.

The environment variable `RETRIEVAL_OCR_LANGUAGES` names the languages for Tesseract, in its own notation (`deu+eng`); the default is
English. RapidOCR reads the languages of its model (Chinese and English). What to install is for the operator (`find_problem`); a person who
uploads a file learns only that its images are not read.
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
LIST_SECONDS = 10


class RecognitionFailed(Exception):
    """The text in an image could not be read; the message says why, to the person who uploaded it."""


def recognize_text(image: Any) -> str:
    """Return the text in a PIL image.

    Raises:
        RecognitionFailed: if no text recognition is installed, the data of a language is missing, or it failed.
    """
    languages = os.environ.get(LANGUAGES_VARIABLE, "")
    if shutil.which("tesseract"):
        if _missing_languages(languages):
            raise RecognitionFailed("this server's text recognition lacks the data for one of its configured languages")
        return _run_tesseract(image, languages)
    if find_spec("rapidocr") and find_spec("onnxruntime"):
        return "\n".join(_open_rapidocr()(image).txts or ())
    raise RecognitionFailed("this server has no text recognition")


def find_problem(languages: str) -> str | None:
    """Return, to the operator, why pages that are images will not be read, and what to do; None if they will."""
    if shutil.which("tesseract"):
        missing = _missing_languages(languages)
        installed = ", ".join(sorted(_installed_languages())) or "none"
        problem = f"Tesseract lacks the language data for {', '.join(missing)} ({LANGUAGES_VARIABLE}={languages}); installed: {installed}."
        return problem if missing else None
    if find_spec("rapidocr") and find_spec("onnxruntime"):
        return None
    return "Neither Tesseract nor the Python packages rapidocr and onnxruntime are installed."


def _missing_languages(languages: str) -> list[str]:
    return sorted(set(filter(None, languages.split("+"))) - _installed_languages()) if languages else []


def _run_tesseract(image: Any, languages: str) -> str:
    png = io.BytesIO()
    image.save(png, "PNG")
    try:
        return _run(["-", "-", *(["-l", languages] if languages else [])], png.getvalue(), PAGE_SECONDS).strip()
    except subprocess.TimeoutExpired as error:
        raise RecognitionFailed(f"text recognition took longer than {PAGE_SECONDS} seconds for a page") from error
    except (subprocess.SubprocessError, OSError) as error:
        raise RecognitionFailed("this server's text recognition failed") from error


@cache
def _installed_languages() -> frozenset[str]:
    """Return the languages that Tesseract has data for. The first line of its output is a title."""
    try:
        return frozenset(line.strip() for line in _run(["--list-langs"], b"", LIST_SECONDS).splitlines()[1:])
    except (subprocess.SubprocessError, OSError):
        return frozenset()


def _run(arguments: list[str], data: bytes, seconds: float) -> str:
    done = subprocess.run(["tesseract", *arguments], input=data, capture_output=True, check=True, timeout=seconds)
    return done.stdout.decode("utf-8", "replace")


@cache
def _open_rapidocr() -> Any:
    return import_module("rapidocr").RapidOCR()
