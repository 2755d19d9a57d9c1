"""Makes one question: propose, filter, ask without the passage, ask with it. Each step is stored before the next one begins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from services.evaluation.datasets.sources.split import QuestionRequest
from services.evaluation.datasets.synthesis.check_answers import build_closed_book_request, build_open_book_request, is_found, is_known
from services.evaluation.datasets.synthesis.filters import FAULTS, Fault, KeptQuestions, find_fault
from services.evaluation.datasets.synthesis.item_store import StoredItem
from services.evaluation.datasets.synthesis.propose import Proposal, build_proposal_request, observe_kind, parse_proposal
from shared.contracts.datasets import DatasetSpec, Kind
from shared.errors import ContextTooLong, InvalidRequest
from shared.graders.outcome import ChatModels
from shared.workers.retry import retry

PROPOSED, UNKNOWN, KEPT = "proposed", "unknown", "kept"


class Items(Protocol):
    """Where items are stored."""

    def read(self) -> dict[str, StoredItem]:
        """Return the items stored so far, by key."""
        ...

    def save(self, key: str, item: StoredItem) -> None:
        """Store an item, in place of an earlier state."""
        ...


@dataclass(frozen=True)
class Item:
    """A question that was kept."""

    request: QuestionRequest
    proposal: Proposal
    kind: Kind


def read_item(request: QuestionRequest, stored: StoredItem) -> Item:
    """Return a kept item as it was stored."""
    return Item(request, _read_proposal(stored.content), stored.content["kind"])


def is_final(stored: StoredItem) -> bool:
    """Return whether nothing more is asked about an item."""
    return stored.state == KEPT or stored.state in FAULTS


class QuestionMaker:
    """Makes the questions of one dataset. `kept` has the questions that were kept so far, and grows."""

    def __init__(self, models: ChatModels, spec: DatasetSpec, items: Items, kept: KeptQuestions, retry_seconds: float) -> None:
        self._models = models
        self._model = spec.generator.model
        self._items = items
        self._kept = kept
        self._retry_seconds = retry_seconds

    async def make(self, request: QuestionRequest, stored: StoredItem | None) -> StoredItem:
        """Continue a question from its stored state to its end: it is kept, or the state says why not.

        Raises:
            TandemError: if the generator cannot be used.
        """
        steps: dict[str | None, Callable[[QuestionRequest, StoredItem], Any]] = {
            None: self._propose,
            PROPOSED: self._ask_without_passage,
            UNKNOWN: self._ask_with_passage,
        }
        item = stored or StoredItem("", {})
        while not is_final(item):
            try:
                item = await steps[item.state or None](request, item)
            except InvalidRequest as error:
                if not _is_too_long(error):
                    raise
                item = StoredItem("refused", item.content)
            self._items.save(request.key, item)  # here, so that no cancellation comes between a reply and its storage
        return item

    async def _propose(self, request: QuestionRequest, item: StoredItem) -> StoredItem:
        text, content = await self._ask(build_proposal_request(request, self._model), item)
        proposal = parse_proposal(text)
        if proposal is None:
            return StoredItem("not_json", content)
        kind = observe_kind(request.kind, proposal)
        content = {**content, "question": proposal.question, "answer": proposal.answer, "kind": kind}
        return StoredItem(self._find_fault(proposal, request, kind) or PROPOSED, content)

    def _find_fault(self, proposal: Proposal, request: QuestionRequest, kind: Kind) -> Fault | None:
        if fault := find_fault(proposal, request.passage, kind):
            return fault
        return "duplicate" if self._kept.has(proposal, request.passage.file_id) else None

    async def _ask_without_passage(self, request: QuestionRequest, item: StoredItem) -> StoredItem:
        item_read = read_item(request, item)
        reply, content = await self._ask(build_closed_book_request(item_read.proposal.question, self._model), item)
        knows = item_read.kind != "yes_no" and is_known(reply, item_read.proposal)
        return StoredItem("known_without_passage" if knows else UNKNOWN, {**content, "without_passage": reply})

    async def _ask_with_passage(self, request: QuestionRequest, item: StoredItem) -> StoredItem:
        proposal, kind = (read := read_item(request, item)).proposal, read.kind
        body = build_open_book_request(proposal.question, request.passage, self._model)
        reply, content = await self._ask(body, item)
        content = {**content, "with_passage": reply}
        if not is_found(reply, proposal, kind):
            return StoredItem("not_answered_with_passage", content)
        if self._kept.has(proposal, request.passage.file_id):  # another one was kept meanwhile
            return StoredItem("duplicate", content)
        self._kept.add(proposal, request.passage.file_id)
        return StoredItem(KEPT, content)

    async def _ask(self, body: dict[str, Any], item: StoredItem) -> tuple[str, dict[str, Any]]:
        """Return the model's reply, and the item's content with the tokens that it took."""
        completion = await retry(lambda: self._models.complete_chat(body), self._retry_seconds)
        tokens = {"prompt_tokens": completion.prompt_tokens, "completion_tokens": completion.completion_tokens}
        return completion.text, {**item.content, **{name: item.content.get(name, 0) + count for name, count in tokens.items()}}


def _read_proposal(content: dict[str, Any]) -> Proposal:
    return Proposal(content["question"], content["answer"])


def _is_too_long(error: InvalidRequest) -> bool:
    return isinstance(error, ContextTooLong) or error.code == "context_length_exceeded"
