"""Speed of the embedder: bare `SentenceTransformer.encode` and Tandem's embedder on the same chunks, and queries alone and under load.

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
Duration = tuple[float, float]
"""Seconds of wall time and of processor time."""
QUERY = "Where are the spare keys kept?"
BATCH_SIZE = 32
ROUNDS = 3


@dataclass(frozen=True)
class Options:
    """What to measure: the model, the text, how many of its chunks, in how many rounds, with batches of at most how many tokens."""

    model: str
    text: Path
    chunks: int = 128
    rounds: int = ROUNDS
    batch_tokens: Sequence[int] = (CPU_BATCH_TOKENS,)


def main(data: Path, quick: bool = False) -> str:
    """Measure and return the tables; `quick` uses few chunks, once."""
    options = Options(RetrievalSettings().model, data / "chunking" / "state_of_the_union.md")
    return measure(replace(options, chunks=32, rounds=1) if quick else options)


def measure(options: Options) -> str:
    """Measure in turns, so that other load on the machine affects all alike; return the tables."""
    embedders = {f"Tandem, batches of {tokens} tokens": _open_embedder(options.model, tokens) for tokens in options.batch_tokens}
    chunks = _cut(options.text.read_text(), next(iter(embedders.values())), options.chunks)
    works: dict[str, Work] = {f"bare encode, {dtype}": _open_bare(options.model, dtype) for dtype in ("float32", "bfloat16")}
    works |= {name: embedder.embed_passages for name, embedder in embedders.items()}
    durations: dict[str, list[Duration]] = {name: [] for name in works}
    for work in works.values():
        work(chunks[:8])
    for _ in range(options.rounds):
        for name, work in works.items():
            durations[name].append(_measure_duration(lambda work=work: work(chunks)))  # type: ignore[misc]
    tables = [_rates(durations, len(chunks)), _latencies(embedders, chunks)]
    for embedder in embedders.values():
        embedder.close()
    return "\n\n".join(tables)


def _parse_options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("text", type=Path)
    parser.add_argument("--chunks", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--batch-tokens", type=int, nargs="+", default=[CPU_BATCH_TOKENS])
    return Options(**vars(parser.parse_args()))


def _cut(text: str, embedder: Embedder, number: int) -> list[str]:
    return [text[start:end] for start, end in split_static(text, 200, 50, embedder)][:number]


def _open_embedder(source: str, tokens: int) -> Embedder:
    return Embedder(source, "auto", BATCH_SIZE, name=f"embedder-{tokens}", batch_tokens=tokens)


def _open_bare(source: str, dtype: str) -> Work:
    import torch
    from sentence_transformers import SentenceTransformer

    model: Any = SentenceTransformer(source).to(getattr(torch, dtype)).eval()
    return lambda chunks: model.encode(list(chunks), batch_size=BATCH_SIZE, show_progress_bar=False)


def _measure_duration(work: Callable[[], object]) -> Duration:
    """Return the seconds of wall time and of processor time, which does not count other processes."""
    started, cpu = time.perf_counter(), _cpu_seconds()
    work()
    return time.perf_counter() - started, _cpu_seconds() - cpu


def _cpu_seconds() -> float:
    """Return the processor time that this process and its children have used."""
    process = psutil.Process()
    times = [each.cpu_times() for each in (process, *process.children())]
    return sum(each.user + each.system for each in times)


def _rates(durations: dict[str, list[Duration]], number: int) -> str:
    bare = [times for name, times in durations.items() if name.startswith("bare")]
    rows: list[list[object]] = []
    for name, times in durations.items():
        wall, cpu = (statistics.median(column) for column in zip(*times, strict=True))
        rows.append([name, number / wall, cpu, *(f"{_ratio(bare, times, kind):.2f}" for kind in (0, 1))])
    columns = ["what", "chunks/s", "s of CPU time", "of the faster bare encode", "the same by CPU time"]
    return table(f"Embedding {number} chunks of 200 tokens", columns, rows)


def _ratio(bare: Sequence[Sequence[Duration]], times: Sequence[Duration], kind: int) -> float:
    return statistics.median(min(other[number][kind] for other in bare) / times[number][kind] for number in range(len(times)))


def _latencies(embedders: dict[str, Embedder], chunks: Sequence[str]) -> str:
    rows: list[list[object]] = []
    for name, embedder in embedders.items():
        embedder.embed_query(QUERY)
        rows.append([f"{name}, idle", *_percentiles([_measure_query(embedder) for _ in range(30)])])
        rows.append([f"{name}, while chunks are embedded", *_percentiles(_under_load(embedder, chunks))])
    return table("Embedding one question", ["what", "p50 ms", "p95 ms", "questions"], rows)


def _measure_query(embedder: Embedder) -> float:
    started = time.perf_counter()
    embedder.embed_query(QUERY)
    return (time.perf_counter() - started) * 1000


def _under_load(embedder: Embedder, chunks: Sequence[str]) -> list[float]:
    """Return latencies, in milliseconds, while all chunks are embedded once."""
    load = threading.Thread(target=embedder.embed_passages, args=(chunks,))
    load.start()
    latencies = []
    while load.is_alive():
        latencies.append(_measure_query(embedder))
        load.join(0.05)
    return latencies


def _percentiles(latencies: Sequence[float]) -> tuple[float, float, int]:
    ordered = sorted(latencies)
    return statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))], len(ordered)


if __name__ == "__main__":
    sys.stdout.write(measure(_parse_options()) + "\n")
