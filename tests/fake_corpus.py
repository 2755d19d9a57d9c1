"""Documents, their search, and a model that writes questions about them. It behaves like the API as far as datasets use it.

Every sentence of a document reads "The <part> of the <machine> weighs 12 kilograms." The model asks for the number. It errs as it is told.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.errors import NotFound, Unavailable
from shared.graders.text import normalize
from shared.workers.api_client import ChatCompletion

SENTENCE = re.compile(r"The (\w+) of the (\w+) weighs (\w+ kilograms)\.")
QUESTION = re.compile(r"Question: How many kilograms does the (\w+) of the (\w+) weigh\?")
PARTS = ("anchor", "boiler", "crane", "drum", "engine", "flywheel", "gearbox", "hatch", "injector", "jack", "keel", "lever")
STORE = "vs_1"


def make_document(machine: str, first_weight: int, parts: tuple[str, ...] = PARTS) -> list[str]:
    """Return the chunks of a document about a machine: one for each of its parts."""
    filler = f"This manual of the {machine} is for mechanics who have been trained, and replaces all earlier ones."
    return [f"The {part} of the {machine} weighs {first_weight + number} kilograms. {filler}" for number, part in enumerate(parts)]


@dataclass
class FakeCorpus:
    """The documents by file id, with their chunks. What was asked is in `chats`, what was uploaded in `files`.

    `known` machines are known to the model without a passage. It writes a `fault` in place of each question about the machines in
    `mistakes`. After `dies_after` chats it is not available any more. After `hangs_after` chats, a server of it never answers; `hanging`
    counts how often it looked whether its caller is still there.
    """

    documents: dict[str, list[str]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    mistakes: dict[str, str] = field(default_factory=dict)
    chats: list[dict[str, Any]] = field(default_factory=list)
    searches: list[str] = field(default_factory=list)
    files: dict[str, tuple[str, bytes, str]] = field(default_factory=dict)
    dies_after: int | None = None
    hangs_after: int | None = None
    hanging: int = 0

    def add(self, machine: str, first_weight: int) -> str:
        """Add a document about a machine; return the id of its file."""
        self.documents[f"file-{machine}"] = make_document(machine, first_weight)
        return f"file-{machine}"

    def lines(self, file_id: str) -> list[dict[str, Any]]:
        """Return the lines of an uploaded file."""
        return [json.loads(line) for line in self.files[file_id][1].splitlines()]

    async def call(self, method: str, path: str, *, body: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """Answer a request."""
        if (method, path) == ("POST", "/v1/chunks/preview"):
            return self._preview(body)
        if not path.startswith(f"/v1/vector_stores/{STORE}"):
            raise NotFound("There is no such vector store.")
        if path.endswith("/search"):
            return {"data": self._search(body["query"])[: body["max_num_results"]]}
        if path.endswith("/files"):
            return self._list(params or {})
        return {"id": STORE, "embedding_model": "mini"}

    async def upload_file(self, filename: str, content: bytes, purpose: str) -> str:
        """Store a file; return its id, which is the same for the same file."""
        file_id = f"file-{hashlib.sha256(filename.encode() + content).hexdigest()[:12]}"
        self.files[file_id] = (filename, content, purpose)
        return file_id

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        """Write a question, or answer one."""
        if self.dies_after is not None and len(self.chats) >= self.dies_after:
            raise Unavailable("The engine is gone.")
        self.chats.append(request)
        content = request["messages"][-1]["content"]
        text = self._propose(content) if "response_format" in request else self._answer(content)
        return ChatCompletion(text=text, prompt_tokens=100, completion_tokens=10, citations=[])

    def _list(self, params: Mapping[str, Any]) -> dict[str, Any]:
        ids = list(self.documents)
        start = ids.index(params["after"]) + 1 if "after" in params else 0
        page = ids[start : start + 2]  # small pages, so that there are several
        strategy = {"type": "static", "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}}
        data = [{"id": id, "filename": f"{id}.md", "chunking_strategy": strategy, "duplicate_of": None} for id in page]
        return {"data": data, "has_more": start + 2 < len(ids), "last_id": page[-1] if page else None}

    def _preview(self, body: Mapping[str, Any]) -> dict[str, Any]:
        chunks = [_chunk(number, text) for number, text in enumerate(self.documents[body["file_id"]])]
        return {"data": chunks[body["offset"] : body["offset"] + body["limit"]], "total_chunks": len(chunks)}

    def _search(self, query: str) -> list[dict[str, Any]]:
        self.searches.append(query)
        wanted = set(normalize(query).split())
        hits = [
            {"file_id": file_id, "content": [{"type": "text", "text": text}], "chunk": _chunk(number, text)}
            for file_id, chunks in self.documents.items()
            for number, text in enumerate(chunks)
        ]
        return sorted(hits, key=lambda hit: -len(wanted & set(normalize(hit["content"][0]["text"]).split())))

    def _propose(self, content: str) -> str:
        found = SENTENCE.search(content)
        assert found
        part, machine, weight = found.groups()
        question = f"How many kilograms does the {part} of the {machine} weigh?"
        mistaken = {
            "not_json": "Sure! Here is a question.",
            "answer_in_question": json.dumps({"answer": machine, "question": question}),
            "answer_not_in_passage": json.dumps({"answer": "999 tons", "question": question}),
            "mentions_passage": json.dumps({"answer": weight, "question": f"According to the passage, what is the weight of the {part}?"}),
        }
        return mistaken.get(self.mistakes.get(machine, ""), json.dumps({"answer": weight, "question": question}))

    def _answer(self, content: str) -> str:
        asked = QUESTION.search(content)
        assert asked
        part, machine = asked.groups()
        texts = [content] if "weighs" in content else self.documents.get(f"file-{machine}", []) if machine in self.known else []
        facts = {found[:2]: found[2] for text in texts for found in SENTENCE.findall(text)}
        return str(facts.get((part, machine), "I do not know."))


def _chunk(number: int, text: str) -> dict[str, Any]:
    place = {"position": number, "start": number * 1000, "end": number * 1000 + len(text)}
    return {**place, "title": "Manual", "heading_path": ["Manual", "Weights"], "text": text}
