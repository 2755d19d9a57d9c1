"""The environment of the stack's processes. Every address, path and limit is derived here and nowhere else."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.machine import Machine
from deploy.local.models import LANGUAGE_MODEL
from deploy.local.settings import EngineSettings, Settings
from shared.workers.threads import THREADS

TOOLS_TEMPLATE = Path(__file__).with_name("smollm2-with-tools.jinja")
LOCAL_ONLY = "127.0.0.1"
# TANDEM_ENGINE_MAX_LORA_RANK sets these for all processes. If they were set one by one, they could disagree.
SHARED = ("GENERATION_MAX_LORA_RANK", "TRAINING_MAX_LORA_RANK")
# These addresses follow from the ports.
DERIVED = ("TANDEM_BROKER_URL", "TANDEM_API_URL", "GENERATION_ENGINE_URL", "GENERATION_RETRIEVAL_URL", "TRAINING_ENGINE_URL")
WORKER_SHARED_MEMORY = 240 * 2**20  # vLLM's ring buffers: 10 chunks of 16 MiB towards a worker, 10 of 24 MiB back
QUIET = {
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def derive(settings: Settings, machine: Machine, valkey: Path, inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of every process: the caller's, plus the variables derived from the settings.

    `valkey` is the path of the Valkey server.
    """
    return {
        **{name: value for name, value in inherited.items() if name != "PYTHONDONTWRITEBYTECODE"},
        **QUIET,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), inherited.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
        "TANDEM_LOG_FORMAT": inherited.get("TANDEM_LOG_FORMAT") or "console",
        **derive_addresses(settings),
        **derive_models(settings),
        **derive_engine(settings, machine),
        **derive_training_length(inherited),
        "TANDEM_VALKEY_SERVER": str(valkey),
        "TANDEM_DATA": str(settings.data),
    }


def derive_addresses(settings: Settings) -> dict[str, str]:
    """Return the ports that processes listen on, and the addresses at which they reach each other."""
    broker = settings.stack.broker_port
    return {
        "TANDEM_BROKER_PORT": str(broker),
        "TANDEM_BROKER_URL": f"redis://{LOCAL_ONLY}:{broker}/0",
        "TANDEM_ENGINE_PORT": str(settings.engine.port),
        "GENERATION_ENGINE_URL": f"http://{LOCAL_ONLY}:{settings.engine.port}",
        "TRAINING_ENGINE_URL": f"http://{LOCAL_ONLY}:{settings.engine.port}",
        "GENERATION_RETRIEVAL_URL": f"http://{reach(settings.retrieval.host)}:{settings.retrieval.port}",
        "TANDEM_API_URL": f"http://{reach(settings.generation.host)}:{settings.generation.port}",
    }


def derive_models(settings: Settings) -> dict[str, str]:
    """Return the models, with the absolute paths of folders. If all are folders, no process contacts a model hub."""
    base, embedder = absolute(settings.jobs.base_path), absolute(settings.retrieval.model)
    others = [*settings.retrieval.further_models().values(), settings.retrieval.rerank_model]
    local = all(Path(model).expanduser().is_dir() for model in (base, embedder, *filter(None, others)))
    return {
        "TANDEM_BASE_MODEL": base,
        "TANDEM_BASE_NAME": settings.jobs.served_name,
        "TANDEM_ADAPTERS": str(settings.jobs.adapters_dir),
        "RETRIEVAL_EMBEDDING_MODEL": embedder,
        **({"HF_HUB_OFFLINE": "1"} if local else {}),
    }


def derive_engine(settings: Settings, machine: Machine) -> dict[str, str]:
    """Return vLLM's own variables and the limits that training and the front door share with it."""
    engine, template = settings.engine, find_chat_template(settings)
    rank = str(engine.max_lora_rank)
    return {
        "TANDEM_ENGINE_MAX_MODEL_LEN": str(engine.max_model_len),
        "TANDEM_ENGINE_MAX_LORAS": str(engine.max_loras),
        "TANDEM_ENGINE_MAX_LORA_RANK": rank,
        "GENERATION_MAX_LORA_RANK": rank,
        "TRAINING_MAX_LORA_RANK": rank,
        "TANDEM_ENGINE_TOOL_OPTIONS": tool_options(engine, template),
        "TANDEM_CHAT_TEMPLATE": str(template or ""),
        "TANDEM_ENGINE_OPTIONS": engine.options,
        "TANDEM_ENGINE_DEVICE_OPTIONS": device_options(settings, machine),
        "TANDEM_ENGINE_DEVICE_VARIABLES": " ".join(device_variables(settings, machine)),
        "VLLM_PLUGINS": "lora_filesystem_resolver",
        "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "1",  # without it, vLLM never calls the plugin; the engine listens on this machine only
        "VLLM_LORA_RESOLVER_CACHE_DIR": str(settings.jobs.adapters_dir),
        "VLLM_CPU_KVCACHE_SPACE": str(engine.cache_gib),
        "VLLM_CPU_OMP_THREADS_BIND": engine.threads or listed_cores(machine),
        "VLLM_LOGGING_LEVEL": engine.log_level.upper(),
        "VLLM_CACHE_ROOT": str(settings.data / "cache" / "vllm"),
    }


def derive_training_length(inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the length of training examples that the front door allows: what the caller set for the worker."""
    length = inherited.get("TRAINING_MAX_LENGTH")
    return {"GENERATION_MAX_TRAINING_LENGTH": length} if length else {}


def find_chat_template(settings: Settings) -> Path | None:
    """Return the engine's chat template if it is not the model's own. That of the default model shows no tools; it gets one that does."""
    if settings.jobs.chat_template:
        return settings.jobs.chat_template.absolute()
    return TOOLS_TEMPLATE if settings.engine.tool_call_parser and Path(settings.jobs.base_path).name == LANGUAGE_MODEL else None


def tool_options(engine: EngineSettings, template: Path | None) -> str:
    """Return the engine's options for tool calls and the chat template."""
    parser = f"--enable-auto-tool-choice --tool-call-parser {engine.tool_call_parser}" if engine.tool_call_parser else ""
    return " ".join(filter(None, (parser, f"--chat-template {template}" if template else "")))


def device_options(settings: Settings, machine: Machine) -> str:
    """Return the engine's options that depend on the device."""
    engine = settings.engine
    if machine.device == "gpu":
        sleep = " --enable-sleep-mode" if settings.training.gpu_sharing == "sleep" else ""
        return f"--dtype {engine.dtype} --gpu-memory-utilization {engine.gpu_share}{sleep}"
    emulated = engine.dtype == "auto" and not machine.bfloat16
    # In vLLM's CPU build, a request with a seed and a temperature ends the engine if its prompt is computed in several chunks.
    return f"--dtype {'float32' if emulated else engine.dtype} --enforce-eager --no-enable-chunked-prefill"


def device_variables(settings: Settings, machine: Machine) -> list[str]:
    """Return the environment variables of the engine that depend on the device.

    On a CPU, torch compiles nothing: that would need a C++ compiler and Python's headers. vLLM has the endpoints for sleeping only in its
    mode for development.
    """
    engine = settings.engine
    if machine.device == "gpu":
        return ["VLLM_SERVER_DEV_MODE=1"] if settings.training.gpu_sharing == "sleep" else []
    always = ["TORCH_COMPILE_DISABLE=1", *(f"{name}={value}" for name, value in THREADS.items())]
    if not computes_in_place(engine, machine):
        return always
    threads = len(machine.cores) if machine.is_small else machine.physical_cores - 1
    return [*always, "VLLM_ENABLE_V1_MULTIPROCESSING=0", f"OMP_NUM_THREADS={max(1, threads)}"]


def computes_in_place(engine: EngineSettings, machine: Machine) -> bool:
    """Return whether vLLM computes on the CPU in the process that schedules, instead of in a worker process.

    A worker process is bound to its cores, which is faster on large machines, but it needs half a GiB more memory, and shared memory.
    """
    return not engine.threads and (machine.is_small or machine.shared_memory < WORKER_SHARED_MEMORY)


def listed_cores(machine: Machine) -> str:
    """Return the cores to which vLLM binds a worker, such as `0,1`; `auto` leaves one core to the services."""
    return ",".join(map(str, machine.cores)) if machine.is_small else "auto"


def reach(host: str) -> str:
    """Return the address at which this machine reaches a service that listens on `host`."""
    reachable = {"0.0.0.0": LOCAL_ONLY, "": LOCAL_ONLY, "::": "[::1]"}.get(host, host)
    return f"[{reachable}]" if ":" in reachable and not reachable.startswith("[") else reachable


def absolute(model: str) -> str:
    """Return the absolute path of a model's folder, or a Hugging Face id unchanged."""
    return str(Path(model).absolute()) if Path(model).is_dir() else model
