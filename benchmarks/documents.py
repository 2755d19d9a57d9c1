"""How well, how fast and in how much memory readers of documents do, ours beside others, on files whose text is known.

python -m benchmarks.documents --data ../shared/data [--readers tandem,markitdown]

Each reader takes each format in a process of its own. Likeness is of words in their order (difflib's ratio over the words without marks),
tables is the share of the true table cells that stand in a line of a Markdown table. Readers that are not installed are left out.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from importlib.util import find_spec
from pathlib import Path

WORD = re.compile(r"\w+")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<!--.*?-->", re.DOTALL)
ROW = re.compile(r"^\s*\|(.*)\|\s*$", re.MULTILINE)
RULE = re.compile(r"[\s:|-]*")
MOST_WORDS = 4000
FORMATS = ("pdf", "docx", "pptx", "xlsx", "html", "md", "csv", "odf", "epub")
# Which package each reader needs, and which formats it is asked for.
READERS = {
    "tandem": ("pypdfium2", FORMATS),
    "markitdown": ("markitdown", ("pdf", "docx", "pptx", "xlsx", "html", "csv", "epub")),
    "pdfplumber": ("pdfplumber", ("pdf",)),
    "pdfminer.six": ("pdfminer", ("pdf",)),
    "pypdf": ("pypdf", ("pdf",)),
    "python-docx": ("docx", ("docx",)),
    "mammoth": ("mammoth", ("docx",)),
    "openpyxl": ("openpyxl", ("xlsx",)),
    "markdownify": ("markdownify", ("html",)),
}  # fmt: skip
Read = Callable[[Path], tuple[str, bool]]


@dataclass(frozen=True)
class Figures:
    """What one reader did with the files of one format; likeness and tables are means, memory is what it added at most."""

    files: int
    failed: int
    likeness: float
    tables: float | None
    seconds: float
    memory_mib: float
    pages: bool


def tandem(path: Path) -> tuple[str, bool]:
    """Read by this project; the second is whether pages are known."""
    from services.retrieval.parse import parse

    document = parse(path, path.name)
    return document.text, bool(document.pages)


def markitdown(path: Path) -> tuple[str, bool]:
    """Read by markitdown."""
    from markitdown import MarkItDown

    return MarkItDown(enable_plugins=False).convert(path).text_content, False


def pdfplumber(path: Path) -> tuple[str, bool]:
    """Read by pdfplumber, with its tables after each page's text."""
    import pdfplumber as library

    parts = []
    with library.open(path) as pdf:
        for page in pdf.pages:
            parts.append(page.extract_text())
            parts += [_as_table(rows) for rows in page.extract_tables()]
    return "\n\n".join(parts), True


def pdfminer(path: Path) -> tuple[str, bool]:
    """Read by pdfminer.six."""
    from pdfminer.high_level import extract_text

    return extract_text(path), True


def pypdf(path: Path) -> tuple[str, bool]:
    """Read by pypdf."""
    import pypdf as library

    return "\n\n".join(page.extract_text() for page in library.PdfReader(path).pages), True


def python_docx(path: Path) -> tuple[str, bool]:
    """Read by python-docx."""
    import docx
    from docx.table import Table

    blocks = docx.Document(str(path)).iter_inner_content()
    return "\n\n".join(_as_table(_cells(block)) if isinstance(block, Table) else block.text for block in blocks), False


def _cells(table: object) -> list[list[str | None]]:
    return [[cell.text for cell in row.cells] for row in table.rows]  # type: ignore[attr-defined]


def mammoth(path: Path) -> tuple[str, bool]:
    """Read by mammoth."""
    import mammoth as library

    with path.open("rb") as file:
        return library.convert_to_markdown(file).value, False


def openpyxl(path: Path) -> tuple[str, bool]:
    """Read by openpyxl."""
    import openpyxl as library

    book = library.load_workbook(path, read_only=True, data_only=True)
    sheets = ((sheet.title, [[None if cell is None else str(cell) for cell in row] for row in sheet.values]) for sheet in book.worksheets)
    return "\n\n".join(f"{title}\n\n{_as_table(rows)}" for title, rows in sheets), True


def markdownify(path: Path) -> tuple[str, bool]:
    """Read by markdownify."""
    from markdownify import markdownify as convert

    return convert(path.read_text("utf-8", "replace")), False


def _as_table(rows: list[list[str | None]]) -> str:
    return "\n".join("| " + " | ".join((cell or "").replace("\n", " ") for cell in row) + " |" for row in rows)


FUNCTIONS: dict[str, Read] = {
    "tandem": tandem, "markitdown": markitdown, "pdfplumber": pdfplumber, "pdfminer.six": pdfminer, "pypdf": pypdf,
    "python-docx": python_docx, "mammoth": mammoth, "openpyxl": openpyxl, "markdownify": markdownify,
}  # fmt: skip


def pairs(data: Path, format: str) -> Iterator[tuple[Path, Path]]:
    """Yield each source of a format with the file of its true text."""
    folder = data / "documents" / "docling" / format
    for source in sorted((folder / "sources").glob("*")):
        for name in (f"{source.name}.md", f"{source.stem}.md"):
            truth = folder / "groundtruth" / name
            if truth.exists() and (source.suffix == ".pdf") == (format == "pdf"):
                yield source, truth
                break


def likeness(text: str, truth: str) -> float:
    """Return how alike two texts are, from 0 to 1, by their words in order."""
    ours, theirs = (WORD.findall(LINK.sub(r"\1", each).replace("_", " "))[:MOST_WORDS] for each in (text, truth))
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def cells(text: str) -> Counter[str]:
    """Return the cells of a text's Markdown tables."""
    rows = (row for row in ROW.findall(text) if not RULE.fullmatch(row))
    found = (" ".join(WORD.findall(cell)) for row in rows for cell in re.split(r"(?<!\\)\|", row))
    return Counter(cell for cell in found if cell)


def tables(text: str, truth: str) -> float | None:
    """Return the share of the true table cells that are cells of the text's tables; None where there are no true tables."""
    wanted = cells(truth)
    return (wanted & cells(text)).total() / wanted.total() if wanted else None


def measure(reader: str, format: str, data: Path) -> Figures:
    """Read every file of a format."""
    read, found = FUNCTIONS[reader], list(pairs(data, format))
    _warm(read, found[0][0])
    before, seconds, failed, pages = _peak(), 0.0, 0, False
    alike, tabled = [], []
    for source, truth_path in found:
        truth, text = truth_path.read_text(encoding="utf-8"), ""
        begun = time.perf_counter()
        try:
            text, located = read(source)
            pages = pages or located
        except Exception:
            failed += 1
        seconds += time.perf_counter() - begun
        alike.append(likeness(text, truth))
        tabled.append(tables(text, truth))
    shares = [share for share in tabled if share is not None]
    mean_share = sum(shares) / len(shares) if shares else None
    return Figures(len(found), failed, sum(alike) / len(alike), mean_share, seconds, _peak() - before, pages)


def _warm(read: Read, path: Path) -> None:
    try:
        read(path)
    except Exception:
        return


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print a line for each format and reader."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    options.add_argument("--readers", default=",".join(READERS))
    options.add_argument("--one", nargs=2, metavar=("READER", "FORMAT"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        reader, format = chosen.one
        print(json.dumps(asdict(measure(reader, format, chosen.data))))
        return
    print("| format | reader | files (failed) | likeness | tables | ms a file | MiB added | pages |\n" + "| --- " * 8 + "|")
    for format in FORMATS:
        for reader in chosen.readers.split(","):
            package, formats = READERS[reader]
            if format in formats and find_spec(package):
                print(_line(format, reader, chosen.data), flush=True)


def _line(format: str, reader: str, data: Path) -> str:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.documents", "--data", str(data), "--one", reader, format]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = Figures(**json.loads(done.stdout.splitlines()[-1]))
    shown = "" if figures.tables is None else f"{figures.tables:.2f}"
    speed = f"{1000 * figures.seconds / figures.files:.0f} | {figures.memory_mib:.0f}"
    count = f"{figures.files} ({figures.failed})"
    return f"| {format} | {reader} | {count} | {figures.likeness:.3f} | {shown} | {speed} | {'yes' if figures.pages else 'no'} |"


if __name__ == "__main__":
    main()
