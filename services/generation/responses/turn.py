"""One turn of a conversation: the client's request, the earlier items, and the parts of the service that answer it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.generation.contracts.responses.response import ResponseCreate
from services.generation.grounding.chat_model import ChatModel
from services.generation.grounding.ground import GroundingDefaults
from services.generation.grounding.retrieve import Retriever
from services.generation.responses.items import Item
from services.generation.responses.search_tool import SearchToolPolicy


@dataclass(frozen=True)
class Turn:
    """The request, the items of the turns before it, oldest first, and the items of its own input."""

    request: ResponseCreate
    history: Sequence[Item]
    items: Sequence[Item]


@dataclass(frozen=True)
class Backends:
    """What one response is made with: the model, the caller's vector stores, the defaults, and which models get a search tool."""

    model: ChatModel
    retriever: Retriever
    defaults: GroundingDefaults
    search_policy: SearchToolPolicy
