"""Publishes a report: writes its files, uploads them, and returns the result of the comparison."""

import asyncio
from typing import Protocol

from services.evaluation.report.bundle.layout import hash_bundle
from services.evaluation.report.bundle.write_bundle import write_bundle
from services.evaluation.report.write_html import write_html
from services.evaluation.report.write_json import write_json
from services.evaluation.report.write_markdown import write_markdown
from services.evaluation.verdict.evidence import Evidence
from shared.contracts.comparison_results import ComparisonFindings, ComparisonResult
from shared.workers.retry import retry

PURPOSE = "evals"  # of the report's files
WRITERS = {"json": write_json, "html": write_html, "md": write_markdown, "zip": write_bundle}


class Files(Protocol):
    """Where files are stored."""

    async def upload_file(self, filename: str, content: bytes, purpose: str) -> str:
        """Store a file and return its id, or the id of a file that has the same name, purpose and content."""
        ...


async def publish(evidence: Evidence, findings: ComparisonFindings, files: Files, retry_seconds: float) -> ComparisonResult:
    """Write and upload the report and the bundle, and return the result, which has the ids of their files."""
    ids = {}
    for ending, write in WRITERS.items():
        content = await asyncio.to_thread(write, evidence, findings)
        filename = f"{evidence.job_id}.{ending}"
        ids[ending] = await retry(lambda: files.upload_file(filename, content, PURPOSE), retry_seconds)  # noqa: B023
    return ComparisonResult(
        **findings.model_dump(),
        report_json=ids["json"],
        report_html=ids["html"],
        report_markdown=ids["md"],
        bundle=ids["zip"],
        bundle_sha256=hash_bundle(evidence, findings),
    )
