"""The files of a bundle: their names, their content as JSON, and the manifest with their hashes.

The hash of a bundle is the SHA-256 of its manifest, which has the SHA-256 of every other file. So it does not depend on how the zip
is compressed, and `unzip -p BUNDLE manifest.json | sha256sum` prints it.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from pydantic_core import to_jsonable_python

from services.evaluation.verdict.evidence import Evidence
from shared.contracts.comparison_results import ComparisonFindings

FORMAT = "tandem-comparison"
VERSION = 1
MANIFEST = "manifest.json"
EVIDENCE = "evidence.json"
FINDINGS = "findings.json"
README = "README.txt"
LISTS = ("questions", "answers", "single", "repeated")  # fields of the evidence that have a file of their own, a value per line
INSTRUCTIONS = """A comparison of Tandem: its questions, every answer, and what was found.

    python -m services.evaluation replay THIS_FILE            compute the verdict again, without an engine
    python -m services.evaluation report THIS_FILE --out DIR  write the report again
    unzip -p THIS_FILE manifest.json | sha256sum              the hash of the bundle, as the report shows it
"""


def name_list(field: str) -> str:
    """Return the file of a field in LISTS."""
    return f"{field}.jsonl"


def list_files(evidence: Evidence, findings: ComparisonFindings) -> dict[str, bytes]:
    """Return the content of every file of the bundle, the manifest included, by name in ascending order."""
    values: dict[str, Any] = to_jsonable_python(evidence, inf_nan_mode="constants")
    files = {name_list(field): _write_lines(values.pop(field)) for field in LISTS}
    files[EVIDENCE] = _write(values)
    files[FINDINGS] = _write(to_jsonable_python(findings, inf_nan_mode="constants"))
    files[README] = INSTRUCTIONS.encode()
    files[MANIFEST] = _write(_make_manifest(evidence, files))
    return dict(sorted(files.items()))


def hash_bundle(evidence: Evidence, findings: ComparisonFindings) -> str:
    """Return the SHA-256 of the bundle's manifest in hex."""
    return hash_bytes(list_files(evidence, findings)[MANIFEST])


def hash_bytes(content: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def _make_manifest(evidence: Evidence, files: dict[str, bytes]) -> dict[str, Any]:
    spec = evidence.spec
    return {
        "format": FORMAT,
        "version": VERSION,
        "comparison": evidence.job_id,
        "created_at": evidence.created_at,
        "look": spec.look,
        "family": spec.family,
        "models": sorted({arm.model for arm in evidence.arms} | set(evidence.other_seeds)),
        "seed": spec.seed,
        "seeds": spec.seeds,
        "versions": evidence.versions,
        "data": evidence.data,
        "files": {name: hash_bytes(content) for name, content in sorted(files.items())},
    }


def _write(value: Any) -> bytes:
    """Return pretty JSON in UTF-8. Half a surrogate pair, which UTF-8 cannot express, becomes a question mark."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode(errors="replace")


def _write_lines(values: Iterable[Any]) -> bytes:
    return "".join(json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n" for value in values).encode(errors="replace")
