"""Speed of the embedder: bare `SentenceTransformer.encode` against the queue on the same chunks, and queries alone and under load.

python -m benchmarks.retrieval embedding --data ../shared/data
python -m benchmarks.retrieval.embedding MODEL TEXT_FILE [--chunks 128] [--rounds 3] [--batch-tokens 512 1024 8192]
"""

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks.tables import table
from services.retrieval.chunk.static import split_static
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.model_server import CPU_BATCH_TOKENS
from services.retrieval.settings import RetrievalSettings

Work = Callable[[Sequence[str]], object]
Spent = tuple[float, float]
QUERY = "Where are the spare keys kept?"
BATCH_SIZE = 32
ROUNDS = 3


@dataclass(frozen=True)
class Asked:
    """What is measured: so many chunks of a text, in so many rounds, by queues whose batches have so many tokens at most."""

    model: str
    text: Path
    chunks: int = 128
    rounds: int = ROUNDS
    batch_tokens: Sequence[int] = (CPU_BATCH_TOKENS,)


def main(data: Path, quick: bool = False) -> str:
    """Measure and return the tables; `quick` takes few chunks, once."""
    asked = Asked(RetrievalSettings().model, data / "chunking" / "state_of_the_union.md")
    return measure(replace(asked, chunks=32, rounds=1) if quick else asked)


def measure(asked: Asked) -> str:
    """Measure the contestants in turn, so that what else the machine does troubles all of them alike; return the tables."""
    queues = {f"queue, batches of {tokens} tokens": _queue(asked.model, tokens) for tokens in asked.batch_tokens}
    chunks = _chunks(asked.text.read_text(), next(iter(queues.values())), asked.chunks)
    works: dict[str, Work] = {f"bare encode, {dtype}": _bare(asked.model, dtype) for dtype in ("float32", "bfloat16")}
    works |= {name: embedder.embed_passages for name, embedder in queues.items()}
    spent: dict[str, list[Spent]] = {name: [] for name in works}
    for work in works.values():
        work(chunks[:8])
    for _ in range(asked.rounds):
        for name, work in works.items():
            spent[name].append(_spent(lambda work=work: work(chunks)))  # type: ignore[misc]
    tables = [_rates(spent, len(chunks)), _latencies(queues, chunks)]
    for embedder in queues.values():
        embedder.close()
    return "\n\n".join(tables)


def _asked() -> Asked:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("text", type=Path)
    parser.add_argument("--chunks", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--batch-tokens", type=int, nargs="+", default=[CPU_BATCH_TOKENS])
    return Asked(**vars(parser.parse_args()))


def _chunks(text: str, embedder: Embedder, number: int) -> list[str]:
    return [text[start:end] for start, end in split_static(text, 200, 50, embedder)][:number]


def _queue(source: str, tokens: int) -> Embedder:
    return Embedder(source, "auto", BATCH_SIZE, name=f"queue-{tokens}", batch_tokens=tokens)


def _bare(source: str, dtype: str) -> Work:
    import torch
    from sentence_transformers import SentenceTransformer

    model: Any = SentenceTransformer(source).to(getattr(torch, dtype)).eval()
    return lambda chunks: model.encode(list(chunks), batch_size=BATCH_SIZE, show_progress_bar=False)


def _spent(work: Callable[[], object]) -> Spent:
    """Return the seconds that went by, and those of the processor's time: the second counts no one else's work."""
    began, cpu = time.perf_counter(), _cpu()
    work()
    return time.perf_counter() - began, _cpu() - cpu


def _cpu() -> float:
    """Return the seconds of processor time that this process and those it started have taken."""
    ours = psutil.Process()
    times = [each.cpu_times() for each in (ours, *ours.children())]
    return sum(each.user + each.system for each in times)


def _rates(spent: dict[str, list[Spent]], number: int) -> str:
    bare = [times for name, times in spent.items() if name.startswith("bare")]
    rows: list[list[object]] = []
    for name, times in spent.items():
        wall, cpu = (statistics.median(column) for column in zip(*times, strict=True))
        rows.append([name, number / wall, cpu, *(f"{_ratio(bare, times, kind):.2f}" for kind in (0, 1))])
    head = ["what", "chunks/s", "s of CPU time", "of the faster bare encode", "the same by CPU time"]
    return table(f"Embedding {number} chunks of 200 tokens", head, rows)


def _ratio(bare: Sequence[Sequence[Spent]], times: Sequence[Spent], kind: int) -> float:
    return statistics.median(min(other[turn][kind] for other in bare) / times[turn][kind] for turn in range(len(times)))


def _latencies(queues: dict[str, Embedder], chunks: Sequence[str]) -> str:
    rows: list[list[object]] = []
    for name, embedder in queues.items():
        embedder.embed_query(QUERY)
        rows.append([f"{name}, nothing else", *_spread([_query(embedder) for _ in range(30)])])
        rows.append([f"{name}, while chunks are embedded", *_spread(_under_load(embedder, chunks))])
    return table("Embedding one question", ["what", "p50 ms", "p95 ms", "questions"], rows)


def _query(embedder: Embedder) -> float:
    began = time.perf_counter()
    embedder.embed_query(QUERY)
    return (time.perf_counter() - began) * 1000


def _under_load(embedder: Embedder, chunks: Sequence[str]) -> list[float]:
    """Return latencies, in milliseconds, while all chunks are embedded once."""
    load = threading.Thread(target=embedder.embed_passages, args=(chunks,))
    load.start()
    latencies = []
    while load.is_alive():
        latencies.append(_query(embedder))
        load.join(0.05)
    return latencies


def _spread(latencies: Sequence[float]) -> tuple[float, float, int]:
    ordered = sorted(latencies)
    return statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))], len(ordered)


if __name__ == "__main__":
    sys.stdout.write(measure(_asked()) + "\n")
