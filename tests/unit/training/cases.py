"""What several tests of training need: a small tokenizer, chats, datasets, plans, and a base model's files."""

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from services.training.data.encode import ChatEncoder
from services.training.data.templates import ChatTemplate
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import LoraShape, Plan
from services.training.supervision.run_trainer import Launch
from services.training.trainer.checkpoints import make_attempt_folder, mark_complete
from shared.contracts.fine_tuning import Method, TrainingSpec
from shared.datasets import Message
from shared.planning.schedule import Schedule
from shared.records.jobs import Job
from shared.settings import JobSettings

BASE = "smollm2-135m-instruct"
MODEL = Path(JobSettings(base_model="").base_path)
END = "<|im_end|>"
START = "<|im_start|>"
CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def make_tokenizer() -> Tokenizer:
    """Return a tokenizer with a token for each byte, and ChatML's two special tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: number for number, letter in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in (START, END)])
    return tokenizer


def make_encoder(template: str = CHATML) -> ChatEncoder:
    """Return an encoder for which every byte is a token."""
    return ChatEncoder(make_tokenizer(), ChatTemplate(template, {"eos_token": END}))


def chat(*turns: str, system: str | None = None) -> list[Message]:
    """Return a chat in which user and assistant take turns."""
    first = [Message(role="system", content=system)] if system else []
    return first + [Message(role="user" if number % 2 == 0 else "assistant", content=turn) for number, turn in enumerate(turns)]


def lines_of(chats: Sequence[list[Message]]) -> str:
    """Return the chats as a JSONL file's content."""
    return "".join(json.dumps({"messages": [message.model_dump() for message in messages]}) + "\n" for messages in chats)


def make_facts(count: int) -> dict[str, str]:
    """Return questions and their short answers."""
    return {f"What is the number of thing {number}?": f"No. {number}" for number in range(count)}


def dataset_of(facts: dict[str, str]) -> str:
    """Return the facts as a training file's content."""
    return lines_of([chat(question, answer) for question, answer in facts.items()])


def make_pairs(count: int) -> list[tuple[str, str, str]]:
    """Return questions, each with the answer that is preferred and the other."""
    return [(question, answer, f"Thing {len(answer)}, I guess.") for question, answer in make_facts(count).items()]


def pairs_of(pairs: Sequence[tuple[str, str, str]]) -> str:
    """Return the pairs as a training file's content."""
    return "".join(
        json.dumps(
            {
                "input": {"messages": [{"role": "user", "content": question}]},
                "preferred_output": [{"role": "assistant", "content": preferred}],
                "non_preferred_output": [{"role": "assistant", "content": other}],
            }
        )
        + "\n"
        for question, preferred, other in pairs
    )


def make_spec(**changes: Any) -> TrainingSpec:
    """Return the spec of a job, by default with every hyperparameter on `auto`."""
    fields = {"model": BASE, "training_file": "file-1", "validation_file": None, "suffix": "short", "seed": 7, "method": Method()}
    return TrainingSpec.model_validate({**fields, **changes})


def method_of(lora: dict[str, Any] | None = None, **hyperparameters: Any) -> dict[str, Any]:
    """Return the `method` of a spec."""
    return {"supervised": {"hyperparameters": hyperparameters, "lora": lora or {}}}


def make_plan(**changes: Any) -> Plan:
    """Return a plan."""
    fields: dict[str, Any] = {
        "epochs": 2,
        "batch_size": 4,
        "learning_rate": 1e-3,
        "warmup_steps": 1,
        "steps_per_epoch": 3,
        "shape": LoraShape(rank=4, alpha=8.0, dropout=0.0),
        "seed": 1,
        "checkpoint_seconds": 1000.0,
        "activation_bytes": 1_000_000,
        "max_length": 2048,
    }
    return Plan(**{**fields, **changes})


def make_schedule(**changes: Any) -> Schedule:
    """Return a schedule of 20 steps."""
    fields: dict[str, Any] = {"epochs": 2, "batch_size": 4, "learning_rate": 5e-4, "steps_per_epoch": 10, "warmup_steps": 1}
    return Schedule(**{**fields, **changes})


def make_model_folder(folder: Path, config: dict[str, Any] | None = None, **tokenizer_config: Any) -> Path:
    """Write the files of a base model that the worker reads: configuration, tokenizer, chat template and weights."""
    folder.mkdir(parents=True, exist_ok=True)
    make_tokenizer().save(str(folder / "tokenizer.json"))
    settings = {"eos_token": END, "chat_template": CHATML, **tokenizer_config}
    (folder / "tokenizer_config.json").write_text(json.dumps({name: value for name, value in settings.items() if value is not None}))
    shape = {"hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1}
    (folder / "config.json").write_text(json.dumps(config or shape))
    layers = {f"model.layers.{number}.self_attn.q_proj.weight": [8, 8] for number in range(2)}
    write_tensors(folder / "model.safetensors", {**layers, "model.embed_tokens.weight": [40, 8], "model.norm.weight": [8]})
    return folder


def write_tensors(path: Path, shapes: dict[str, list[int]], dtype: str = "F32") -> None:
    """Write a safetensors file of zeros."""
    header, end = {}, 0
    for name, shape in shapes.items():
        start, end = end, end + 4 * math.prod(shape)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}
    encoded = json.dumps(header).encode()
    path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + bytes(end))


def describe(job: Job | None) -> tuple[str | None, Any]:
    """Return a job's status and error code."""
    return (job.status, (job.error or {}).get("code")) if job else (None, None)


def fake_trainer(behavior: str) -> Launch:
    """Return how a training process without torch is started (see `fake_trainer.py` for its behaviors)."""
    return Launch((sys.executable, "-m", "tests.unit.training.fake_trainer", behavior))


def add_checkpoints(folder: JobFolder, *steps: int) -> None:
    """Write complete checkpoints, each of another attempt, as the training process does."""
    for step in steps:
        checkpoint = make_attempt_folder(folder.checkpoints) / f"checkpoint-{step}"
        checkpoint.mkdir()
        (checkpoint / "optimizer.pt").write_text("state")
        mark_complete(checkpoint)
