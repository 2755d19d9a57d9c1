"""What a comparison finds: the `result` of a succeeded comparison, in the database and on the wire.

Results of comparisons from before a field existed lack it, so every field that was added later has a default.
"""

from typing import Literal

from pydantic import BaseModel

Interval = tuple[float, float]
Outcome = Literal["recommendation", "base_is_enough", "not_settled", "too_few", "failed"]


class TagScore(BaseModel):
    """An arm's mean of the deciding grader over the questions with one tag, with its 95% interval. Descriptive only."""

    tag: str
    questions: int
    mean: float
    interval: Interval


class RetrievalScores(BaseModel):
    """How well an arm's search found the `contexts` of the questions, as means over the questions that have contexts.

    `supported` is the share of questions of which an accepted answer is in a retrieved passage. `missed_by_search` is the share of wrong
    answers for which no context was retrieved, `missed_by_reading` the share for which one was retrieved but not used.
    """

    questions: int
    recall: float
    precision: float
    ndcg: float
    mrr: float
    supported: float
    missed_by_search: float
    missed_by_reading: float


class AbstentionScores(BaseModel):
    """How well an arm says that the documents do not have the answer.

    `had_to` counts the questions without accepted answers, `did` the answers that abstained. `precision` is the share of the abstentions
    that were right, `recall` the share of those questions for which the arm abstained; null if there are none.
    """

    had_to: int
    did: int
    precision: float | None
    recall: float | None


class Failures(BaseModel):
    """How many answers failed: by the arm's own fault, so they get the lowest score, or by a fault of the infrastructure or a judge."""

    own: int = 0
    infrastructure: int = 0


class ArmSummary(BaseModel):
    """One arm over all questions. Times are in seconds and include every wait.

    `latency_p50` and `latency_p95` were measured under load, the `single_…` ones with one question at a time. `cost` is the mean cost
    of a question: an amount of money if the request had `prices`, otherwise the number of tokens. `fixed_cost` is what training
    and indexing cost in total.
    """

    arm: str
    model: str
    scores: dict[str, float]
    intervals: dict[str, Interval]
    latency_p50: float
    latency_p95: float
    single_latency_p50: float | None = None
    single_latency_p95: float | None = None
    prompt_tokens: float
    completion_tokens: float
    engine_seconds: float | None = None
    cost: float
    fixed_cost: float = 0.0
    cost_per_correct: float | None = None
    failures: Failures = Failures()
    tags: list[TagScore] = []
    retrieval: RetrievalScores | None = None
    abstention: AbstentionScores | None = None


class Overtake(BaseModel):
    """From `questions` questions on, `arm` costs less in total than `than`: its fixed cost is higher, but its answers are cheaper."""

    arm: str
    than: str
    questions: int


class Difference(BaseModel):
    """The mean paired difference `better - worse` in the deciding grader, with the interval that decides whether it is shown.

    The interval is simultaneous over all pairs of arms. `shown` is true if it lies above 0. `mid_p` and `exact_p` are the p-values of
    McNemar's tests of this pair alone, for information; null if the scores are not right or wrong, or in clusters.
    """

    better: str
    worse: str
    mean: float
    low: float
    high: float
    shown: bool
    mid_p: float | None = None
    exact_p: float | None = None


class MoreQuestions(BaseModel):
    """How many more questions would settle the verdict with a probability of 50% and of 80%. Null: more than 5,000."""

    for_half: int | None
    for_four_fifths: int | None


class SeedScore(BaseModel):
    """The mean scores of arms with an adapter that was trained with another seed, and the arm that would be recommended with it."""

    model: str
    scores: dict[str, float]
    recommended: str | None


class JudgeFigures(BaseModel):
    """How far a model grader can be trusted, measured on a slice of the answers before it decides.

    `consistency` is the share of answers that get the same grade if answer and reference change places. `agreement` is the share of
    right verdicts on accepted answers, which should pass, and on answers to other questions, which should not. Both are null if they
    could not be measured. `unparseable` is the share of outputs that could not be read.
    """

    grader: str
    model: str
    judged: int
    consistency: float | None
    agreement: float | None
    unparseable: float


class LeakedQuestion(BaseModel):
    """A question that the training file has, or nearly the same. `line` is its line in the training file, `similarity` is from 0 to 1."""

    question: str
    line: int
    similarity: float
    left_out: bool


class Verdict(BaseModel):
    """The recommendation, and what it rests on.

    `recommended` is the cheapest arm shown to be no worse than every other by `margin` or more, if it is also shown to be better than
    every cheaper arm. `candidates` are the arms shown to be no worse than every other, `not_excluded` those that may be the best.
    `best` is the arm with the highest mean. A look is one verdict on the questions so far; `alpha` is its one-sided error level.
    """

    outcome: Outcome
    recommended: str | None
    best: str
    text: str
    headline: str = ""
    candidates: list[str] = []
    not_excluded: list[str] = []
    none_answers_well: bool = False
    margin: float | None = None
    look: int = 1
    alpha: float | None = None
    more_questions: MoreQuestions | None = None
    flip_rate: float | None = None
    warnings: list[str] = []
    method: str = "bootstrap"


class ComparisonFindings(BaseModel):
    """What a comparison finds. `questions` counts those that the verdict rests on, `left_out` the others.

    `smallest_difference` is the smallest true difference that this many questions show in 80% of comparisons.
    """

    questions: int
    clusters: int | None = None
    left_out: int = 0
    arms: list[ArmSummary]
    differences: list[Difference]
    verdict: Verdict
    leaked: list[LeakedQuestion] = []
    template_copies: int = 0
    judges: list[JudgeFigures] = []
    seeds: list[SeedScore] = []
    overtakes: list[Overtake] = []
    smallest_difference: float | None = None
    seed: int
    concurrency: int


class ComparisonResult(ComparisonFindings):
    """The `result` of a comparison: what it found, and the ids of the files that report it."""

    report_json: str
    report_html: str
    report_markdown: str | None = None
    bundle: str | None = None
    bundle_sha256: str | None = None
