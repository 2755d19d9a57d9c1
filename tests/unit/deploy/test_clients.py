import json
from pathlib import Path

import pytest

from deploy.clients.__main__ import FOLDER, SOURCES, find_problem, fingerprint, hash_files

MADE = {"sources": "a", "clients": "b"}


@pytest.mark.parametrize(
    ("current", "problem"),
    [
        (MADE, None),
        ({"sources": "a", "clients": "c"}, "generated code that was edited"),
        ({"sources": "c", "clients": "b"}, "its document, generators or settings have changed"),
    ],
)
def test_a_new_document_and_an_edit_of_generated_code_are_noticed(current: dict[str, str], problem: str | None) -> None:
    found = find_problem(json.dumps(MADE), current)
    assert (found is None) == (problem is None)
    assert problem is None or problem in str(found)


def test_a_hash_depends_on_names_and_contents_but_not_on_the_order() -> None:
    some = SOURCES[:3]
    assert hash_files(some) == hash_files(some[::-1]) != hash_files(some[:2])


def test_what_decides_over_the_clients_is_all_there() -> None:
    assert all(path.is_file() for path in SOURCES)
    assert all(fingerprint().values())


def test_the_generators_have_exact_versions_and_no_registry_is_named() -> None:
    package = json.loads((FOLDER / "typescript" / "package.json").read_text())
    assert all(version[0].isdigit() for version in package["devDependencies"].values())
    assert "openapi-python-client==" in (FOLDER / "requirements.txt").read_text()
    lock = json.loads((FOLDER / "typescript" / "package-lock.json").read_text())
    assert not any("resolved" in each for each in lock["packages"].values())


def test_the_document_of_the_clients_is_that_of_the_whole_front_door() -> None:
    assert Path("openapi/tandem.json") in [path.relative_to(FOLDER.parent) for path in SOURCES]
