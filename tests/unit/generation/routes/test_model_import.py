"""An adapter that was trained elsewhere is imported, served, shared, downloaded and deleted like one that was trained here."""

import json
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from openai import OpenAI
from openai.types import Model
from sqlalchemy import select

from shared.records.database import Database
from shared.records.models.adapters import Adapter
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.unit.generation.serving.imports.archives import LAYER, compress, make_config, make_files, make_weights, pack

FrontDoor = Callable[..., Any]
RANK_17 = {f"{LAYER}.lora_A.weight": [17, 8], f"{LAYER}.lora_B.weight": [8, 17]}


@pytest.fixture(autouse=True)
def folder(database: Database, data: Path) -> Iterator[Path]:
    """The folder of adapters, which is empty."""
    path = JobSettings(data=data).adapters_dir
    path.mkdir(parents=True, exist_ok=True)
    yield path
    for each in path.iterdir():
        shutil.rmtree(each)


def send(http: httpx.Client, archive: bytes | None = None, fields: Mapping[str, str] | None = None) -> httpx.Response:
    content = pack(make_files()) if archive is None else archive
    return http.post("/v1/models/import", files={"file": ("adapter.tar", content)}, data={"model": "tiny", **(fields or {})})


def list_rows(database: Database) -> list[Adapter]:
    with database.session() as session:
        return list(session.scalars(select(Adapter)))


def check_nothing_left(folder: Path, database: Database, engine: FakeEngine) -> None:
    assert ([*folder.iterdir()], list_rows(database), engine.adapters) == ([], [], set())


@pytest.mark.parametrize("archive", [pack(make_files(folder="my-adapter/")), compress(pack(make_files()))])
def test_an_imported_adapter_is_a_model_that_answers(http: httpx.Client, engine: FakeEngine, folder: Path, archive: bytes) -> None:
    response = send(http, archive, {"suffix": "my style"})
    model = response.json()
    assert response.status_code == 200, model
    assert model["id"].startswith("ft:tiny:default:my-style:")
    assert (model["job"], model["checkpoint"], model["parent"], model["status"]) == (None, None, "tiny", "in_service")
    assert model in http.get("/v1/models").json()["data"]
    assert engine.adapters == {model["id"]}
    assert sorted(path.name for path in (folder / model["id"]).iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "manifest.json",
    ]
    assert [path.name for path in folder.iterdir()] == [model["id"]]
    chat = {"model": model["id"], "messages": [{"role": "user", "content": "Hi"}]}
    assert http.post("/v1/chat/completions", json=chat).status_code == 200


def test_the_engine_finds_an_imported_adapter_again_after_a_restart(http: httpx.Client, engine: FakeEngine) -> None:
    name = send(http).json()["id"]
    engine.adapters.clear()
    engine.loadable.add(name)
    assert http.post("/v1/completions", json={"model": name, "prompt": "Hi"}).status_code == 200
    assert engine.loaded == [name]


def test_a_downloaded_archive_can_be_imported_and_then_has_the_same_weights(http: httpx.Client) -> None:
    first = send(http).json()["id"]
    archive = http.get(f"/v1/models/{first}/adapter").content
    second = send(http, archive).json()["id"]
    assert first != second
    manifest, again = (http.get(f"/v1/models/{name}/adapter").content for name in (first, second))
    assert make_weights() in manifest
    assert make_weights() in again


def test_the_sdk_imports_a_model(sdk: OpenAI) -> None:
    files = {"file": ("adapter.tar.gz", compress(pack(make_files())))}
    headers = {"Content-Type": "multipart/form-data"}
    model = sdk.post("/models/import", cast_to=Model, body={"model": "tiny"}, files=files, options={"headers": headers})
    assert sdk.models.retrieve(model.id).owned_by == "default"


def test_an_imported_model_is_deleted_with_its_files(http: httpx.Client, engine: FakeEngine, folder: Path, database: Database) -> None:
    name = send(http).json()["id"]
    assert http.delete(f"/v1/models/{name}").json() == {"id": name, "object": "model", "deleted": True}
    check_nothing_left(folder, database, engine)


def test_the_manifest_says_what_was_imported(http: httpx.Client, folder: Path) -> None:
    name = send(http, pack(make_files(make_config(use_rslora=True)))).json()["id"]
    manifest = json.loads((folder / name / "manifest.json").read_text())
    assert manifest["import_id"].startswith("import-")
    assert manifest["lora"] == {"rank": 4, "alpha": 8.0, "use_rslora": True, "target_modules": ["q_proj"]}
    assert json.loads((folder / name / "adapter_config.json").read_text())["base_model_name_or_path"] != "/home/somebody/model"


def test_the_training_of_an_imported_model_cannot_be_continued(http: httpx.Client) -> None:
    name = send(http).json()["id"]
    response = http.post("/v1/fine_tuning/jobs", json={"model": name, "training_file": "file-1"})
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["param"]) == (400, "model_not_supported", "model")
    assert error["message"] == f"The model '{name}' was imported. Only models that were trained here can be trained further."


@pytest.mark.parametrize(
    ("archive", "code"),
    [
        (b"not an archive", "invalid_archive"),
        (pack({"../adapter_config.json": b"{}"}), "invalid_archive"),
        (pack(make_files(make_config(r=17), make_weights(RANK_17))), "adapter_unfit"),
        (pack(make_files(make_config(r=8))), "adapter_unfit"),
        (pack(make_files(make_config(use_dora=True))), "adapter_unfit"),
        (pack(make_files(weights=b"\x80\x04")), "adapter_unfit"),
    ],
)
def test_what_cannot_be_imported_leaves_nothing(
    http: httpx.Client, engine: FakeEngine, folder: Path, database: Database, archive: bytes, code: str
) -> None:
    response = send(http, archive)
    assert (response.status_code, response.json()["error"]["code"], response.json()["error"]["param"]) == (400, code, "file")
    check_nothing_left(folder, database, engine)


def test_the_refusal_of_the_engine_is_reported_and_leaves_nothing(
    http: httpx.Client, engine: FakeEngine, folder: Path, database: Database
) -> None:
    engine.refuses_to_load = True
    response = send(http)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "adapter_unfit")
    assert error["message"].startswith("The engine cannot load this adapter: Error while deserializing header")
    check_nothing_left(folder, database, engine)


@pytest.mark.parametrize(
    ("fields", "status", "param", "code"),
    [
        ({"model": "nothere"}, 404, "model", "model_not_found"),
        ({"model": "ft:tiny:default::abcdefgh1234"}, 404, "model", "model_not_found"),
        ({"model": "../tiny"}, 404, "model", "model_not_found"),
        ({"suffix": "x" * 65}, 400, "suffix", "string_above_max_length"),
        ({"suffix": ""}, 400, "suffix", "string_below_min_length"),
        ({"suffix": "x" * 5000}, 400, "suffix", "string_above_max_length"),
        ({"unknown": "x"}, 400, "unknown", "unknown_parameter"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(
    http: httpx.Client, folder: Path, fields: dict[str, str], status: int, param: str, code: str
) -> None:
    response = send(http, None, fields)
    error = response.json()["error"]
    assert (response.status_code, error["param"], error["code"]) == (status, param, code)
    assert [*folder.iterdir()] == []


def test_an_adapter_belongs_to_a_base_model(http: httpx.Client) -> None:
    name = send(http).json()["id"]
    response = send(http, None, {"model": name})
    error = response.json()["error"]
    assert (response.status_code, error["param"], error["code"]) == (400, "model", "model_not_supported")
    assert error["message"] == f"'{name}' is a fine-tuned model. Send the adapter's base model instead; adapters of 'tiny' can be imported."


@pytest.mark.parametrize("targets", [["k_proj"], [], ["self_attn"], ["layers.1.self_attn.q_proj"]])
def test_weights_that_the_configuration_does_not_name_are_refused(http: httpx.Client, folder: Path, targets: list[str]) -> None:
    error = send(http, pack(make_files(make_config(target_modules=targets)))).json()["error"]
    assert (error["param"], error["code"]) == ("file", "adapter_unfit")
    assert "has weights of 'q_proj', which 'target_modules' in 'adapter_config.json' does not name" in error["message"]
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize("targets", [["q_proj", "v_proj"], ["layers.0.self_attn.q_proj"], "all-linear", ".*_proj", None])
def test_weights_that_the_configuration_covers_are_imported(http: httpx.Client, targets: Any) -> None:
    assert send(http, pack(make_files(make_config(target_modules=targets)))).status_code == 200


def test_a_form_without_a_file_or_a_model_says_so(http: httpx.Client) -> None:
    for part, form in (
        ("file", {"data": {"model": "tiny"}, "files": {"suffix": (None, b"a")}}),
        ("model", {"files": {"file": ("a", b"")}}),
    ):
        response = http.post("/v1/models/import", **form)
        error = response.json()["error"]
        assert error["message"] == f"The form has no complete part '{part}'. Send the parts 'file' and 'model'."
        assert (error["param"], error["code"]) == (part, "missing_required_parameter")
    response = http.post("/v1/models/import", json={})
    assert response.json()["error"]["message"].endswith("Send a form with the parts 'file' and 'model'.")


def test_an_adapter_over_the_limit_is_a_413_that_names_the_setting(open_front_door: FrontDoor, tmp_path: Path) -> None:
    with open_front_door(max_adapter_bytes=4096, data=tmp_path) as url, httpx.Client(base_url=url, timeout=20) as http:
        for archive in (bytes(5000), bytes(10**6), compress(pack({"README.md": bytes(5000), **make_files()}))):
            response = send(http, archive)
            assert response.status_code == 413
            assert "GENERATION_MAX_ADAPTER_BYTES" in response.json()["error"]["message"]
    assert [*JobSettings(data=tmp_path).adapters_dir.iterdir()] == []


def test_without_an_engine_nothing_is_imported(open_front_door: FrontDoor, tmp_path: Path, dead_url: str) -> None:
    with open_front_door(data=tmp_path, engine_url=dead_url) as url, httpx.Client(base_url=url, timeout=20) as http:
        assert send(http).status_code == 503
    assert [*JobSettings(data=tmp_path).adapters_dir.iterdir()] == []


def test_an_adapter_must_fit_the_layers_of_the_base_model(open_front_door: FrontDoor, tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    (base / "config.json").write_text('{"vocab_size": 40}')
    (base / "model.safetensors").write_bytes(make_weights({"model.layers.0.self_attn.q_proj.weight": [8, 8]}))
    with open_front_door({"base_model": str(base)}, tmp_path) as url, httpx.Client(base_url=url, timeout=20) as http:
        assert send(http).status_code == 200
        response = send(http, pack(make_files(weights=make_weights({f"{LAYER}.lora_A.weight": [4, 9], f"{LAYER}.lora_B.weight": [8, 4]}))))
        assert "the rank and the base model's layer require [4, 8]" in response.json()["error"]["message"]


def test_an_adapter_of_a_base_model_that_is_not_fine_tuned_is_refused(
    open_front_door: FrontDoor, engine_url: str, dead_url: str, tmp_path: Path
) -> None:
    engines = {"tiny": [engine_url], "other": [dead_url]}
    with open_front_door(data=tmp_path, engines=engines) as url, httpx.Client(base_url=url, timeout=20) as http:
        response = send(http, None, {"model": "other"})
        assert (response.status_code, response.json()["error"]["code"]) == (400, "model_not_supported")


def test_a_client_that_leaves_leaves_nothing(front_door: str, folder: Path, database: Database, engine: FakeEngine) -> None:
    address = urlsplit(front_door)
    head = "POST /v1/models/import HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 999999\r\n\r\n"
    part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    with socket.create_connection((str(address.hostname), address.port or 0)) as client:
        client.sendall(f"{head}{part}".encode() + bytes(300_000))
        client.shutdown(socket.SHUT_WR)
        client.recv(1)
    check_nothing_left(folder, database, engine)
