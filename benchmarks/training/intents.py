"""The life of a fine-tuning job on real data: banking77, 77 intents of messages to a bank, through the API of the running stack.

    validate ──▶ fine-tune ──▶ ask both models about messages that were held out ──▶ a table: accuracy before and after, tokens, time

The base model gets all 77 names in its prompt, and its output is constrained to them. The fine-tuned model gets the message alone and
may write anything.
"""

import csv
import json
import os
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from openai import OpenAI
from openai.types.fine_tuning import FineTuningJob
from rich.console import Console
from statsmodels.stats.proportion import proportion_confint

from benchmarks.tables import table
from deploy.local import machine
from deploy.local.checks import check, take_folder
from deploy.local.demo import READY_SECONDS, connect
from deploy.local.progress import step
from deploy.local.running import RunningStack
from deploy.local.settings import read

LINE_WIDTH = 110
EXAMPLES, HELD_OUT, EPOCHS, SEED = 2000, 300, 2, 0
CALLERS = 8
MAX_TOKENS = 24  # the longest name has fewer
POLL_SECONDS = 1.0
ENDS = ("succeeded", "failed", "cancelled")


@dataclass(frozen=True)
class Message:
    """A message to the bank, and the name of its intent."""

    text: str
    intent: str


@dataclass(frozen=True)
class Answers:
    """What one model answered: how many intents were right, and the mean tokens and seconds of an answer."""

    correct: int
    messages: int
    prompt_tokens: float
    seconds: float


def main(data: Path, quick: bool = False) -> str:
    """Start the stack, run the job, ask both models; return the tables. `quick` is a small part, to see that it works."""
    settings, console = read(), Console(width=LINE_WIDTH, stderr=True)
    examples, held_out, epochs = (64, 16, 1) if quick else (EXAMPLES, HELD_OUT, EPOCHS)
    training, messages = split(read_messages(data / "banking77" / "train.csv"), examples, held_out, SEED)
    with take_folder(settings.data):
        check(settings, os.environ, machine.look())
    stack = RunningStack(os.environ, settings.data / "logs" / "bench-intents.log")
    try:
        with step(console, "Starting the stack"):
            stack.wait_ready(READY_SECONDS)
        client, base = connect(settings), settings.jobs.served_name
        before = ask(client, base, messages, console, sorted({message.intent for message in (*training, *messages)}))
        job, seconds = fine_tune(client, base, training, epochs, console, stack)
        return describe(before, ask(client, str(job.fine_tuned_model), messages, console), job, seconds)
    finally:
        stack.stop()


def read_messages(path: Path) -> list[Message]:
    """Return the messages of the file, each once."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(dict.fromkeys(Message(row["text"].strip(), row["category"]) for row in csv.DictReader(file)))


def split(messages: Sequence[Message], examples: int, held_out: int, seed: int) -> tuple[list[Message], list[Message]]:
    """Return `examples` messages to train on, and `held_out` others."""
    drawn = random.Random(seed).sample(list(messages), examples + held_out)
    return drawn[:examples], drawn[examples:]


def fine_tune(
    client: OpenAI, base: str, training: Sequence[Message], epochs: int, console: Console, stack: RunningStack
) -> tuple[FineTuningJob, float]:
    """Return the job when it has succeeded, and the seconds from the upload to the end."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, step(console, "Fine-tuning") as update:
        file = Path(folder) / "intents.jsonl"
        file.write_text("".join(f"{json.dumps({'messages': [*_prompt(each), _answer(each)]})}\n" for each in training), encoding="utf-8")
        training_file = client.files.create(file=file, purpose="fine-tune").id
        job = client.fine_tuning.jobs.create(
            model=base,
            training_file=training_file,
            suffix="intents",
            seed=0,
            method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": epochs}}},
        )
        while job.status not in ENDS:
            stack.check()
            extra = job.model_extra or {}
            update(float(extra.get("percent", 0)) / 100, str(extra.get("stage", job.status)))
            time.sleep(POLL_SECONDS)
            job = client.fine_tuning.jobs.retrieve(job.id)
    if job.status != "succeeded":
        raise SystemExit(f"{job.id} {job.status}: {job.error.message if job.error else 'no reason given'}")
    return job, time.monotonic() - started


def ask(client: OpenAI, model: str, messages: Sequence[Message], console: Console, intents: Sequence[str] = ()) -> Answers:
    """Ask a model for the intent of each message. With `intents`, its prompt has their names, and its output is one of them."""
    instruction = (
        [{"role": "system", "content": "Name the intent of the message. The intents are: " + ", ".join(intents)}] if intents else []
    )
    constraint = {"structured_outputs": {"choice": list(intents)}} if intents else {}

    def call(message: Message) -> tuple[bool, int, float]:
        body = {"model": model, "messages": [*instruction, *_prompt(message)], "temperature": 0, "max_tokens": MAX_TOKENS, **constraint}
        started = time.monotonic()
        reply = json.loads(client.post("/chat/completions", cast_to=httpx.Response, body=body).content)
        text = str(reply["choices"][0]["message"]["content"])
        return text.strip() == message.intent, int(reply["usage"]["prompt_tokens"]), time.monotonic() - started

    results = []
    with step(console, f"Asking {model}") as update, ThreadPoolExecutor(CALLERS) as callers:
        for number, result in enumerate(callers.map(call, messages), start=1):
            results.append(result)
            update(number / len(messages), f"{number} of {len(messages)}")
    count = len(results)
    return Answers(
        sum(each[0] for each in results), count, sum(each[1] for each in results) / count, sum(each[2] for each in results) / count
    )


def describe(before: Answers, after: Answers, job: FineTuningJob, seconds: float) -> str:
    """Return the tables: the accuracy of both models, and the job."""
    arms = {"base model, with the list of intents": before, "fine-tuned, the message alone": after}
    head = ("model", "accuracy", "95% interval", "tokens of a prompt", f"seconds, {CALLERS} at a time")
    rows = [(name, arm.correct / arm.messages, _interval(arm), arm.prompt_tokens, arm.seconds) for name, arm in arms.items()]
    return "\n\n".join([table(f"The intents of {before.messages} messages that were held out", head, rows), _describe_job(job, seconds)])


def _interval(answers: Answers) -> str:
    """Return Wilson's interval of the accuracy."""
    return "{:.3f} to {:.3f}".format(*proportion_confint(answers.correct, answers.messages, method="wilson"))


def _describe_job(job: FineTuningJob, seconds: float) -> str:
    hyperparameters: Mapping[str, Any] = job.hyperparameters.model_dump() if job.hyperparameters else {}
    rows = [
        ("trained tokens", job.trained_tokens or 0),
        *((name.replace("_", " "), value) for name, value in hyperparameters.items() if value is not None),
        ("seconds, from the upload to the end", round(seconds)),
    ]
    return table("The job", ("what", "figure"), rows)


def _prompt(message: Message) -> list[dict[str, str]]:
    return [{"role": "user", "content": message.text}]


def _answer(message: Message) -> dict[str, str]:
    return {"role": "assistant", "content": message.intent}
