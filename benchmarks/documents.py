"""Document readers compared: quality, speed and memory of this project's and others', on files whose text is known.

python -m benchmarks.documents --data ../shared/data [--readers tandem,markitdown]

Each reader reads each format in a separate process. Similarity is difflib's ratio over the words, without punctuation. Tables is the
share of the expected table cells that are in a Markdown table. Readers that are not installed are skipped.
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
TABLE_ROW = re.compile(r"^\s*\|(.*)\|\s*$", re.MULTILINE)
TABLE_RULE = re.compile(r"[\s:|-]*")
MAX_WORDS = 4000
FORMATS = ("pdf", "docx", "pptx", "xlsx", "html", "md", "csv", "odf", "epub")
# The package that each reader needs, and the formats it is measured on.
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
class Result:
    """How one reader read the files of one format. Similarity and tables are means; memory is the peak above that before reading."""

    files: int
    failed: int
    similarity: float
    tables: float | None
    seconds: float
    memory_mib: float
    has_pages: bool


def tandem(path: Path) -> tuple[str, bool]:
    """Read with this project's readers, without the sandbox; the second value is whether pages are known."""
    from services.retrieval.parse.read import read_document

    document = read_document(path, path.name)
    return document.text, bool(document.pages)


def markitdown(path: Path) -> tuple[str, bool]:
    """Read with markitdown."""
    from markitdown import MarkItDown

    return MarkItDown(enable_plugins=False).convert(path).text_content, False


def pdfplumber(path: Path) -> tuple[str, bool]:
    """Read with pdfplumber, with its tables after each page's text."""
    import pdfplumber as library

    parts = []
    with library.open(path) as pdf:
        for page in pdf.pages:
            parts.append(page.extract_text())
            parts += [_to_table(rows) for rows in page.extract_tables()]
    return "\n\n".join(parts), True


def pdfminer(path: Path) -> tuple[str, bool]:
    """Read with pdfminer.six."""
    from pdfminer.high_level import extract_text

    return extract_text(path), True


def pypdf(path: Path) -> tuple[str, bool]:
    """Read with pypdf."""
    import pypdf as library

    return "\n\n".join(page.extract_text() for page in library.PdfReader(path).pages), True


def python_docx(path: Path) -> tuple[str, bool]:
    """Read with python-docx."""
    import docx
    from docx.table import Table

    blocks = docx.Document(str(path)).iter_inner_content()
    return "\n\n".join(_to_table(_read_cells(block)) if isinstance(block, Table) else block.text for block in blocks), False


def _read_cells(table: object) -> list[list[str | None]]:
    return [[cell.text for cell in row.cells] for row in table.rows]  # type: ignore[attr-defined]


def mammoth(path: Path) -> tuple[str, bool]:
    """Read with mammoth."""
    import mammoth as library

    with path.open("rb") as file:
        return library.convert_to_markdown(file).value, False


def openpyxl(path: Path) -> tuple[str, bool]:
    """Read with openpyxl."""
    import openpyxl as library

    book = library.load_workbook(path, read_only=True, data_only=True)
    sheets = ((sheet.title, [[None if cell is None else str(cell) for cell in row] for row in sheet.values]) for sheet in book.worksheets)
    return "\n\n".join(f"{title}\n\n{_to_table(rows)}" for title, rows in sheets), True


def markdownify(path: Path) -> tuple[str, bool]:
    """Read with markdownify."""
    from markdownify import markdownify as convert

    return convert(path.read_text("utf-8", "replace")), False


def _to_table(rows: list[list[str | None]]) -> str:
    return "\n".join("| " + " | ".join((cell or "").replace("\n", " ") for cell in row) + " |" for row in rows)


FUNCTIONS: dict[str, Read] = {
    "tandem": tandem, "markitdown": markitdown, "pdfplumber": pdfplumber, "pdfminer.six": pdfminer, "pypdf": pypdf,
    "python-docx": python_docx, "mammoth": mammoth, "openpyxl": openpyxl, "markdownify": markdownify,
}  # fmt: skip


def find_pairs(data: Path, format: str) -> Iterator[tuple[Path, Path]]:
    """Yield each file of a format with the file of its expected text."""
    folder = data / "documents" / "docling" / format
    for source in sorted((folder / "sources").glob("*")):
        for name in (f"{source.name}.md", f"{source.stem}.md"):
            expected = folder / "groundtruth" / name
            if expected.exists() and (source.suffix == ".pdf") == (format == "pdf"):
                yield source, expected
                break


def similarity(text: str, expected: str) -> float:
    """Return the similarity of two texts, from 0 to 1, by their words in order."""
    ours, theirs = (WORD.findall(LINK.sub(r"\1", each).replace("_", " "))[:MAX_WORDS] for each in (text, expected))
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def table_cells(text: str) -> Counter[str]:
    """Return the cells of a text's Markdown tables."""
    rows = (row for row in TABLE_ROW.findall(text) if not TABLE_RULE.fullmatch(row))
    cells = (" ".join(WORD.findall(cell)) for row in rows for cell in re.split(r"(?<!\\)\|", row))
    return Counter(cell for cell in cells if cell)


def table_recall(text: str, expected: str) -> float | None:
    """Return the share of the expected table cells that are in the text's tables; None if no tables are expected."""
    cells = table_cells(expected)
    return (cells & table_cells(text)).total() / cells.total() if cells else None


def measure(reader: str, format: str, data: Path) -> Result:
    """Read every file of a format."""
    read, pairs = FUNCTIONS[reader], list(find_pairs(data, format))
    _warm_up(read, pairs[0][0])
    before, seconds, failed, has_pages = _peak_mib(), 0.0, 0, False
    similarities, recalls = [], []
    for source, expected_path in pairs:
        expected, text = expected_path.read_text(encoding="utf-8"), ""
        started = time.perf_counter()
        try:
            text, knows_pages = read(source)
            has_pages = has_pages or knows_pages
        except Exception:
            failed += 1
        seconds += time.perf_counter() - started
        similarities.append(similarity(text, expected))
        recalls.append(table_recall(text, expected))
    known = [recall for recall in recalls if recall is not None]
    mean_recall = sum(known) / len(known) if known else None
    mean_similarity = sum(similarities) / len(similarities)
    return Result(len(pairs), failed, mean_similarity, mean_recall, seconds, _peak_mib() - before, has_pages)


def _warm_up(read: Read, path: Path) -> None:
    try:
        read(path)
    except Exception:
        return


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print a line for each format and reader."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--readers", default=",".join(READERS))
    parser.add_argument("--one", nargs=2, metavar=("READER", "FORMAT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        reader, format = options.one
        print(json.dumps(asdict(measure(reader, format, options.data))))
        return
    print("| format | reader | files (failed) | similarity | tables | ms a file | MiB added | pages |\n" + "| --- " * 8 + "|")
    for format in FORMATS:
        for reader in options.readers.split(","):
            package, formats = READERS[reader]
            if format in formats and find_spec(package):
                print(_line(format, reader, options.data), flush=True)


def _line(format: str, reader: str, data: Path) -> str:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.documents", "--data", str(data), "--one", reader, format]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result = Result(**json.loads(done.stdout.splitlines()[-1]))
    shown = "" if result.tables is None else f"{result.tables:.2f}"
    speed = f"{1000 * result.seconds / result.files:.0f} | {result.memory_mib:.0f}"
    count = f"{result.files} ({result.failed})"
    return f"| {format} | {reader} | {count} | {result.similarity:.3f} | {shown} | {speed} | {'yes' if result.has_pages else 'no'} |"


if __name__ == "__main__":
    main()
