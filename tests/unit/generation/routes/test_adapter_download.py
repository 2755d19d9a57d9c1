"""The owner of an adapter can download it; nobody else can."""

import io
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from openai import OpenAI

from shared.records.database import Database
from shared.records.models.adapters import Adapter
from shared.records.models.permissions import ModelPermission
from shared.settings import JobSettings

MINE = "ft:tiny:default:style:abcdefgh1234"
THEIRS = "ft:tiny:blue::abcdefgh5678"
FILES = {"adapter_config.json": b'{"r": 8}', "adapter_model.safetensors": b"weights", "manifest.json": b"{}"}


@pytest.fixture(autouse=True)
def adapters(database: Database, data: Path) -> Iterator[None]:
    for name, project in ((MINE, "default"), (THEIRS, "blue")):
        folder = JobSettings(data=data).adapters_dir / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in FILES.items():
            (folder / file).write_bytes(content)
        with database.session() as session:
            session.add(Adapter(name=name, project_id=project, base="tiny", job_id="ftjob-1", manifest={}, created_at=7))
    yield
    for name in (MINE, THEIRS):
        shutil.rmtree(JobSettings(data=data).adapters_dir / name)


def download(http: httpx.Client, name: str) -> httpx.Response:
    return http.get(f"/v1/models/{name}/adapter")


def test_an_adapter_is_downloaded_with_all_of_its_files(http: httpx.Client) -> None:
    response = download(http, MINE)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/x-tar")
    assert response.headers["content-disposition"] == 'attachment; filename="ft-tiny-default-style-abcdefgh1234.tar"'
    with tarfile.open(fileobj=io.BytesIO(response.content)) as archive:
        contents = {member.name: archive.extractfile(member) for member in archive.getmembers()}
        assert {name: file.read() for name, file in contents.items() if file} == FILES
    assert download(http, MINE).content == response.content


def test_the_sdk_downloads_an_adapter(sdk: OpenAI, http: httpx.Client) -> None:
    assert sdk.get(f"/models/{MINE}/adapter", cast_to=httpx.Response).content == download(http, MINE).content


def test_the_headers_come_without_the_files(http: httpx.Client) -> None:
    response = http.head(f"/v1/models/{MINE}/adapter")
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["content-length"]) == len(download(http, MINE).content)


def test_a_base_model_cannot_be_downloaded(http: httpx.Client) -> None:
    response = download(http, "tiny")
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["param"]) == (400, "model_not_downloadable", "model")
    assert error["message"] == "'tiny' is a base model, which belongs to the service. Only fine-tuned models can be downloaded."


@pytest.mark.parametrize("name", [THEIRS, "ft:tiny:default::nothere123", "../../etc", "a/b"])
def test_a_model_that_the_project_does_not_have_is_a_404(http: httpx.Client, name: str) -> None:
    response = download(http, name.replace("/", "%2F"))
    assert (response.status_code, response.json()["error"]["code"]) == (404, "model_not_found")


def test_a_model_that_another_project_shares_can_be_used_but_not_downloaded(http: httpx.Client, database: Database) -> None:
    with database.session() as session:
        session.add(ModelPermission(id="cp_1", model=THEIRS, project_id="default", created_at=7))
    assert http.get(f"/v1/models/{THEIRS}").json()["owned_by"] == "blue"
    response = download(http, THEIRS)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "model_not_downloadable")
    assert error["message"] == f"The model '{THEIRS}' belongs to the project 'blue'. It can be downloaded only with a key of that project."


def test_files_that_are_not_here_are_a_503_that_names_the_setting(http: httpx.Client, data: Path) -> None:
    (JobSettings(data=data).adapters_dir / MINE / "manifest.json").unlink()
    response = download(http, MINE)
    assert response.status_code == 503
    assert "TANDEM_ADAPTERS" in response.json()["error"]["message"]


def test_a_model_whose_adapter_can_be_downloaded_is_still_retrieved_by_its_name(http: httpx.Client) -> None:
    assert http.get(f"/v1/models/{MINE}").json()["id"] == MINE
