"""The evidence of a comparison: everything that its findings are computed from, as values.

A bundle stores it, and a replay computes the same findings from it without an engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.arms.build import Arm
from shared.contracts.comparison_results import JudgeFigures, LeakedQuestion
from shared.contracts.comparisons import ComparisonSpec
from shared.datasets import Question


@dataclass(frozen=True)
class Evidence:
    """A comparison's questions and answers, and what was measured beside them.

    `answers` are graded and were collected under load; `single` are answers collected one at a time, for their latency only. `questions`
    includes those that were left out because they leaked: these have no answers. `clusters` has a number for each question. `repeated`
    are second answers of the same arm to the same question, for the flip rate. `other_seeds` has, for each further adapter, its
    model's name and the answers of the arms that use it. `warnings` are sentences about the inputs. `training_seconds` is None if it is
    unknown. `indexing_seconds` is what the price sheet says; without it, `indexing_by_store` has what was measured, by vector store, and
    None if that is unknown.
    `data` has the SHA-256 of each input: of the `questions`, and of the training file, by its id.
    """

    job_id: str
    created_at: int
    spec: ComparisonSpec
    arms: Sequence[Arm]
    questions: Sequence[Question]
    clusters: Sequence[int]
    answers: Sequence[ArmAnswer]
    single: Sequence[ArmAnswer] = ()
    repeated: Sequence[ArmAnswer] = ()
    other_seeds: dict[str, Sequence[ArmAnswer]] = field(default_factory=dict)
    leaked: Sequence[LeakedQuestion] = ()
    template_copies: int = 0
    judges: Sequence[JudgeFigures] = ()
    warnings: Sequence[str] = ()
    training_seconds: float | None = None
    indexing_seconds: float | None = None
    indexing_by_store: dict[str, float | None] = field(default_factory=dict)
    concurrency: int = 16
    versions: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
