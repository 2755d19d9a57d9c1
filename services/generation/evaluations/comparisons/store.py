"""The transactions of comparisons: a comparison is stored with its questions, and an extending one with its look.

A look number is safe against two requests at the same time, because the family is locked from before the looks are counted until the
new comparison, which counts as a look itself, is stored.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.contracts.comparisons import ComparisonSpec
from shared.errors import NotFound
from shared.log import request_id
from shared.records import jobs
from shared.records.evaluation import comparisons
from shared.records.evaluation.comparisons import ComparisonFamily
from shared.records.jobs import COMPARISON, UNFINISHED, Job

Contents = Sequence[dict[str, Any]]  # of questions, as they are stored


def store_comparison(session: Session, project_id: str, spec: ComparisonSpec, questions: Contents, event: str) -> Job:
    """Store a new comparison, the first of a family. `reuses` names the newest comparison with the same questions."""
    job = _submit(session, project_id, spec.model_copy(update={"reuses": _find_earlier(session, project_id, spec)}), event)
    session.add(ComparisonFamily(id=job.id))
    comparisons.add_questions(session, job.id, questions)
    return job


def store_extension(session: Session, parent: Job, spec: ComparisonSpec, questions: Contents, event: str) -> Job:
    """Store a comparison that has the answers of `parent`, which has ended. `questions` are those of `parent`, and then others.

    Raises:
        NotFound: if `parent` was deleted meanwhile.
    """
    family = comparisons.find_family(parent)
    if not comparisons.lock_family(session, family) or session.get(Job, parent.id) is None:
        raise NotFound(f"There is no comparison '{parent.id}'.", param="extends")
    look = 1 + comparisons.count_looks(session, family)
    job = _submit(
        session, parent.project_id, spec.model_copy(update={"family": family, "look": look}), f"{event} Its verdict is look {look}."
    )
    comparisons.add_questions(session, job.id, questions)
    comparisons.copy_answers(session, parent.id, job.id)
    return job


def _submit(session: Session, project_id: str, spec: ComparisonSpec, event: str) -> Job:
    job = jobs.submit(session, COMPARISON, project_id, spec.model_dump(), request_id())
    jobs.add_event(session, job.id, event)
    if spec.reuses is not None:
        warning = f"'{spec.reuses}' has the same questions. Two verdicts on the same questions are not independent of each other."
        jobs.add_event(session, job.id, warning, level="warn")
    for warning in spec.warnings:
        jobs.add_event(session, job.id, warning, level="warn")
    return job


def _find_earlier(session: Session, project_id: str, spec: ComparisonSpec) -> str | None:
    """Return the newest comparison that has, or may still get, a verdict from the same questions."""
    of_project = select(Job.id).where(Job.kind == COMPARISON, Job.project_id == project_id)
    looked = of_project.where(Job.status.in_((*UNFINISHED, "succeeded")), Job.spec["questions_sha256"].as_string() == spec.questions_sha256)
    return session.scalar(looked.order_by(Job.created_at.desc(), Job.id.desc()).limit(1)) if spec.questions_sha256 else None
