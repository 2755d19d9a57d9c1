"""Writes a bundle. The same comparison always gives the same bytes."""

import io
import zipfile

from services.evaluation.report.bundle.layout import list_files
from services.evaluation.verdict.evidence import Evidence
from shared.contracts.comparison_results import ComparisonFindings

FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can have
UNIX = 3
READABLE = 0o644 << 16


def write_bundle(evidence: Evidence, findings: ComparisonFindings) -> bytes:
    """Return the zip file of a comparison. It does not contain the report, which shows the bundle's hash."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in list_files(evidence, findings).items():
            entry = zipfile.ZipInfo(name, FIRST_DATE)
            entry.create_system, entry.external_attr = UNIX, READABLE
            bundle.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
