"""What is downloaded names the base model as the API does, and not the server's folder of it."""

import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.records.database import Database
from shared.records.models.adapters import Adapter
from shared.settings import JobSettings
from tests.unit.generation.serving.export_models import write_adapter, write_base

MINE = "ft:tiny:default:style:abcdefgh1234"


@pytest.fixture(autouse=True)
def base(database: Database, data: Path) -> Iterator[str]:
    settings = JobSettings(data=data, base_name="tiny")
    folder, base = settings.adapters_dir / MINE, settings.base_path
    write_base(Path(base))
    write_adapter(folder, base_model_name_or_path=base)
    manifest = {"base": base, "base_name": "tiny", "seed": 7}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with database.session() as session:
        session.add(Adapter(name=MINE, project_id="default", base="tiny", job_id="ftjob-1", manifest=manifest, created_at=7))
    yield base
    shutil.rmtree(base)
    shutil.rmtree(folder)


def read(response: httpx.Response, name: str) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    with tarfile.open(fileobj=io.BytesIO(response.content)) as archive:
        file = archive.extractfile(name)
        assert file is not None
        return dict(json.loads(file.read()))


def test_the_servers_folder_of_the_base_model_is_in_no_download(http: httpx.Client, base: str) -> None:
    adapter, merged = http.get(f"/v1/models/{MINE}/adapter"), http.post(f"/v1/models/{MINE}/export", json={})
    assert read(adapter, "adapter_config.json")["base_model_name_or_path"] == "tiny"
    for archive in (adapter, merged):
        assert read(archive, "manifest.json") == {"base": "tiny", "base_name": "tiny", "seed": 7}
        assert base.encode() not in archive.content
