"""Reads a bundle, and refuses one that is damaged, altered, or of another version."""

import io
import json
import zipfile
import zlib
from typing import Any

from pydantic import TypeAdapter, ValidationError

from services.evaluation.report.bundle.layout import EVIDENCE, FINDINGS, FORMAT, LISTS, MANIFEST, VERSION, hash_bytes, name_list
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.format import pluralize
from shared.contracts.comparison_results import ComparisonFindings
from shared.errors import InvalidRequest

MAX_BYTES = 2 << 30  # of all files together, once unpacked


def read_bundle(content: bytes) -> tuple[Evidence, ComparisonFindings]:
    """Return the evidence and the findings of a bundle.

    Raises:
        InvalidRequest: if it is not a bundle, is damaged, or its files are not those of its manifest.
    """
    files = _unpack(content)
    manifest = _parse(files, MANIFEST)
    _check_manifest(manifest, files)
    try:
        evidence = TypeAdapter(Evidence).validate_python(_parse(files, EVIDENCE) | {field: _parse_lines(files, field) for field in LISTS})
        findings = ComparisonFindings.model_validate(_parse(files, FINDINGS))
    except (ValidationError, TypeError) as error:
        raise _refuse(
            f"The bundle does not have the fields of a comparison: {_locate(error)}. Use the version of Tandem that wrote it."
        ) from error
    _check_answers(evidence)
    return evidence, findings


def _refuse(message: str) -> InvalidRequest:
    return InvalidRequest(message, param="bundle", code="invalid_bundle")


def _unpack(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            if sum(entry.file_size for entry in bundle.infolist()) > MAX_BYTES:
                raise _refuse(f"The bundle unpacks to more than {MAX_BYTES >> 30} GiB, so it was not read.")
            return {entry.filename: bundle.read(entry) for entry in bundle.infolist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _refuse("The file is not a zip file, or it is damaged. Download the bundle again.") from error


def _check_manifest(manifest: Any, files: dict[str, bytes]) -> None:
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or not isinstance(manifest.get("files"), dict):
        raise _refuse(f"The zip file is not the bundle of a comparison: '{MANIFEST}' has another format.")
    if manifest.get("version") != VERSION:
        raise _refuse(f"The bundle has version {manifest.get('version')}; this Tandem reads version {VERSION}.")
    expected = manifest["files"]
    for name in sorted({*expected, *files} - {MANIFEST}):
        if name not in files:
            raise _refuse(f"The bundle lacks '{name}', which its manifest lists. Download it again.")
        if expected.get(name) != hash_bytes(files[name]):
            raise _refuse(f"The bundle was altered: the SHA-256 of '{name}' is not the one in '{MANIFEST}'.")


def _parse(files: dict[str, bytes], name: str) -> Any:
    if name not in files:
        raise _refuse(f"The zip file is not the bundle of a comparison: it lacks '{name}'.")
    try:
        return json.loads(files[name])
    except (ValueError, RecursionError) as error:
        raise _refuse(f"'{name}' of the bundle is not valid JSON.") from error


def _parse_lines(files: dict[str, bytes], field: str) -> list[Any]:
    name = name_list(field)
    if name not in files:
        raise _refuse(f"The zip file is not the bundle of a comparison: it lacks '{name}'.")
    return [_parse({name: line}, name) for line in files[name].split(b"\n") if line]


def _locate(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "it is not an object"
    problem = error.errors()[0]
    return f"'{'.'.join(map(str, problem['loc']))}' is wrong ({problem['msg'].lower()})"


def _check_answers(evidence: Evidence) -> None:
    arms = {arm.name for arm in evidence.arms}
    if len(evidence.clusters) != len(evidence.questions):
        raise _refuse(f"The bundle has {pluralize(len(evidence.questions), 'question')}, but clusters for {len(evidence.clusters)}.")
    for answer in evidence.answers:
        if answer.arm not in arms or not 0 <= answer.question < len(evidence.questions):
            raise _refuse(f"The bundle has an answer of '{answer.arm}' to question {answer.question}, but no such arm or question.")
