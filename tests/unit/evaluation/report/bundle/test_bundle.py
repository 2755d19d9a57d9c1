"""A bundle has everything, always has the same bytes, and is refused if it was damaged or altered."""

import io
import json
import math
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from services.evaluation.report.bundle.layout import hash_bundle, hash_bytes
from services.evaluation.report.bundle.read_bundle import read_bundle
from services.evaluation.report.bundle.write_bundle import write_bundle
from services.evaluation.verdict.evidence import Evidence
from shared.errors import InvalidRequest
from tests.unit.evaluation.cases import add_everything, plant_findings, simulate


def make_bundle(arms: int = 5, questions: int = 12, **changes: Any) -> bytes:
    evidence = add_everything(simulate(arms, questions, **changes))
    return write_bundle(evidence, plant_findings(evidence))


def unpack(bundle: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(("arms", "questions"), [(2, 1), (5, 10), (12, 300)])
def test_what_was_written_is_read_again(arms: int, questions: int) -> None:
    evidence = simulate(arms, questions, name="Ünïcode ✓ القاهرة", graders=[{"type": "contains", "name": "has"}])
    findings = plant_findings(evidence)
    read, read_findings = read_bundle(write_bundle(evidence, findings))
    assert read_findings == findings
    for field in fields(Evidence):
        old, new = getattr(evidence, field.name), getattr(read, field.name)
        assert (list(old) if isinstance(old, list | tuple) else old) == (list(new) if isinstance(new, list | tuple) else new), field.name


def test_the_same_comparison_always_has_the_same_bytes() -> None:
    first = make_bundle()
    assert make_bundle() == first
    assert write_bundle(*read_bundle(first)) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == sorted(archive.namelist())
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_hash_of_a_bundle_is_that_of_its_manifest_and_changes_with_any_answer() -> None:
    evidence = simulate(3, 10)
    findings = plant_findings(evidence)
    digest = hash_bundle(evidence, findings)
    assert digest == hash_bytes(unpack(write_bundle(evidence, findings))["manifest.json"])
    changed = replace(evidence, answers=[replace(evidence.answers[0], text="another answer"), *evidence.answers[1:]])
    assert hash_bundle(changed, findings) != digest


def test_the_manifest_names_models_seeds_versions_and_data() -> None:
    manifest = json.loads(unpack(make_bundle(seed=7))["manifest.json"])
    assert manifest["comparison"] == "cmp_abc"
    assert manifest["seed"] == 7
    assert len(manifest["models"]) == 4  # base, fine-tuned, and two more seeds
    assert manifest["versions"] == {"python": "3.11.2", "numpy": "2.3.1"}
    assert manifest["data"] == {"file-q": "ab" * 32}
    assert set(manifest["files"]) == set(unpack(make_bundle())) - {"manifest.json"}


def test_numbers_that_are_not_finite_and_half_characters_are_kept_or_replaced() -> None:
    evidence = simulate(2, 10)
    odd = replace(evidence.answers[0], text="half \ud800 a pair", seconds=math.inf, scores={"f1": math.nan})
    read, _ = read_bundle(write_bundle(replace(evidence, answers=[odd, *evidence.answers[1:]]), plant_findings(evidence)))
    assert read.answers[0].text == "half ? a pair"
    assert math.isnan(read.answers[0].scores["f1"])
    assert math.isinf(read.answers[0].seconds)


def alter(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a bundle one of whose files was changed, and the manifest was not."""
    files = unpack(make_bundle())
    return pack({**files, name: change(files[name])})


def alter_with_manifest(name: str, content: bytes, **fields: Any) -> bytes:
    """Return a bundle one of whose files was changed together with its hash in the manifest."""
    files = {**unpack(make_bundle()), name: content}
    manifest = json.loads(files["manifest.json"])
    manifest["files"][name] = hash_bytes(content)
    return pack({**files, "manifest.json": json.dumps({**manifest, **fields}).encode()})


@pytest.mark.parametrize(
    ("bundle", "message"),
    [
        (b"", "The file is not a zip file, or it is damaged. Download the bundle again."),
        (b"PK\x03\x04 something else", "The file is not a zip file, or it is damaged. Download the bundle again."),
        (make_bundle()[:-200], "The file is not a zip file, or it is damaged. Download the bundle again."),
        (pack({"a.txt": b"a"}), "The zip file is not the bundle of a comparison: it lacks 'manifest.json'."),
        (pack({"manifest.json": b"{"}), "'manifest.json' of the bundle is not valid JSON."),
        (pack({"manifest.json": b"[]"}), "The zip file is not the bundle of a comparison: 'manifest.json' has another format."),
        (
            alter("answers.jsonl", lambda content: content.replace(b"answer 3 of both", b"answer 4 of both")),
            "The bundle was altered: the SHA-256 of 'answers.jsonl' is not the one in 'manifest.json'.",
        ),
        (
            pack({name: content for name, content in unpack(make_bundle()).items() if name != "answers.jsonl"}),
            "The bundle lacks 'answers.jsonl', which its manifest lists. Download it again.",
        ),
        (
            pack({**unpack(make_bundle()), "more.txt": b"more"}),
            "The bundle was altered: the SHA-256 of 'more.txt' is not the one in 'manifest.json'.",
        ),
        (alter_with_manifest("README.txt", b"", version=2), "The bundle has version 2; this Tandem reads version 1."),
        (alter_with_manifest("answers.jsonl", b"{\n"), "'answers.jsonl' of the bundle is not valid JSON."),
        (
            alter_with_manifest("answers.jsonl", b'{"question": 0}\n'),
            "The bundle does not have the fields of a comparison: 'answers.0.arm' is wrong (field required). "
            "Use the version of Tandem that wrote it.",
        ),
        (
            alter_with_manifest("evidence.json", b"[]"),
            "The bundle does not have the fields of a comparison: it is not an object. Use the version of Tandem that wrote it.",
        ),
        (
            alter_with_manifest("questions.jsonl", b'{"question": "one?", "answers": ["yes"]}\n'),
            "The bundle has 1 question, but clusters for 12.",
        ),
    ],
)
def test_a_wrong_bundle_is_refused_with_the_reason(bundle: bytes, message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_bundle(bundle)
    assert refused.value.message == message


def test_an_answer_of_no_arm_is_refused() -> None:
    answers = unpack(make_bundle())["answers.jsonl"].replace(b'"arm": "rag"', b'"arm": "other"', 1)
    with pytest.raises(InvalidRequest, match="has an answer of 'other' to question 0"):
        read_bundle(alter_with_manifest("answers.jsonl", answers))


def test_a_damaged_byte_anywhere_is_noticed() -> None:
    bundle = make_bundle(2, 10)
    for place in range(0, len(bundle), 97):
        damaged = bundle[:place] + bytes([bundle[place] ^ 0xFF]) + bundle[place + 1 :]
        try:
            evidence, findings = read_bundle(damaged)
        except InvalidRequest:
            continue
        assert write_bundle(evidence, findings) == bundle  # only a field of the zip that carries no content
