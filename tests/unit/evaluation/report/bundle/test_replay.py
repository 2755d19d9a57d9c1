"""A replay computes the findings of a bundle again, and says what differs."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from services.evaluation.__main__ import main
from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.grading.grade_answers import list_graders
from services.evaluation.report.bundle.layout import hash_bundle
from services.evaluation.report.bundle.replay import describe, regrade, replay
from services.evaluation.report.bundle.write_bundle import write_bundle
from services.evaluation.verdict.assess import assess
from services.evaluation.verdict.evidence import Evidence
from tests.unit.evaluation.cases import make_arms, make_evidence

JUDGE = {
    "type": "score_model",
    "name": "helpful",
    "model": "judge-7b",
    "input": [{"role": "user", "content": "Grade {{sample.output_text}}"}],
}
COSINE = {
    "type": "text_similarity",
    "name": "close",
    "input": "{{sample.output_text}}",
    "reference": "{{item.answers}}",
    "evaluation_metric": "cosine",
}
BOTH = {"type": "multi", "name": "mixed", "graders": {"a": JUDGE}, "calculate_output": "a"}
HAS = {"type": "contains", "name": "has"}


def make_case(**changes: object) -> Evidence:
    """Return the evidence of 20 questions that one arm answers rightly and the other one does not, graded as a worker grades."""
    evidence = make_evidence({"base": [0.0] * 20, "rag": [0.0] * 20}, **changes)
    answers = [answer_rightly(evidence, answer) if answer.arm == "rag" else answer for answer in evidence.answers]
    local = [grader for grader in list_graders(evidence.spec.graders) if grader.name not in ("helpful", "close", "mixed")]
    graded = regrade(evidence, answers, local)
    return replace(evidence, arms=make_arms(["base", "rag"]), answers=graded, single=(), repeated=graded[:4])


def answer_rightly(evidence: Evidence, answer: ArmAnswer) -> ArmAnswer:
    accepted: Sequence[str] = evidence.questions[answer.question].answers or ()
    return replace(answer, text=accepted[0] if accepted else "The documents do not say.")


def write_case(evidence: Evidence) -> bytes:
    return write_bundle(evidence, assess(evidence))


def test_a_replay_finds_the_same() -> None:
    evidence = make_case()
    result = replay(write_case(evidence), assess)
    assert result.differences == []
    assert result.computed.verdict.recommended == "rag"
    text = describe(result)
    assert text.startswith("Use retrieval\n\nOn 20 questions, the mean F1 of retrieval alone is 1.00.")
    assert "Graded again: exact_match and f1." in text
    assert hash_bundle(evidence, assess(evidence)) in text
    assert text.endswith("The findings are the same as in the bundle.\n")


def test_a_replay_of_several_seeds_finds_the_same() -> None:
    evidence = make_case(seeds=3)
    seeds: dict[str, Sequence[ArmAnswer]] = {
        f"seed-{seed}": [answer for answer in evidence.answers if answer.arm == "rag"] for seed in (1, 2)
    }
    result = replay(write_case(replace(evidence, other_seeds=seeds)), assess)
    assert result.differences == []
    assert [seed.recommended for seed in result.computed.seeds] == ["rag", "rag"]


def test_findings_that_do_not_follow_from_the_answers_are_named() -> None:
    evidence = make_case()
    findings = assess(evidence)
    forged = findings.model_copy(update={"verdict": findings.verdict.model_copy(update={"recommended": "base"})})
    result = replay(write_bundle(evidence, forged), assess)
    assert result.differences == ["'verdict.recommended' is 'base' in the bundle, and 'rag' if computed again."]
    assert "The findings differ from those in the bundle:\n- 'verdict.recommended'" in describe(result)


def test_scores_that_a_grader_does_not_give_are_named_and_not_used() -> None:
    evidence = make_case()
    forged = [replace(answer, scores={"f1": 1.0, "exact_match": 1.0}) for answer in evidence.answers]
    result = replay(write_case(replace(evidence, answers=forged)), assess)
    assert result.computed.verdict.recommended == "rag"
    assert "'exact_match' gives Base model 0.00 for question 1; the bundle has 1.00." in result.differences
    assert describe(result).count("\n- ") == 21  # twenty differences, and how many more there are


def test_scores_of_graders_that_call_a_model_are_taken_from_the_bundle() -> None:
    evidence = make_case(graders=[JUDGE, COSINE, BOTH, HAS])
    given = [replace(answer, scores={**answer.scores, "helpful": 0.25, "close": 0.5, "mixed": 0.25}) for answer in evidence.answers]
    result = replay(write_case(replace(evidence, answers=given, repeated=())), assess)
    assert result.differences == []
    assert result.taken == ["helpful", "close", "mixed"]
    assert result.regraded == ["exact_match", "f1", "has"]
    assert "Scores from the bundle, because the grader calls a model: helpful, close, and mixed." in describe(result)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(write_case(make_case()))
    return path


def test_the_command_prints_the_verdict_and_the_table(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(bundle)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Use retrieval"
    assert [line.split()[0] for line in lines if line.startswith(("Arm", "Base", "Retrieval "))] == ["Arm", "Base", "Retrieval"]


def test_the_command_fails_if_the_findings_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evidence = make_case()
    findings = assess(evidence)
    path = tmp_path / "forged.zip"
    path.write_bytes(write_bundle(evidence, findings.model_copy(update={"questions": 19})))
    assert main(["replay", str(path)]) == 1
    assert "'questions' is 19 in the bundle, and 20 if computed again." in capsys.readouterr().out


@pytest.mark.parametrize("command", [["replay"], ["report", "--out", "out"]])
def test_a_file_that_is_no_bundle_is_an_error_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    path = tmp_path / "other.zip"
    path.write_bytes(b"no zip")
    assert main([*command, str(path)]) == 2
    assert capsys.readouterr().err == f"{path}: The file is not a zip file, or it is damaged. Download the bundle again.\n"
    assert main([*command, str(tmp_path / "none.zip")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none.zip'}: No such file or directory\n"


def test_the_report_is_written_again_with_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    assert main(["report", str(bundle), "--out", str(tmp_path / "one")]) == 0
    assert main(["report", str(bundle), "--out", str(tmp_path / "two")]) == 0
    names = ["report.html", "report.json", "report.md"]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == names
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in names)


def test_a_replay_loads_no_engine_no_server_and_no_database() -> None:
    heavy = ("torch", "transformers", "fastapi", "sqlalchemy", "celery")
    code = f"import sys, services.evaluation.__main__; sys.exit(', '.join(sorted(set({heavy}) & set(sys.modules))))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stderr.strip() == ""
