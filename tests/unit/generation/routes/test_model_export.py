"""The owner of a fine-tuned model can download it merged with its base model."""

import asyncio
import gc
import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from openai import OpenAI
from safetensors.numpy import load

from services.generation.http.reply import read_body
from services.generation.serving.export.export_model import MAX_EXPORTS, RETRY_SECONDS, ModelExport
from shared.errors import TooManyRequests, Unavailable
from shared.records.database import Database
from shared.records.models.adapters import Adapter
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.unit.generation.serving.export_models import BASE, CONFIG, DOWN, LAYER, UP, write_adapter, write_base

FrontDoor = Callable[..., Any]
MINE = "ft:tiny:default:style:abcdefgh1234"
THEIRS = "ft:tiny:blue::abcdefgh5678"
SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


@pytest.fixture(autouse=True)
def settings(database: Database, data: Path) -> Iterator[JobSettings]:
    settings = JobSettings(data=data, base_name="tiny")
    write_base(Path(settings.base_path))
    for name, project in ((MINE, "default"), (THEIRS, "blue")):
        write_adapter(settings.adapters_dir / name)
        with database.session() as session:
            session.add(Adapter(name=name, project_id=project, base="tiny", job_id="ftjob-1", manifest={"seed": 7}, created_at=7))
    yield settings
    shutil.rmtree(settings.base_path)
    for name in (MINE, THEIRS):
        shutil.rmtree(settings.adapters_dir / name, ignore_errors=True)


def export(http: httpx.Client, name: str = MINE, **body: Any) -> httpx.Response:
    return http.post(f"/v1/models/{name}/export", json=body)


def unpack(response: httpx.Response) -> dict[str, bytes]:
    assert response.status_code == 200, response.text
    with tarfile.open(fileobj=io.BytesIO(response.content)) as archive:
        files = {member.name: archive.extractfile(member) for member in archive.getmembers()}
        return {name: file.read() for name, file in files.items() if file}


def weights_of(files: dict[str, bytes]) -> dict[str, Any]:
    return {name: tensor for shard in SHARDS for name, tensor in load(files[shard]).items()}


def error_of(response: httpx.Response) -> tuple[int, str, str]:
    error = response.json()["error"]
    return response.status_code, error["code"], error["message"]


def test_a_merged_model_is_a_hugging_face_directory(http: httpx.Client) -> None:
    response = export(http, dtype="float32")
    assert response.headers["content-type"] == "application/x-tar"
    assert response.headers["content-disposition"] == 'attachment; filename="ft-tiny-default-style-abcdefgh1234-merged.tar"'
    files = unpack(response)
    tokenizer = {"tokenizer.json", "qwen.tiktoken", "chat_template.jinja", "additional_chat_templates/rag.jinja"}
    assert files.keys() == {*SHARDS, *tokenizer, "config.json", "model.safetensors.index.json", "manifest.json"}
    assert (files["qwen.tiktoken"], files["additional_chat_templates/rag.jinja"]) == (b"IQ== 0", b"{{ documents }}")
    assert (files["tokenizer.json"].decode(), json.loads(files["manifest.json"])) == ('{"é": 1}', {"seed": 7})
    index = json.loads(files["model.safetensors.index.json"])
    assert {name: name in load(files[file]) for name, file in index["weight_map"].items()} == dict.fromkeys(BASE, True)
    assert index["metadata"]["total_size"] == (48 + 8 + 80) * 4 + 3 * 8
    assert export(http, dtype="float32").content == response.content


def test_without_a_body_the_defaults_are_used(http: httpx.Client) -> None:
    assert unpack(http.post(f"/v1/models/{MINE}/export")) == unpack(export(http))


def test_the_adapters_change_is_added_to_its_layer_and_nothing_else_changes(http: httpx.Client) -> None:
    merged = weights_of(unpack(export(http, dtype="float32")))
    assert np.allclose(merged.pop(f"{LAYER}.weight"), BASE[f"{LAYER}.weight"] + 4 / 2 * UP @ DOWN, rtol=1e-6)
    assert all(np.array_equal(tensor, BASE[name]) for name, tensor in merged.items())
    assert {name: tensor.dtype for name, tensor in merged.items()} == {
        "model.norm.weight": np.float32,
        "model.embed_tokens.weight": np.float32,
        "model.position": np.int64,
    }


def test_with_rslora_the_scale_is_by_the_root_of_the_rank(http: httpx.Client, settings: JobSettings) -> None:
    (settings.adapters_dir / MINE / "adapter_config.json").write_text(json.dumps({**CONFIG, "use_rslora": True}))
    merged = weights_of(unpack(export(http, dtype="float32")))[f"{LAYER}.weight"]
    assert np.allclose(merged, BASE[f"{LAYER}.weight"] + 4 / np.sqrt(2) * UP @ DOWN, rtol=1e-6)


@pytest.mark.parametrize(("dtype", "stored"), [("bfloat16", "BF16"), ("float16", "F16"), ("float32", "F32")])
def test_weights_and_configuration_have_the_requested_type(http: httpx.Client, dtype: str, stored: str) -> None:
    files = unpack(export(http, dtype=dtype))
    config = json.loads(files["config.json"])
    assert (config["dtype"], config["torch_dtype"], config["model_type"]) == (dtype, dtype, "llama")
    for shard in SHARDS:
        header = json.loads(files[shard][8 : 8 + int.from_bytes(files[shard][:8], "little")])
        header.pop("__metadata__")
        assert {about["dtype"] for name, about in header.items() if name != "model.position"} == {stored}
    assert unpack(export(http)) == unpack(export(http, dtype="bfloat16", merge=True))


def test_the_sdk_exports_a_model(sdk: OpenAI, http: httpx.Client) -> None:
    body = {"merge": True, "dtype": "float16"}
    assert sdk.post(f"/models/{MINE}/export", body=body, cast_to=httpx.Response).content == export(http, dtype="float16").content


def test_only_the_owner_exports_a_model(http: httpx.Client) -> None:
    assert error_of(export(http, THEIRS))[:2] == (404, "model_not_found")
    problem = "'tiny' is a base model, which belongs to the service. Only fine-tuned models can be exported."
    assert error_of(export(http, "tiny")) == (400, "model_not_exportable", problem)


def test_a_model_whose_base_is_not_the_one_that_is_fine_tuned_here_is_not_exported(
    open_front_door: FrontDoor, engine_and_url: tuple[FakeEngine, str], dead_url: str, data: Path
) -> None:
    engines = {"other": [dead_url], "tiny": [engine_and_url[1]]}
    with open_front_door({"base_name": "other"}, data=data, engines=engines) as url, httpx.Client(base_url=url, timeout=60) as http:
        problem = f"'{MINE}' cannot be exported: the files of its base model 'tiny' are not here, only those of 'other'."
        assert error_of(export(http)) == (400, "model_not_exportable", problem)


def test_a_model_is_exported_with_the_chat_template_that_it_was_trained_and_served_with(
    open_front_door: FrontDoor, settings: JobSettings, data: Path, tmp_path: Path
) -> None:
    (Path(settings.base_path) / "chat_template.json").write_text('{"chat_template": "of a processor"}')
    template = tmp_path / "with-tools.jinja"
    template.write_text("{{ tools }}{{ messages }}")
    with open_front_door({"chat_template": template}, data=data) as url, httpx.Client(base_url=url, timeout=60) as http:
        files = unpack(export(http))
        assert (files["chat_template.jinja"].decode(), "chat_template.json" in files) == ("{{ tools }}{{ messages }}", False)
        template.unlink()
        status, _, message = error_of(export(http))
    assert (status, "TANDEM_CHAT_TEMPLATE" in message) == (503, True)


def test_files_that_cannot_be_read_here_are_a_503(http: httpx.Client, settings: JobSettings) -> None:
    (Path(settings.base_path) / SHARDS[1]).unlink()
    status, _, message = error_of(export(http))
    assert (status, "TANDEM_BASE_MODEL" in message) == (503, True)


@pytest.mark.parametrize(
    "tensors",
    [
        {"base_model.model.lm_head.lora_A.weight": DOWN, "base_model.model.lm_head.lora_B.weight": UP},
        {f"base_model.model.{LAYER}.lora_A.weight": DOWN},
        {f"base_model.model.{LAYER}.lora_A.weight": DOWN[:, :4], f"base_model.model.{LAYER}.lora_B.weight": UP},
        {"base_model.model.model.embed_tokens.lora_embedding_A": DOWN, "base_model.model.model.embed_tokens.lora_embedding_B": UP},
    ],
    ids=["a layer that is not stored", "a half", "another shape", "an embedding"],
)
def test_an_adapter_that_cannot_be_merged_is_refused(http: httpx.Client, settings: JobSettings, tensors: dict[str, Any]) -> None:
    shutil.rmtree(settings.adapters_dir / MINE)
    write_adapter(settings.adapters_dir / MINE, tensors)
    status, code, message = error_of(export(http))
    assert (status, code) == (400, "model_not_mergeable")
    assert "Download the adapter" in message


def test_a_quantized_base_model_is_not_merged(http: httpx.Client, settings: JobSettings) -> None:
    shutil.rmtree(settings.base_path)
    write_base(Path(settings.base_path), quantization_config={"quant_method": "fp8"})
    assert error_of(export(http))[:2] == (400, "model_not_mergeable")


def test_merge_must_be_true(http: httpx.Client) -> None:
    status, _, message = error_of(export(http, merge=False))
    assert (status, message.startswith("'merge' must be true; 'GET /v1/models/{model}/adapter' downloads the adapter alone")) == (400, True)


class OneModel:
    """The models of a project that has one."""

    def find_exportable(self, project_id: str, name: str) -> Adapter:
        return Adapter(name=name, project_id=project_id, base="tiny", job_id="ftjob-1", manifest={}, created_at=7)


@pytest.fixture
def model_export(settings: JobSettings) -> ModelExport:
    models: Any = OneModel()
    return ModelExport(models, settings.adapters_dir, settings.bases())


@pytest.mark.anyio
async def test_a_process_exports_a_few_models_at_a_time_and_refuses_the_next_one(model_export: ModelExport) -> None:
    replies = [model_export.open("default", MINE, "bfloat16") for _ in range(MAX_EXPORTS)]
    with pytest.raises(TooManyRequests) as refused:
        model_export.open("default", MINE, "bfloat16")
    assert refused.value.retry_after == RETRY_SECONDS
    contents = await asyncio.gather(*map(read_body, replies))  # all at once, each as if it were alone
    assert len(set(contents)) == 1
    last = await read_body(model_export.open("default", MINE, "bfloat16"))
    assert last == contents[0]


def test_an_export_that_fails_or_that_nobody_reads_keeps_no_place(model_export: ModelExport, settings: JobSettings) -> None:
    for _ in range(2 * MAX_EXPORTS):
        model_export.open("default", MINE, "bfloat16")
        gc.collect()  # the client was gone before the response began
    (Path(settings.base_path) / SHARDS[1]).unlink()
    for _ in range(2 * MAX_EXPORTS):
        with pytest.raises(Unavailable):
            model_export.open("default", MINE, "bfloat16")
