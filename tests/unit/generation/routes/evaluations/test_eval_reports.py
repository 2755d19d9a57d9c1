"""The report of a run: a page behind a signed link, which opens without a key until it expires."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import Engine, event

from services.generation.evaluations.evals.sign_report import SECONDS, STEP, check_link, make_link
from shared.errors import NotFound
from tests.unit.generation.conftest import FrontDoor
from tests.unit.generation.routes.evaluations.eval_setup import CHECK, COMPLETIONS, CONFIG, EvalSetup

KEYS = {"keys": "red:red-key-1,blue:blue-key-1", "worker_key": "worker-key"}
AUTH = {"Authorization": "Bearer red-key-1"}


@pytest.fixture
def locked(open_front_door: FrontDoor, tmp_path: Path) -> Iterator[httpx.Client]:
    """A front door with keys, behind another address."""
    with open_front_door(common=KEYS, data=tmp_path, public_url="https://tandem.example/") as url, httpx.Client(base_url=url) as client:
        yield client


def test_a_report_opens_in_a_browser_and_shows_untrusted_text_as_text(evals: EvalSetup) -> None:
    eval_id = evals.create(name="Tickets <i>&")["id"]
    run = evals.start(eval_id, name="Run <b>1</b>")
    evals.add_items(run, ["pass", "fail", None])
    evals.finish(run)
    report_url = evals.http.get(f"/v1/evals/{eval_id}/runs/{run['id']}").json()["report_url"]
    page = evals.http.get(path_of(report_url))
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for shown in ("Tickets &lt;i&gt;&amp;", "Run &lt;b&gt;1&lt;/b&gt;", "&lt;script&gt;alert(1)", "&lt;b&gt;Hardware&lt;/b&gt; &amp; more"):
        assert shown in page.text
    for shown in (
        "<b>completed</b>",
        "3 items: 1 passed, 1 failed, 1 could not",
        "<b>50.0%</b> (95% interval 10.0% to 90.0%",
        "first 2 items",
    ):
        assert shown in page.text
    assert "<script" not in page.text


def path_of(report_url: str) -> str:
    parts = urlsplit(report_url)
    return f"{parts.path}?{parts.query}"


def test_the_report_of_a_run_that_waits_or_failed_opens_too(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    run = evals.start(eval_id)
    assert "Status: <b>queued</b>" in evals.http.get(path_of(run["report_url"])).text
    evals.finish(run, "failed")
    assert "The engine does not respond." in evals.http.get(path_of(run["report_url"])).text


def test_a_link_that_was_changed_or_is_of_another_run_opens_nothing(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    run, other = evals.start(eval_id), evals.start(eval_id)
    parts = urlsplit(run["report_url"])
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    later = {**query, "expires": str(int(query["expires"]) + 1)}
    for path, changed in (
        (parts.path, later), (parts.path, {**query, "signature": "ä" * 64}), (parts.path.replace(run["id"], other["id"]), query),
    ):  # fmt: skip
        response = evals.http.get(path, params=changed)
        assert (response.status_code, response.json()["error"]["param"]) == (404, "signature")
    assert evals.http.get(parts.path).status_code == 400
    evals.http.delete(f"/v1/evals/{eval_id}/runs/{run['id']}")
    assert evals.http.get(path_of(run["report_url"])).status_code == 404


def test_a_link_that_is_not_valid_loads_no_job(evals: EvalSetup) -> None:
    link = path_of(evals.start(evals.create()["id"])["report_url"])
    other = link[:-1] + ("1" if link.endswith("0") else "0")
    with loaded_jobs() as statements:
        assert evals.http.get(other).status_code == 404
        assert evals.http.get(other.replace("evalrun_", "evalrun_x")).status_code == 404
    assert statements == []
    with loaded_jobs() as statements:
        assert evals.http.get(link).status_code == 200
    assert len(statements) == 1


@contextmanager
def loaded_jobs() -> Iterator[list[str]]:
    """Collect the statements that load a whole job, of every process that runs in this one."""
    statements = list[str]()

    def listen(*details: Any) -> None:
        statements.extend([details[2]] if "jobs.percent" in details[2] else [])

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", listen)


def test_a_report_needs_no_key_and_its_link_begins_with_the_public_url(locked: httpx.Client) -> None:
    body = {"data_source_config": CONFIG, "testing_criteria": [CHECK]}
    eval_id = locked.post("/v1/evals", json=body, headers=AUTH).json()["id"]
    run = locked.post(f"/v1/evals/{eval_id}/runs", json={"data_source": COMPLETIONS}, headers={**AUTH, "Host": "evil.example"}).json()
    assert run["report_url"].startswith("https://tandem.example/reports/evals/eval_")
    assert locked.get(path_of(run["report_url"])).status_code == 200
    blue = {"Authorization": "Bearer blue-key-1"}
    assert locked.get("/v1/evals", headers=blue).json()["data"] == []
    for path in (f"/v1/evals/{eval_id}", f"/v1/evals/{eval_id}/runs", f"/v1/evals/{eval_id}/runs/{run['id']}"):
        assert (locked.get(path).status_code, locked.get(path, headers=blue).status_code) == (401, 404)
    assert locked.post(f"/v1/evals/{eval_id}/runs", json={"data_source": COMPLETIONS}, headers=blue).status_code == 404


def test_a_link_works_for_a_day_and_is_the_same_within_an_hour() -> None:
    start = 1_000_000 * STEP
    link = make_link("", "eval_1", "evalrun_1", "secret", start)
    assert make_link("", "eval_1", "evalrun_1", "secret", start + STEP - 1) == link
    query = parse_qs(urlsplit(link).query)
    expires, signature = int(query["expires"][0]), query["signature"][0]
    assert SECONDS <= expires - start <= SECONDS + STEP
    check_link("evalrun_1", expires, signature, "secret", expires)
    with pytest.raises(NotFound, match="has expired"):
        check_link("evalrun_1", expires, signature, "secret", expires + 1)
    for run_id, secret in (("evalrun_2", "secret"), ("evalrun_1", "other"), ("evalrun_1", "")):
        with pytest.raises(NotFound, match="is not valid"):
            check_link(run_id, expires, signature, secret, start)
