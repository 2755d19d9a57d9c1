from pathlib import Path

import pytest

from deploy.local.environment import derive, reach
from deploy.local.machine import Machine
from deploy.local.settings import Settings, read

VALKEY = Path("/opt/valkey-server")
CPU = Machine("cpu", bfloat16=True, cores=(0, 1), physical_cores=2, shared_memory=2**30)
OLD_CPU = CPU._replace(bfloat16=False)
LARGE_CPU = CPU._replace(cores=tuple(range(16)), physical_cores=8)
GPU = CPU._replace(device="gpu")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("SmolLM2-135M-Instruct", "all-MiniLM-L6-v2"):
        (tmp_path / "models" / name).mkdir(parents=True)
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
    monkeypatch.setenv("GENERATION_PORT", "9000")
    monkeypatch.setenv("TANDEM_ENGINE_PORT", "9002")
    monkeypatch.setenv("TANDEM_BROKER_PORT", "9003")
    return read()


def test_every_address_follows_from_the_ports(settings: Settings) -> None:
    environment = derive(settings, CPU, VALKEY, {})
    assert environment["TANDEM_API_URL"] == "http://127.0.0.1:9000"
    assert environment["GENERATION_ENGINE_URL"] == "http://127.0.0.1:9002"
    assert environment["GENERATION_RETRIEVAL_URL"] == "http://127.0.0.1:8001"
    assert environment["TANDEM_BROKER_URL"] == "redis://127.0.0.1:9003/0"


def test_engine_adapters_and_services_name_the_base_model_alike(settings: Settings, tmp_path: Path) -> None:
    environment = derive(settings, CPU, VALKEY, {})
    assert environment["TANDEM_BASE_MODEL"] == str(tmp_path / "models" / "SmolLM2-135M-Instruct")
    assert environment["TANDEM_BASE_NAME"] == "smollm2-135m-instruct"
    assert environment["TANDEM_ADAPTERS"] == environment["VLLM_LORA_RESOLVER_CACHE_DIR"] == str(tmp_path / "adapters")


def test_no_process_asks_a_model_hub_while_both_models_are_folders(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert derive(settings, CPU, VALKEY, {})["HF_HUB_OFFLINE"] == "1"
    monkeypatch.setenv("RETRIEVAL_EMBEDDING_MODEL", "intfloat/e5-small-v2")
    environment = derive(read(), CPU, VALKEY, {})
    assert "HF_HUB_OFFLINE" not in environment
    assert environment["RETRIEVAL_EMBEDDING_MODEL"] == "intfloat/e5-small-v2"


@pytest.mark.parametrize(
    ("name", "value"), [("RETRIEVAL_EMBEDDING_MODELS", "e5=intfloat/e5-small-v2"), ("RETRIEVAL_RERANK_MODEL", "BAAI/bge-reranker-base")]
)
def test_a_further_embedder_or_a_reranker_can_come_from_a_model_hub(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv("RETRIEVAL_EMBEDDING_MODELS", f"again={tmp_path}")
    assert derive(read(), CPU, VALKEY, {})["HF_HUB_OFFLINE"] == "1"
    monkeypatch.setenv(name, value)
    assert "HF_HUB_OFFLINE" not in derive(read(), CPU, VALKEY, {})


def test_no_process_sends_usage_statistics(settings: Settings) -> None:
    environment = derive(settings, CPU, VALKEY, {})
    assert {environment[name] for name in ("VLLM_NO_USAGE_STATS", "DO_NOT_TRACK", "HF_HUB_DISABLE_TELEMETRY")} == {"1"}


def test_training_engine_and_front_door_agree_on_the_largest_rank(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_ENGINE_MAX_LORA_RANK", "64")
    environment = derive(read(), CPU, VALKEY, {"TRAINING_MAX_LORA_RANK": "8"})
    ranks = ("TANDEM_ENGINE_MAX_LORA_RANK", "GENERATION_MAX_LORA_RANK", "TRAINING_MAX_LORA_RANK")
    assert [environment[name] for name in ranks] == ["64", "64", "64"]


def test_the_front_door_allows_examples_as_long_as_the_worker_does(settings: Settings) -> None:
    assert derive(settings, CPU, VALKEY, {"TRAINING_MAX_LENGTH": "4096"})["GENERATION_MAX_TRAINING_LENGTH"] == "4096"
    assert "GENERATION_MAX_TRAINING_LENGTH" not in derive(settings, CPU, VALKEY, {})


def test_a_gpu_is_shared_with_training_and_a_cpu_engine_compiles_nothing(settings: Settings) -> None:
    assert derive(settings, CPU, VALKEY, {})["TANDEM_ENGINE_DEVICE_OPTIONS"] == "--dtype auto --enforce-eager --no-enable-chunked-prefill"
    assert derive(settings, GPU, VALKEY, {})["TANDEM_ENGINE_DEVICE_OPTIONS"] == "--dtype auto --gpu-memory-utilization 0.4"


def test_the_engine_reads_tool_calls_and_shows_tools_to_the_default_model(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    options = derive(settings, CPU, VALKEY, {})["TANDEM_ENGINE_TOOL_OPTIONS"].split()
    assert options[:3] == ["--enable-auto-tool-choice", "--tool-call-parser", "hermes"]
    assert options[3] == "--chat-template" and Path(options[4]).is_file()
    assert derive(settings, CPU, VALKEY, {})["TANDEM_CHAT_TEMPLATE"] == options[4]
    monkeypatch.setenv("TANDEM_BASE_MODEL", "Qwen/Qwen3-0.6B")
    monkeypatch.setenv("TANDEM_ENGINE_TOOL_CALL_PARSER", "qwen3_coder")
    other = derive(read(), CPU, VALKEY, {})["TANDEM_ENGINE_TOOL_OPTIONS"]
    assert other == "--enable-auto-tool-choice --tool-call-parser qwen3_coder"
    monkeypatch.setenv("TANDEM_ENGINE_TOOL_CALL_PARSER", "")
    environment = derive(read(), CPU, VALKEY, {})
    assert (environment["TANDEM_ENGINE_TOOL_OPTIONS"], environment["TANDEM_CHAT_TEMPLATE"]) == ("", "")


def test_engine_and_training_use_the_chat_template_that_is_set(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TANDEM_CHAT_TEMPLATE", str(tmp_path / "own.jinja"))
    monkeypatch.setenv("TANDEM_ENGINE_TOOL_CALL_PARSER", "")
    environment = derive(read(), CPU, VALKEY, {})
    assert environment["TANDEM_ENGINE_TOOL_OPTIONS"] == f"--chat-template {tmp_path / 'own.jinja'}"
    assert environment["TANDEM_CHAT_TEMPLATE"] == str(tmp_path / "own.jinja")


def variables(settings: Settings, machine: Machine) -> str:
    return derive(settings, machine, VALKEY, {})["TANDEM_ENGINE_DEVICE_VARIABLES"]


def test_a_small_machine_computes_in_the_engines_own_process_with_all_cores(settings: Settings) -> None:
    assert variables(settings, CPU) == "TORCH_COMPILE_DISABLE=1 GOMP_SPINCOUNT=10000 VLLM_ENABLE_V1_MULTIPROCESSING=0 OMP_NUM_THREADS=2"


def test_a_large_machine_binds_a_worker_to_its_cores_if_there_is_shared_memory_for_it(settings: Settings) -> None:
    assert variables(settings, LARGE_CPU) == "TORCH_COMPILE_DISABLE=1 GOMP_SPINCOUNT=10000"
    without = LARGE_CPU._replace(shared_memory=64 * 2**20)
    assert variables(settings, without) == "TORCH_COMPILE_DISABLE=1 GOMP_SPINCOUNT=10000 VLLM_ENABLE_V1_MULTIPROCESSING=0 OMP_NUM_THREADS=7"


def test_cores_that_a_setting_names_are_bound(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_ENGINE_THREADS", "0")
    assert variables(read(), CPU) == "TORCH_COMPILE_DISABLE=1 GOMP_SPINCOUNT=10000"


def test_on_a_gpu_the_engine_keeps_its_defaults(settings: Settings) -> None:
    assert variables(settings, GPU) == ""


def test_the_engine_can_sleep_only_if_trainings_need_its_gpu(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "sleep" not in derive(settings, GPU, VALKEY, {})["TANDEM_ENGINE_DEVICE_OPTIONS"]
    monkeypatch.setenv("TRAINING_GPU_SHARING", "sleep")
    on_gpu, on_cpu = (derive(read(), machine, VALKEY, {}) for machine in (GPU, CPU))
    assert "--enable-sleep-mode" in on_gpu["TANDEM_ENGINE_DEVICE_OPTIONS"]
    assert on_gpu["TANDEM_ENGINE_DEVICE_VARIABLES"] == "VLLM_SERVER_DEV_MODE=1"
    assert on_gpu["TRAINING_ENGINE_URL"] == on_gpu["GENERATION_ENGINE_URL"]
    assert "sleep" not in on_cpu["TANDEM_ENGINE_DEVICE_OPTIONS"]
    assert "VLLM_SERVER_DEV_MODE" not in on_cpu["TANDEM_ENGINE_DEVICE_VARIABLES"]


def test_a_cpu_that_would_emulate_bfloat16_computes_in_float32_by_default(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--dtype float32" in derive(settings, OLD_CPU, VALKEY, {})["TANDEM_ENGINE_DEVICE_OPTIONS"]
    monkeypatch.setenv("TANDEM_ENGINE_DTYPE", "bfloat16")
    assert "--dtype bfloat16" in derive(read(), OLD_CPU, VALKEY, {})["TANDEM_ENGINE_DEVICE_OPTIONS"]


def test_logs_are_human_readable_by_default(settings: Settings) -> None:
    assert derive(settings, CPU, VALKEY, {})["TANDEM_LOG_FORMAT"] == "console"
    assert derive(settings, CPU, VALKEY, {"TANDEM_LOG_FORMAT": "json"})["TANDEM_LOG_FORMAT"] == "json"


def test_compiled_modules_are_written_and_other_variables_are_passed_on(settings: Settings) -> None:
    environment = derive(settings, CPU, VALKEY, {"PYTHONDONTWRITEBYTECODE": "1", "HF_TOKEN": "kept", "PATH": "/usr/bin"})
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["HF_TOKEN"] == "kept"
    assert environment["PATH"].endswith(":/usr/bin")


@pytest.mark.parametrize(("host", "reached"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("10.0.0.5", "10.0.0.5")])
def test_a_service_is_reached_where_it_listens(host: str, reached: str) -> None:
    assert reach(host) == reached


def test_the_engine_uses_the_machines_cores_by_default(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert derive(settings, CPU, VALKEY, {})["VLLM_CPU_OMP_THREADS_BIND"] == "0,1"
    assert derive(settings, LARGE_CPU, VALKEY, {})["VLLM_CPU_OMP_THREADS_BIND"] == "auto"
    monkeypatch.setenv("TANDEM_ENGINE_THREADS", "2-5")
    assert derive(read(), CPU, VALKEY, {})["VLLM_CPU_OMP_THREADS_BIND"] == "2-5"
