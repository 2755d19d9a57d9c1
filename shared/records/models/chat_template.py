"""The chat templates of a base model, as vLLM chooses them. Training renders chats with them; the front door asks whether they show tools.

Knows nothing of how a template is rendered.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import TandemError

HARMONY_MODEL = "gpt_oss"  # the `model_type` of a model whose chats vLLM renders itself, in the Harmony format
TOOL_PARTS = re.compile(r"\btools\b.*\btool_calls\b|\btool_calls\b.*\btools\b", re.DOTALL)


@dataclass(frozen=True)
class ChatTemplateSources:
    """The Jinja source for chats, and the one for chats with tools, which may be the same."""

    chats: str
    tools: str

    @property
    def may_show_tools(self) -> bool:
        """Whether the source has something to do with tools and calls. To be sure, a chat must be rendered."""
        return TOOL_PARTS.search(self.tools) is not None


def is_harmony_model(base: Path) -> bool:
    """Return whether vLLM renders the chats of the model in the folder `base` itself."""
    return _read_json(base / "config.json").get("model_type") == HARMONY_MODEL


def read_chat_template(base: Path, engines: Path | None = None) -> ChatTemplateSources | None:
    """Return the templates that vLLM uses for the model in the folder `base`; None if it has none, or there is no such folder.

    `engines` is the template that the engine is started with, if it is not the model's own. A model that also reads images, such as
    Gemma 3, may have the template of its processor, which vLLM prefers to the tokenizer's, but not for chats with tools.

    Raises:
        TandemError: if the file `engines` does not exist.
    """
    if engines is not None:
        if not engines.is_file():
            raise TandemError(f"The chat template '{engines}' (TANDEM_CHAT_TEMPLATE) does not exist.", code="base_model_unfit")
        return _pair(engines.read_text(), None)
    file = base / "chat_template.jinja"
    if file.exists():
        own = base / "additional_chat_templates" / "tool_use.jinja"
        return _pair(file.read_text(), own.read_text() if own.exists() else None)
    template = _read_json(base / "tokenizer_config.json").get("chat_template")
    named = {entry["name"]: entry["template"] for entry in template} if isinstance(template, list) else {"default": template}
    source = _read_json(base / "chat_template.json").get("chat_template") or named.get("default")
    return _pair(source, named.get("tool_use") or named.get("default"))


def _pair(chats: str | None, tools: str | None) -> ChatTemplateSources | None:
    return None if chats is None else ChatTemplateSources(chats, tools or chats)


def _read_json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text())) if path.exists() else {}
