"""Every page can be found, is short, links to what exists, and names only what exists."""

import re
from pathlib import Path

import pytest

from tests.unit.docs import project
from tests.unit.docs.pages import DOCS, INDEX, PAGES, README, ROOT, anchors, inline, links
from tests.unit.docs.refresh import refreshed

LONGEST = {README: 200}
LONGEST_PAGE = 250
LINKED = (*PAGES, ROOT / "DECISIONS.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "deploy").rglob("README.md")))
VARIABLE = re.compile(r"\b(?:TANDEM|RETRIEVAL|GENERATION|TRAINING|EVALUATION|HF)_[A-Z0-9_]+")
PATH = re.compile(r"^(?:(GET|POST|DELETE) )?(/v[12]/[^\s?`]*|/health/\w+|/metrics|…/[\w/{}]+)$")
PLACE = re.compile(r"(?:services|shared|deploy|tests|docs|benchmarks)/[\w/.-]*$")
ABSENT = ("/v1/uploads",)  # named to say that it is not there
BRITISH = re.compile(
    r"\b(?:colour|behaviour|licence|neighbour|favour|centre|"
    r"\w*(?:normal|token|neutral|recogn|optim|organ|summar|serial)is(?:e|ed|es|ing|ation|er)|anew)\w*\b",
    re.IGNORECASE,
)
GENERATED = re.compile(r"<!-- (settings|tree): .*?<!-- /\1 -->", re.DOTALL)
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@every_page
def test_a_page_is_short(page: Path) -> None:
    assert len(page.read_text(encoding="utf-8").splitlines()) <= LONGEST.get(page, LONGEST_PAGE)


def test_every_page_is_linked_from_the_index_and_the_index_from_the_readme() -> None:
    linked = {(INDEX.parent / link.partition("#")[0]).resolve() for link in links(INDEX)}
    assert set(DOCS.rglob("*.md")) - {INDEX} - linked == set()
    assert "docs/README.md" in links(README)


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_goes_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if "://" not in link and (not target.exists() or (anchor and anchor not in anchors(target))):
            broken.append(link)
    assert broken == []


@every_page
def test_every_setting_that_a_page_names_exists(page: Path) -> None:
    named = set(VARIABLE.findall(page.read_text(encoding="utf-8")))
    assert named - project.variables() == set()


@every_page
def test_every_route_that_a_page_names_exists(page: Path) -> None:
    unknown = []
    for token in inline(page, "code_inline"):
        found = PATH.match(token.content)
        if found and found[2] not in ABSENT and not is_route(found[1] or "", project.PARAMETER.sub("{}", found[2])):
            unknown.append(token.content)
    assert unknown == []


def is_route(method: str, path: str) -> bool:
    """Return whether there is such a route; `…/` matches the beginning of one, and without a method so does the beginning of a resource."""
    known = [known for verb, known in project.routes() if method.lower() in ("", verb)]
    if path.startswith("…"):
        return any(each.endswith(path[1:]) for each in known)
    return any(each == path or (not method and each.startswith(f"{path}/")) for each in known)


@every_page
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = [token.content for token in inline(page, "code_inline") if PLACE.match(token.content)]
    assert [path for path in named if not (ROOT / path).exists()] == []


@every_page
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    named = [target for token in inline(page, "code_inline") for target in re.findall(r"^make ([a-z-]+)", token.content)]
    assert set(named) - project.targets() == set()


@every_page
def test_a_page_uses_american_spelling(page: Path) -> None:
    written_here = GENERATED.sub("", page.read_text(encoding="utf-8"))
    assert BRITISH.findall(written_here) == []


def test_settings_and_tree_are_those_of_the_code() -> None:
    stale = [str(page.relative_to(ROOT)) for page, text in refreshed().items() if page.read_text(encoding="utf-8") != text]
    assert stale == [], "run `python -m tests.unit.docs.refresh`"


def test_every_table_of_the_databases_is_described() -> None:
    described = {token.content for token in inline(DOCS / "architecture.md", "code_inline")}
    tables = created_tables()
    assert len(tables) >= 14
    assert tables - described == set()


def created_tables() -> set[str]:
    """Return the tables that the migrations leave, by the names they have in the end."""
    tables: set[str] = set()
    folders = [*ROOT.glob("services/*/migrations/versions"), *ROOT.glob("shared/**/migrations/versions")]
    for script in (script for folder in folders for script in sorted(folder.glob("*.py"))):
        upgrade = script.read_text(encoding="utf-8").partition("def downgrade")[0]
        tables |= set(re.findall(r"create_table\(\s*['\"](\w+)", upgrade))
        for old, new in re.findall(r"rename_table\(\s*['\"](\w+)['\"],\s*['\"](\w+)", upgrade):
            tables = tables - {old} | {new}
    return tables


def test_the_readme_shows_what_a_run_of_the_demo_printed() -> None:
    readme = README.read_text(encoding="utf-8")
    (printed,) = re.findall(r"## What the demo prints\n.*?```text\n(.*?)```", readme, flags=re.DOTALL)
    for expected in ("base", "RAG", "fine-tuned", "both", "F1 (95", "Verdict: ", "The whole demo took "):
        assert expected in printed
